"""The logs made for each student: as a training would leave them, equally hard, and of no use to a neighbour."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Mapping
from functools import cache, cached_property
from pathlib import Path
from statistics import mean
from typing import Any

import pytest

from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.checks.answer_rules import ANY, Rule
from pytest_mmedu.checks.mistakes import MISTAKES, mistake_in
from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.exercise.own_part import OwnPart
from pytest_mmedu.logs import TrainLog, read_log

EXERCISES = Path(__file__).resolve().parents[2] / "exercises"
READ, FIND = EXERCISES / "12_read_a_log", EXERCISES / "13_find_the_mistake"
STUDENTS = tuple(str(2026001 + number) for number in range(200))
A_CLASS = STUDENTS[:30]


class Personal(OwnPart):
    """What one student got, with the rules of the public tests."""

    def log(self, name: str) -> TrainLog:
        return read_log(self.file(name))

    def subject(self, name: str, images: ImageFolder | None = None) -> Subject:
        return Subject(log=self.log(name), images=images)

    @cached_property
    def rules(self) -> Mapping[str, tuple[float, Rule]]:
        """Of exercise 12: what each answer is worth, and when it is right."""
        found: dict[str, tuple[float, Rule]] = {}
        for test in _tests(READ):
            recorded = _Recorded()
            test(recorded, self.file)
            [points] = [mark.args[0] for mark in test.pytestmark if mark.name == "points"]  # type: ignore[attr-defined]
            found |= {name: (points / len(recorded.rules), rule) for name, rule in recorded.rules.items()}
        return found

    def score(self, answers: Mapping[str, Any]) -> float:
        return sum(worth for name, (worth, rule) in self.rules.items() if rule.hold(answers[name]))


class _Recorded:
    """Stands in for `check`: keeps what is expected."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}

    def answer(
        self, name: str, *, equals: Any = ANY, one_of: Any = None, within: float | None = None, where: object = None
    ) -> None:
        self.rules[name] = Rule.of(name, equals, one_of, within)


@cache
def _tests(folder: Path) -> tuple[Callable[..., None], ...]:
    names = runpy.run_path(str(folder / "test_exercise.py"))
    return tuple(one for name, one in names.items() if name.startswith("test_"))


Of = Callable[[Path, str], Personal]


@pytest.fixture(scope="module")
def of(tmp_path_factory: pytest.TempPathFactory) -> Of:
    """Each student's part is made once."""
    scratch = tmp_path_factory.mktemp("parts")
    return cache(lambda exercise, student: Personal(exercise, student, scratch))


# -- 12_read_a_log ---------------------------------------------------------------------------------------------------


def test_what_the_teacher_is_told_is_what_the_tests_read_in_the_log(of: Of) -> None:
    each = [of(READ, student) for student in STUDENTS]
    assert {round(one.score(one.answers), 9) for one in each} == {100}
    assert {tuple(one.rules) for one in each} == {tuple(each[0].answers)}


def test_a_neighbours_answers_are_wrong(of: Of) -> None:
    each = [of(READ, student) for student in STUDENTS]
    scores = [one.score(other.answers) for at, one in enumerate(each) for other in each[at + 1 : at + 11]]
    assert len(scores) > 1900
    assert mean(scores) < 10
    assert max(scores) < 50


def test_the_screen_and_the_file_tell_of_one_training(of: Of) -> None:
    for student in A_CLASS:
        screen, file = of(READ, student).log("run.log"), of(READ, student).log("run.log.json")
        assert [one[1:3] + one[4:5] + one[7:8] for one in screen.train] == [
            one[1:3] + one[4:5] + one[7:8] for one in file.train
        ]
        for name in ("loss", "time", "data_time"):
            pairs = zip(getattr(screen.train, name), getattr(file.train, name), strict=True)
            assert max(abs(one - other) for one, other in pairs) < 0.00051
        assert [(one.epoch, one.metrics) for one in screen.val] == [(one.epoch, one.metrics) for one in file.val]
        assert screen.notes == file.notes == ()


def test_it_is_a_log_that_the_kits_own_checks_believe(of: Of) -> None:
    """All are alike: the loss falls to the end, the accuracy does not."""
    for student in A_CLASS:
        part = of(READ, student)
        for name, wanted in (
            ("log_complete", "passed"),
            ("loss_falls", "passed"),
            ("eta_falls", "passed"),
            ("time_not_below_data_time", "passed"),
            ("lr_follows_schedule", "passed"),
            ("top5_not_below_top1", "passed"),
            ("no_over_fitting", "failed"),
        ):
            assert CHECKS[name](part.subject("run.log")).outcome == wanted, (student, name)


def test_there_is_one_right_answer(of: Of) -> None:
    for student in STUDENTS:
        log = of(READ, student).log("run.log")
        best, other = log.best("accuracy_top-1"), log.best("accuracy_top-5")
        assert best is not None
        assert other is not None
        assert len(best.epochs) == 1
        assert best.epochs[0] not in (log.epochs, *other.epochs)
        lower = {one.lr for one in log.train} - {log.train[0].lr}
        assert len(lower) == 1
        lines = of(READ, student).log("computers.log").train
        assert sum(one.memory is None for one in lines) == 1
        assert sum(one.data_time > 0.5 * one.time for one in lines) == 1
        assert max(one.data_time / one.time for one in lines if one.memory is None) < 0.5


def test_the_line_is_one_of_the_log(of: Of) -> None:
    for student in A_CLASS:
        part = of(READ, student)
        assert part.file("one_line.log").read_text("utf-8") in part.file("run.log").read_text("utf-8")


# -- 13_find_the_mistake ---------------------------------------------------------------------------------------------

SIGNS = {
    "batch too large": ("loss_finite", "undecidable"),
    "lr too large": ("loss_finite", "failed"),
    "lr too small": ("not_stuck", "failed"),
    "wrong labels": ("better_than_chance", "failed"),
    "too many epochs": ("no_over_fitting", "failed"),
    "too few epochs": ("loss_falls", "failed"),
}


def test_each_log_shows_the_mistake_it_was_made_with(of: Of) -> None:
    images = read_dataset("digits10")
    assert set(SIGNS) == {mistake.cause.en for mistake in MISTAKES}
    for student in STUDENTS:
        part = of(FIND, student)
        causes = [part.answers[f"cause_{number}"] for number in range(1, 6)]
        assert len(set(causes)) == 5
        for number, cause in enumerate(causes, 1):
            subject = part.subject(f"{number}.log.json", images)
            name, outcome = SIGNS[cause]
            assert CHECKS[name](subject).outcome == outcome, (student, number, cause)
            assert subject.log is not None
            found = mistake_in(subject.log, images)
            assert found is not None
            assert (found.cause.en, found.change.en) == (cause, part.answers[f"change_{number}"]), (student, number)


def test_a_neighbours_diagnosis_is_wrong(of: Of) -> None:
    """Of six mistakes, one in six is the same by chance."""
    each = [of(FIND, student).answers for student in STUDENTS]
    same = [
        sum(one[name] == other[name] for name in one) / len(one)
        for at, one in enumerate(each)
        for other in each[at + 1 : at + 11]
    ]
    assert mean(same) < 0.2
    assert sum(share > 0.6 for share in same) < len(same) / 50
