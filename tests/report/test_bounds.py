"""A report stays small enough to be opened, whatever a submission gives cause to say."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.build import MOST_NOTES, Facts, build
from pytest_mmedu.score import Declared
from pytest_mmedu.submission import plain_files
from pytest_mmedu.submission.plain_files import list_files
from pytest_mmedu.text import Text

NOTES = tuple(Text.same(number) for number in range(1_000))


def test_notes_are_bounded() -> None:
    declared = [Declared("t.py::a", "t.py::a", Text.same("a"), 1.0, exercise="01")]
    assert build(declared, (), Facts(notes=NOTES[:MOST_NOTES])).notes == NOTES[:MOST_NOTES]
    notes = build(declared, (), Facts(notes=NOTES)).notes
    assert notes == (*NOTES[:MOST_NOTES], Text("另有 900 条说明没有列出。", "900 more notes are not listed."))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_thousands_of_links_are_a_few_notes(tmp_path: Path) -> None:
    for number in range(1_000):
        (tmp_path / f"link{number:04}").symlink_to(tmp_path)
    (tmp_path / "homework.py").write_text("", "utf-8")
    found, notes = list_files(tmp_path)
    assert [one.path.name for one in found] == ["homework.py"]
    assert len(notes) == plain_files.MOST_NOTES + 1
    assert notes[0] == Text("没有读 link0000：是链接。", "link0000 was not read: it is a link.")
    assert notes[-2] == Text("另有 980 处没有读，不一一列出。", "980 more were not read and are not listed.")
    assert notes[-1].en == "link0999 was not read: it is a link."
