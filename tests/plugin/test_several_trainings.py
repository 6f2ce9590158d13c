"""`check.run(n)`: one train() of several, judged by itself; and answers that stand in the program."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from pytest_mmedu.report.report import Report
from pytest_mmedu.result import Result

Grade = Callable[..., Report]

SUBJECT = """
import pytest
from pytest_mmedu import points
from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checks import Subject

def one(lr):
    return Subject(asked=Asked({"lr": AskedValue(lr, "given", "homework.py:3")}, place="homework.py:3"))

@pytest.fixture
def subject():
    return Subject(trainings=(one(0.1), one(5)))

"""


def _results(report: Report) -> list[Result]:
    return [result for test in report.tests for result in test.results]


def test_each_training_is_judged_by_itself_and_named_in_the_title(pytester: pytest.Pytester, grade: Grade) -> None:
    pytester.makepyfile(
        SUBJECT
        + '''
@points(10)
def test_rates(check):
    """学习率 | Rates"""
    check.run(1).param("lr", between=(0.01, 1))
    check.run(2).param("lr", between=(0.01, 1))
    check.run(3).param("lr", between=(0.01, 1))
    check.run(3).loss_falls()
    check.values_differ("lr", trainings=2)
'''
    )
    report = grade("--mmedu-lang=en", code=1)
    first, second, third, no_loss, differ = _results(report)
    assert (first.title.zh, first.title.en) == ("第 1 次训练 · 参数 lr", "Training 1 · Parameter lr")
    assert (second.title.zh, second.title.en) == ("第 2 次训练 · 参数 lr", "Training 2 · Parameter lr")
    assert [one.outcome for one in (first, second, third, no_loss, differ)] == [
        "passed",
        "failed",
        "failed",
        "failed",
        "passed",
    ]
    assert (third.seen.zh, third.seen.en) == ("程序只训练了 2 次", "the program trained only 2 times")
    assert no_loss.seen == third.seen
    assert third.hint is not None
    assert third.hint.en == "How many train() calls does the program need? Count them."
    assert report.tests[0].earned == 4


def test_a_program_with_one_training(pytester: pytest.Pytester, grade: Grade) -> None:
    pytester.makepyfile(
        SUBJECT.replace("Subject(trainings=(one(0.1), one(5)))", "one(0.1)")
        + '''
@points(2)
def test_rates(check):
    """学习率 | Rates"""
    check.run(1).param("lr", equals=0.1)
    check.run(2).param("lr", equals=0.1)
'''
    )
    first, second = _results(grade(code=1))
    assert (first.outcome, second.outcome) == ("passed", "failed")
    assert (second.seen.zh, second.seen.en) == ("程序只训练了 1 次", "the program trained only once")


@pytest.mark.parametrize("number", ["0", "'1'", "True", "1.0", "51"])
def test_a_number_that_no_training_has_is_the_teachers_mistake(
    number: str, pytester: pytest.Pytester, grade: Grade
) -> None:
    pytester.makepyfile(SUBJECT + f"@points(1)\ndef test_it(check):\n    check.run({number}).run_finished()\n")
    (test,) = grade(code=1).tests
    assert test.outcome == "error"
    assert test.message is not None
    assert test.message.zh == f"check.run 收到 {number}。第一次训练的编号是 1。"


def test_another_data_set(pytester: pytest.Pytester, grade: Grade) -> None:
    pytester.makepyfile(
        SUBJECT.replace('"lr"', '"batch_size"').replace("one(0.1)", "one(8)")
        + '''
@points(2)
def test_size(check):
    """批大小 | Size"""
    check.run(1, dataset="shapes3").batch_size_fits()
    check.run(1, dataset="digits10").batch_size_fits()
'''
    )
    small, large = _results(grade(code=1))
    assert (small.outcome, small.seen.en) == ("passed", "8; 3 classes, 72 pictures")
    assert (large.outcome, large.seen.en) == ("failed", "8; 10 classes, 320 pictures")


TOML = 'id = "ex"\ntitle = { zh = "练习", en = "Exercise" }\nscript = "homework.py"\nanswers = "homework.py"\n'
ANSWERED = """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.train(lr=...)
steps: int = 7
slow, fast = 1, "b"
left = ...
"""
ASKING = '''
from pytest_mmedu import points

@points(4)
def test_answers(check):
    """答案 | Answers"""
    check.answer("steps", equals=7)
    check.answer("slow", equals=1)
    check.answer("fast", equals="b")
    check.answer("left", equals=3)
    check.answer("none", equals=3)
'''


@pytest.mark.parametrize("form", ["script", "notebook", "other name"])
def test_answers_that_stand_in_the_program(form: str, pytester: pytest.Pytester, grade: Grade) -> None:
    pytester.path.joinpath("exercise.toml").write_text(TOML, "utf-8")
    pytester.makepyfile(test_ex=ASKING)
    folder = pytester.mkdir("handed_in")
    if form == "notebook":
        head, _, tail = ANSWERED.partition("steps")
        cells = [
            {"cell_type": "code", "id": name, "metadata": {}, "outputs": [], "execution_count": None, "source": text}
            for name, text in (("one", head), ("two", "steps" + tail))
        ]
        book = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        folder.joinpath("作业.ipynb").write_text(json.dumps(book), "utf-8")
        place = "作业.ipynb[2]:1"
    else:
        name = "homework.py" if form == "script" else "mine.py"
        folder.joinpath(name).write_text(ANSWERED, "utf-8")
        place = f"{name}:5"
    results = _results(grade("--mmedu-submission=handed_in", code=1))
    assert [one.outcome for one in results] == ["passed", "passed", "passed", "failed", "failed"]
    assert results[0].place == place
    assert [one.seen.en for one in results[3:]] == [
        "not filled in",
        f"{place.partition('[')[0].partition(':')[0]} has no none",
    ]
