"""What a page shows besides the verdicts: kept where a report is written, on workers too; nothing is run for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu import submission_evidence
from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.page_evidence import Curve, OwnLines
from pytest_mmedu.report.report import Report

Grade = Callable[..., Report]
ARTEFACTS = "--mmedu-isolation=artefacts"

EXERCISE = '''
from pytest_mmedu import points

@points(10)
def test_parameters(check):
    """参数 | Parameters"""
    check.param("epochs", between=(5, 30))

@points(20)
def test_learning(check):
    """学会了 | Learned"""
    check.loss_falls(by=0.5)
'''
HOMEWORK = """\
from MMEdu import MMClassification
model = MMClassification(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "first"
model.train(epochs=2, validate=True)
"""


@pytest.fixture
def handed_in(pytester: pytest.Pytester) -> Path:
    """A program with the log that it left: there is nothing to run."""
    pytester.makepyfile(test_ex=EXERCISE)
    folder = pytester.mkdir("homework")
    (folder / "homework.py").write_text(HOMEWORK, "utf-8")
    records = [
        {"env_info": "none", "seed": 0},
        *({"mode": "train", "epoch": 1 + i // 2, "iter": 1 + i % 2, "lr": 0.1, "loss": 2.0 - i / 4} for i in range(4)),
        {"mode": "val", "epoch": 2, "iter": 2, "lr": 0.1, "accuracy_top-1": 62.5},
    ]
    (folder / "first").mkdir()
    text = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "first" / "20260101_120000.log.json").write_text(text, "utf-8")
    return folder


def test_curves_of_the_log_and_lines_of_the_program(grade: Grade, handed_in: Path) -> None:
    report = grade(f"--mmedu-submission={handed_in}", ARTEFACTS)
    assert report.evidence is not None
    [curves] = report.evidence.curves
    assert curves.loss == ((0.5, 2.0), (1.0, 1.75), (1.5, 1.5), (2.0, 1.25))
    assert curves.metrics == (Curve("accuracy_top-1", ((2.0, 62.5),)),)
    assert report.evidence.lines == (
        OwnLines("homework.py:6", 5, 6, ('model.save_fold = "first"', "model.train(epochs=2, validate=True)", "")),
    )
    assert report.evidence.evaluations == ()


def test_the_same_on_workers(grade: Grade, handed_in: Path) -> None:
    pytest.importorskip("xdist")
    alone, shared = (grade(f"--mmedu-submission={handed_in}", ARTEFACTS, *more) for more in ((), ("-n2",)))
    assert alone.evidence is not None
    assert shared.evidence == alone.evidence


def test_it_is_not_looked_for_where_no_report_shows_it(
    pytester: pytest.Pytester, handed_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("nobody asked for it")

    monkeypatch.setattr(submission_evidence, "evidence_of", forbidden)
    done = pytester.runpytest(f"--mmedu-submission={handed_in}", ARTEFACTS, "--mmedu-report=markdown:card.md")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_a_slip_costs_the_pictures_and_no_point(grade: Grade, handed_in: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slips(*_: object) -> None:
        raise ZeroDivisionError(7)

    monkeypatch.setattr(submission_evidence, "evidence_of", slips)
    report = grade(f"--mmedu-submission={handed_in}", ARTEFACTS)
    assert report.evidence is None
    assert report.max_score == 30
    assert [(note.zh, note.en) for note in report.notes][-1] == (
        "曲线和图片没有收进报告：ZeroDivisionError: 7",
        "Curves and pictures are missing: ZeroDivisionError: 7",
    )


def test_the_page_is_written_beside_the_json(pytester: pytest.Pytester, handed_in: Path) -> None:
    formats = ("--mmedu-report=html:new/page.html", "--mmedu-report=json:r.json")
    pytester.runpytest(f"--mmedu-submission={handed_in}", ARTEFACTS, *formats, "-p", "no:terminal")
    page = (pytester.path / "new" / "page.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert "model.train(epochs=2, validate=True)" in page
    assert "损失从 2 到 1.25" in page
    assert read_report(pytester.path / "r.json").evidence is not None
