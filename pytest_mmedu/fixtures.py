"""测试文件可以要的东西 | What a test file can ask for: `pytest --fixtures` shows these docstrings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

from pytest_mmedu.grader import GRADER, RESULTS, Grader
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.checking import Check
    from pytest_mmedu.checkpoint import Checkpoint
    from pytest_mmedu.checks.subject import NoRun, Subject
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.exercise.own_part import OwnPart
    from pytest_mmedu.exercise.variant import Variant
    from pytest_mmedu.handed_in import HandedIn
    from pytest_mmedu.logs import TrainLog
    from pytest_mmedu.result import Result
    from pytest_mmedu.run import Run
    from pytest_mmedu.submission.find import Submission
    from pytest_mmedu.submission.functions import Called, Calls


T = TypeVar("T")


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Check:
    """检查作业并记下结果 | Check the submission and remember what was found.

    `check.param("lr", between=(0.001, 0.1))`, `check.loss_falls(by=0.5)`: every
    check of `pytest_mmedu.checks`. A "no" does not stop the test: students see
    everything, and the points go by the mean share of the checks.

    `check(result)` remembers the Result of a check of your own, `check.run(2)`
    judges the second train() of the program, `check.of(run)` another run.
    """
    from pytest_mmedu.checking import Check

    results: list[Result] = []
    request.node.stash[RESULTS] = results
    return Check(lambda: request.getfixturevalue("subject"), results, untrained=lambda: _untrained(request))


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> Subject:
    """检查的对象 | What `check` judges: parameters, run, log, images, answers.

    Made from the submission. A test file that judges something else overrides
    this fixture.
    """
    handed_in = _handed_in(request)
    try:
        return handed_in.subject
    finally:  # the report names the submission also where running it went wrong
        _tell(request, handed_in)


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Submission:
    """交上来的作业：文件夹、程序 | What was handed in: the folder and its program.

    Nothing is run for it.
    """
    handed_in = _handed_in(request)
    _tell(request, handed_in)
    return _given(handed_in.submission)


@pytest.fixture
def run(subject: Subject) -> Run:
    """学生的训练 | The student's training: folder, parameters, log, checkpoints."""
    return _given(subject.run or subject.no_run)


@pytest.fixture
def log(subject: Subject, run: Run) -> TrainLog:
    """学生的训练日志 | The log of the student's training.

    `log.train[0].loss`, `log.best("accuracy_top-1")`, `log.val`, `log.config`.
    """
    return subject.log or _nothing(Text("没有能读的训练日志。", "There is no training log that can be read."))


@pytest.fixture
def weights(run: Run) -> Checkpoint:
    """学生训练出的权重 | The weights of the student's training.

    The best, else the last. Nothing in them is run.
    """
    from pytest_mmedu.checkpoint import read_checkpoint

    path = run.best or run.latest or next(reversed(run.checkpoints.values()), None)
    return read_checkpoint(path or _nothing(Text("没有权重文件（.pth）。", "There is no checkpoint (.pth).")))


@pytest.fixture
def tiny_dataset() -> Callable[[str], ImageFolder]:
    """小数据集 | A small data set of the kit, by name: `tiny_dataset("digits10")`."""
    from pytest_mmedu.dataset import read_dataset

    return read_dataset


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """在哪里计算 | Where to compute: "cpu", "cuda" or "cuda:N".

    As `--mmedu-device` says; "auto" is decided here.
    """
    from pytest_mmedu.train.devices import usable_device

    return usable_device(_grader(request).options.device)


@pytest.fixture
def mmedu_train(request: pytest.FixtureRequest, device: str) -> Callable[..., Run]:
    """训练一次 | Train with the arguments of MMEdu's train(): gives the Run.

    `mmedu_train(dataset="digits10", epochs=2, lr=0.1)`. The same parameters,
    pictures and versions train only once: `run.from_cache` tells.
    """
    from pytest_mmedu.params import TrainParams

    def make(*, dataset: str | Path = "digits10", **given: Any) -> Run:
        params = TrainParams.of(**{"device": device, **given, "dataset": str(dataset)})
        return _trained(request, params)

    return make


@pytest.fixture
def variant(request: pytest.FixtureRequest) -> Variant:
    """这个学生的变式 | What was chosen for the student whose work is judged.

    `variant.integer("epochs", 8, 15)`. The id is that of `--mmedu-student`, of
    students.csv beside the submissions, or of student.toml in the submission;
    without any it is the neutral variant, which the reference solves.
    """
    return _own_part(request).variant


@pytest.fixture
def variant_files(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """发给这个学生的文件 | A file that this student got.

    `read_log(variant_files("run.log.json"))`. Made anew from variant.py: what
    the student did to it does not count. In the student's own folder, which has
    no variant.py, it is the file that lies there.
    """
    return _own_part(request).file


@pytest.fixture
def variant_answers(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """这个学生的正确答案 | What this student has to answer, by name.

    As `answers` of variant.py says. For tests in the folder `hidden` alone:
    students have no variant.py.
    """
    return _own_part(request).answers


def _own_part(request: pytest.FixtureRequest) -> OwnPart:
    """One per exercise and session: what was handed out is made once."""
    from pytest_mmedu.declaring import exercise_folder
    from pytest_mmedu.exercise.own_part import OwnPart
    from pytest_mmedu.exercise.personal import student_of

    grader, folder = _grader(request), exercise_folder(request.path)
    if folder not in grader.own_parts:
        student = student_of(grader.options.submission or folder, grader.options.student)
        grader.own_parts[folder] = OwnPart(folder, student.id, grader.scratch)
    return grader.own_parts[folder]


def _untrained(request: pytest.FixtureRequest) -> Subject:
    """For a check that needs no training; what comes to light when a function is called goes into the report."""
    from dataclasses import replace

    handed_in = _handed_in(request)

    def call(calls: Calls) -> Called:
        try:
            return handed_in.call(calls)
        finally:
            _tell(request, handed_in)

    _tell(request, handed_in)
    return replace(handed_in.untrained, call=call)


def _trained(request: pytest.FixtureRequest, params: Any) -> Run:
    from pytest_mmedu.dataset import read_dataset
    from pytest_mmedu.declaring import exercise_folder
    from pytest_mmedu.handed_in import cache_of
    from pytest_mmedu.report.build import Facts
    from pytest_mmedu.train import cached_train

    grader = _grader(request)
    cache = cache_of(grader.options, grader.scratch)
    made = cached_train(params, read_dataset(params.dataset), cache=cache)
    facts = Facts(from_cache=made.from_cache, notes=tuple(cache.notes))
    grader.learn(exercise_folder(request.path).as_posix(), facts)
    return made


def _grader(request: pytest.FixtureRequest) -> Grader:
    return request.config.stash[GRADER]


def _handed_in(request: pytest.FixtureRequest) -> HandedIn:
    """One per exercise and session: the student's program runs once, whatever number of tests asks."""
    from pytest_mmedu.declaring import exercise_folder
    from pytest_mmedu.handed_in import HandedIn

    grader, folder = _grader(request), exercise_folder(request.path)
    if folder not in grader.handed_in:
        grader.handed_in[folder] = HandedIn(folder, grader.options, grader.scratch, grader.boxes)
    return grader.handed_in[folder]


def _tell(request: pytest.FixtureRequest, handed_in: HandedIn) -> None:
    from pytest_mmedu.declaring import exercise_folder

    _grader(request).learn(exercise_folder(request.path).as_posix(), handed_in.facts)


def _given(value: T | NoRun | None) -> T:
    """The value, or, where there is none because of the student, the reason as a sentence without a traceback."""
    from pytest_mmedu.checks.subject import NoRun
    from pytest_mmedu.errors import MachineError

    if not isinstance(value, NoRun):
        assert value is not None
        return value
    if value.outcome == "error":
        raise MachineError(value.seen, value.hint, place=value.place)
    _nothing(_sentence(value))


def _sentence(no_run: NoRun) -> Text:
    place = "" if no_run.place is None else f"{no_run.place}: "
    seen = Text(no_run.seen.zh.rstrip("。") + "。", no_run.seen.en.rstrip(".") + ".")
    return Text(f"{place}{(seen + no_run.hint).zh}", f"{place}{(seen + no_run.hint).en}")


def _nothing(text: Text) -> NoReturn:
    from pytest_mmedu.seeing import NothingToJudge

    raise NothingToJudge(text)
