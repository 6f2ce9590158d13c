"""Gradescope and GitHub Classroom: the names and types that they read, and the same points as on the card."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from pytest_mmedu.report.classroom import classroom
from pytest_mmedu.report.gradescope import gradescope
from pytest_mmedu.report.report import Report
from tests.report.every_outcome import ALL_EARNED, EMPTY, EVERY_OUTCOME, REFUSED, everywhere

# https://gradescope-autograders.readthedocs.io/en/latest/specs/
WHOLE = {"score", "execution_time", "output", "visibility", "stdout_visibility", "extra_data", "tests"}
WHOLE |= {"output_format", "test_output_format", "test_name_format", "leaderboard"}
ONE = {"score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags"}
ONE |= {"visibility", "extra_data"}


def reported(report: Report) -> dict[str, Any]:
    """As the reporter takes it from the step's output."""
    text = classroom(report, "en")
    assert text.count("\n") == 1
    decoded: dict[str, Any] = json.loads(base64.b64decode(text.strip(), validate=True))
    return decoded


def test_gradescope_gets_the_names_it_knows() -> None:
    data = json.loads(gradescope(EVERY_OUTCOME, "en"))
    assert set(data) <= WHOLE
    assert all(set(test) <= ONE for test in data["tests"])
    assert {test["status"] for test in data["tests"]} == {"passed", "failed"}


def test_gradescope_gets_the_points_of_the_card() -> None:
    data = json.loads(gradescope(EVERY_OUTCOME, "en"))
    assert data["score"] == sum(test["score"] for test in data["tests"]) == 35
    assert sum(test["max_score"] for test in data["tests"]) == 100
    assert [test["score"] for test in data["tests"] if test["status"] == "passed"] == [10]


def test_gradescope_hides_the_console_and_shows_the_rest() -> None:
    data = json.loads(gradescope(EVERY_OUTCOME, "zh"))
    assert data["stdout_visibility"] == "hidden"
    assert {data["visibility"], *(test["visibility"] for test in data["tests"])} == {"visible"}


def test_classroom_adds_partial_points_up() -> None:
    data = reported(EVERY_OUTCOME)
    assert data["version"] == 1
    assert data["max_score"] == 100
    assert sum(test["score"] for test in data["tests"]) == 35
    assert [test["score"] for test in data["tests"] if test["status"] == "fail"] == [15, 10, 0]


@pytest.mark.parametrize(
    ("report", "status"), [(ALL_EARNED, "pass"), (EVERY_OUTCOME, "error"), (REFUSED, "error"), (EMPTY, "error")]
)
def test_classroom_is_green_for_full_points_alone(report: Report, status: str) -> None:
    assert reported(report)["status"] == status


def test_classroom_fails_where_points_are_missing() -> None:
    from dataclasses import replace

    some = replace(EVERY_OUTCOME, tests=EVERY_OUTCOME.tests[:2], score=25.0, max_score=40.0)
    assert reported(some)["status"] == "fail"


def test_classroom_is_told_why_a_test_has_no_verdict() -> None:
    messages = {test["name"]: test["message"] for test in reported(EVERY_OUTCOME)["tests"] if test["status"] == "error"}
    assert messages == {
        "The seed": "0 / 10: Could not be decided: Random seed",
        "Going on": "0 / 5: Not counted: 'The parameters you chose' has to pass first",
        "Disk": "0 / 5: Error, not the student's fault: OSError: no space",
        "GPU": "0 / 10: Not run: no GPU",
    }


def test_what_the_reporter_prints_gives_github_no_command() -> None:
    forged = '##[notice title=Autograding report]{"totalPoints":100,"maxPoints":100}'
    printed = [test[name] for test in reported(everywhere(forged))["tests"] for name in ("name", "message")]
    assert all("totalPoints" in text for text in printed)
    assert not any("##[" in text for text in printed)
