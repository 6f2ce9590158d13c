"""The student's own lines beside the verdicts: the right ones, cut short, and of no file but the student's."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.own_lines import own_lines
from pytest_mmedu.report.page_evidence import LONGEST_LINE, MOST_PLACES, OwnLines
from pytest_mmedu.result import Result, failed, passed
from pytest_mmedu.submission.find import Submission, find_submission
from pytest_mmedu.text import Text

PROGRAM = "from MMEdu import MMClassification\n\nmodel = MMClassification()\nmodel.train(\n\tepochs=1,\n)\n"
SAME = Text.same("x")


def wrong(place: str | None) -> Result:
    return failed("x", SAME, SAME, hint=SAME, place=place)


def right(place: str | None) -> Result:
    return passed("x", SAME, SAME, place=place)


@pytest.fixture
def handed_in(tmp_path: Path) -> Submission:
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "homework.py").write_text(PROGRAM, "utf-8")
    return find_submission(folder, script="homework.py")


def test_a_line_that_costs_points_has_its_neighbours_and_stands_first(handed_in: Submission) -> None:
    assert own_lines(handed_in, [right("homework.py:3"), wrong("homework.py:5"), wrong(None)]) == (
        OwnLines("homework.py:5", 4, 5, ("model.train(", "    epochs=1,", ")")),
        OwnLines("homework.py:3", 3, 3, ("model = MMClassification()",)),
    )


def test_a_line_that_is_right_for_one_check_and_wrong_for_another_counts_as_wrong(handed_in: Submission) -> None:
    [one] = own_lines(handed_in, [right("homework.py:1"), wrong("homework.py:1")])
    assert one == OwnLines("homework.py:1", 1, 1, ("from MMEdu import MMClassification", ""))


def test_a_notebook_is_counted_by_cells(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["a = 1\n", "b = 2"], "outputs": [], "metadata": {}} for _ in range(2)]
    path = tmp_path / "homework.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), "utf-8")
    assert own_lines(find_submission(path), [wrong("homework.ipynb[2]:2")]) == (
        OwnLines("homework.ipynb[2]:2", 1, 2, ("a = 1", "b = 2")),
    )


def test_answers_and_configs_are_own_lines_too_and_logs_are_not(handed_in: Submission) -> None:
    (handed_in.folder / "answers.toml").write_text("[answers]\nepochs = 3\n", "utf-8")
    (handed_in.folder / "a.log.json").write_text('{"mode": "train"}\n', "utf-8")
    [one] = own_lines(handed_in, [right("answers.toml:2"), right("a.log.json:1"), right("best_epoch_1.pth")])
    assert one.lines == ("epochs = 3",)


@pytest.mark.parametrize(
    "place",
    [
        "../secret.py:1",
        "test_exercise.py:1",
        "conftest.py:1",
        "missing.py:1",
        "homework.py:0",
        "homework.py:99",
        "homework.py",
        "C:\\secret.py:1",
        "sub/../../secret.py:1",
    ],
)
def test_nothing_outside_and_nothing_of_the_exercise_is_shown(handed_in: Submission, place: str) -> None:
    for path in (handed_in.folder.parent / "secret.py", handed_in.folder / "test_exercise.py"):
        path.write_text("the answer = 42\n", "utf-8")
    assert own_lines(handed_in, [wrong(place)]) == ()


@pytest.mark.skipif(sys.platform == "win32", reason="links need POSIX")
def test_no_link_is_followed(handed_in: Submission, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("the answer = 42\n", "utf-8")
    (handed_in.folder / "link.py").symlink_to(tmp_path / "secret.py")
    (handed_in.folder / "sub").symlink_to(tmp_path)
    assert own_lines(handed_in, [wrong("link.py:1"), wrong("sub/secret.py:1")]) == ()


def test_the_absolute_path_of_another_file_is_none_of_the_students(handed_in: Submission, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("the answer = 42\n", "utf-8")
    assert own_lines(handed_in, [wrong(f"{(tmp_path / 'secret.py').as_posix()}:1")]) == ()


def test_hostile_lines_are_cut_and_cannot_turn_round_what_stands_beside_them(handed_in: Submission) -> None:
    (handed_in.folder / "homework.py").write_text("x = 1 \u202e# gnp\x1b[2J\n" + "y" * 100_000, "utf-8")
    first, second = own_lines(handed_in, [right("homework.py:1"), right("homework.py:2")])
    assert first.lines == ("x = 1 \\x202e# gnp\\x1b[2J",)
    assert second.lines == ("y" * (LONGEST_LINE - 1) + "…",)


def test_the_number_of_places_is_bounded(handed_in: Submission) -> None:
    (handed_in.folder / "homework.py").write_text("x = 1\n" * 200, "utf-8")
    found = own_lines(handed_in, [wrong(f"homework.py:{i}") for i in range(1, 200)])
    assert len(found) == MOST_PLACES
