"""Names and files in the folder of a class that nobody would give: each is a submission, and none is in the way."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.batch.layouts import find_students
from pytest_mmedu.batch.validity import content_of
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.work import Seen
from pytest_mmedu.report.class_table import show_class
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName
from pytest_mmedu.text import Text

BYTES = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="here every name is text")


def students(place: Path) -> list[tuple[str, str, str]]:
    found = find_students([place], lambda: place / "unpacked")
    return [(one.name, one.where, content_of(one.path)) for one in found]


def hand_in(place: Path, name: bytes) -> None:
    folder = place / os.fsdecode(name)
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("x = 1\n", encoding="utf-8")


@BYTES
def test_a_name_of_bytes_that_are_no_text(tmp_path: Path) -> None:
    """It cannot be written down as it is: no gradebook, no page and no terminal takes it."""
    place = tmp_path / "class"
    hand_in(place, b"\xff\xfe odd")
    hand_in(place, b"honest")
    found = students(place)
    assert [name for name, _, _ in found] == ["honest", "__ odd"]
    assert found[1][1] == f"{place}/\\xff\\xfe odd"
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        book.see(Seen(name, where, content, "key", "") for name, where, content in found)
        assert [row.student for row in book.rows()] == ["__ odd", "honest"]


def test_a_terabyte_of_nothing(tmp_path: Path) -> None:
    """It is no more read than grading reads of it; whoever packs it anew is graded anew."""
    try:
        os.truncate(_touched(tmp_path / "hw.zip"), 1 << 40)
    except OSError as error:
        pytest.skip(f"no file with a hole here: {error}")
    (tmp_path / "honest.py").write_text("x = 1\n", encoding="utf-8")
    (honest, where, content), (hole, _, unread) = students(tmp_path)
    assert (honest, where, len(content)) == ("honest", str(tmp_path / "honest.py"), 64)
    assert (hole, unread) == ("hw", "unreadable")


def _touched(path: Path) -> Path:
    path.touch()
    return path


@pytest.mark.parametrize("name", ["[link]x", "[/]", "[bold red]x[/red]", ":smile:", "[link=http://x]x[/link]"])
def test_a_name_is_shown_and_not_obeyed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a terminal's markup would be is part of the name."""
    shown = _printed(monkeypatch, lambda: show_class([report(name), report("honest")], "en"))
    assert f"  {name} " in shown
    assert "  honest " in shown


def _printed(monkeypatch: pytest.MonkeyPatch, show: Callable[[], None]) -> str:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    show()
    return out.getvalue()


def report(name: str) -> Report:
    return Report(
        exercise=ExerciseName("names", Text("名字", "Names")),
        submission=SubmissionName(name, ""),
        tests=(),
        score=0.0,
        max_score=1.0,
    )
