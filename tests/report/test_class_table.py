"""The table of a class on a terminal of 80 columns: long names are cut, titles are folded, points stay whole."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from pytest_mmedu.report.class_table import show_class
from pytest_mmedu.report.report import SubmissionName
from pytest_mmedu.text import LANGS, Lang, width
from tests.report.made_class import report_of

NAMES = ("Alexander_von_Humboldt-Wilhelmsdorf-the-Younger", "欧阳" * 20, "王小红")


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_but_long_names_is_cut(lang: Lang) -> None:
    plain = report_of((1, 0, 1, 0.5))
    tests = tuple(replace(plain.tests[0], nodeid=f"t.py::{number}", earned=16.67) for number in range(4))
    reports = [
        replace(plain, submission=SubmissionName(name), tests=tests, score=66.68, max_score=100.0) for name in NAMES
    ]
    written = io.StringIO()
    show_class(reports, lang, Console(file=written, width=80, highlight=False))
    lines = written.getvalue().splitlines()
    rows = [line for line in lines if "66.68 / 100" in line]
    assert len(rows) == len(NAMES)
    assert [row.split().count("16.67") for row in rows] == [4, 4, 4]
    assert "…" not in "".join(line for line in lines if line not in rows)
    assert [line for line in lines if width(line) > 80] == []
    assert rows[2].split()[0] == "王小红"
