"""调用学生写的函数 | What a student's function gives for many arguments, found out in the program's own process.

    called = call_function(found, Calls("topk_accuracy", examples), cache=cache)
    called.answers[0]  ->  Answer("returned", 0.5)

All arguments are drawn beforehand, and only plain data comes back. The program is run once, without the parts that
train, and kept like any other run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.cache import RunCache, key_of
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission import call_reasons, reasons
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.call_results import MOST_BYTES, Answer, read_answers
from pytest_mmedu.submission.elsewhere import not_ready
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.interpreter import Interpreter
from pytest_mmedu.submission.job import Job
from pytest_mmedu.submission.limits import Ended
from pytest_mmedu.submission.making import Made, kept_or_made, process_level
from pytest_mmedu.submission.plain_data import encode
from pytest_mmedu.submission.script import Written, written
from pytest_mmedu.submission.snapshot import take_snapshot
from pytest_mmedu.submission.source import parse, read_source
from pytest_mmedu.submission.stubs import cannot_be_there, functions
from pytest_mmedu.submission.without_training import imports_torch, without_training
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.submission.area import Area
    from pytest_mmedu.submission.process import Confinement

_FORMAT = 1  # of the answers in the cache
_OUT = "answers.jsonl"


@dataclass(frozen=True)
class Calls:
    """A function's name, and the arguments of each call: plain data."""

    name: str
    arguments: tuple[tuple[Any, ...], ...]

    def encoded(self) -> list[list[Any]]:
        return [[encode(argument) for argument in arguments] for arguments in self.arguments]


@dataclass(frozen=True)
class Called:
    """The answers in the order of the calls. `stopped` says why there is none from the first missing one on.

    `no_call`: no call was made at all, and why. `place` and `takes` are about the function: its line, its arguments.
    """

    answers: tuple[Answer, ...] = ()
    stopped: NoRun | None = None
    no_call: NoRun | None = None
    program: Written | None = None
    place: str | None = None
    takes: str = ""
    from_cache: bool = False
    isolation: str = ""
    notes: tuple[Text, ...] = ()
    stdout_tail: str = ""
    refused: Text | None = None


@dataclass(frozen=True)
class CallJob(Job):
    """A run of the program that ends with the calls. `source` is the part of the program that is run."""

    calls: Calls = field(default_factory=lambda: Calls("", ()))
    source: str | None = None

    def key(self, level: str) -> str:
        return key_of("calls", _FORMAT, super().key(level), self.calls.name, self.calls.encoded())

    def further_orders(self, area: Area) -> dict[str, Any]:
        count = max(len(self.calls.arguments), 1)
        calls = {
            "name": self.calls.name,
            "arguments": self.calls.encoded(),
            "out": str(area.talk / _OUT),
            "bytes": MOST_BYTES // count,
        }
        if self.source is None:  # the function is made by what trains
            return {"calls": calls}
        return {"calls": calls, "source": self.source, "heavy": imports_torch(self.source)}

    def further_facts(self, talk: Path) -> dict[str, Any]:
        return {"answers": read_answers(talk / _OUT, len(self.calls.arguments))}


def call_function(
    submission: Submission,
    calls: Calls,
    *,
    images: ImageFolder | None = None,
    budget: Budget = Budget(),  # noqa: B008 - frozen
    cache: RunCache,
    confinement: Callable[[], Confinement] = process_level,
    levels: Sequence[str] = (),
    held_out: str | None = None,
    interpreter: Interpreter | None = None,
) -> Called:
    """What the function gives, now or the last time; the other arguments as for `run_submission`.

    Raises:
        CacheError: the cache cannot be used.
        SubmissionError: a file was changed while it was being read.
    """
    if submission.source_file is None:
        return Called(no_call=reasons.nothing_to_run())
    try:
        source = read_source(submission.source_file, submission.source_name)
        tree, program = parse(source), written(source)
    except SubmissionError as error:
        return Called(no_call=reasons.not_readable(error))
    there = {function.name: function for function in functions(tree)}
    if cannot_be_there(source.text, tree, calls.name):
        return Called(no_call=call_reasons.missing(calls.name, there, source), program=program)
    unwritten = call_reasons.not_written(there.get(calls.name), source)
    if unwritten is not None:
        return Called(no_call=unwritten, program=program)
    part = without_training(source.text, tree, calls.name)
    snapshot = take_snapshot(submission)
    job = CallJob(submission, program, snapshot, None, budget, calls=calls, source=part, interpreter=interpreter)
    if part is None:
        job = replace(job, images=images, held_out=held_out)
    notes = tuple(dict.fromkeys((*source.notes, *snapshot.notes)))
    return _judged(job, kept_or_made(job, cache, levels, confinement), notes)


def called_or_why_not(submission: Submission | NoRun, calls: Calls, **how: Any) -> Called:
    """As `call_function`, also where there is nothing to call it in, or no box that would hold it."""
    from pytest_mmedu.submission.isolation.boxes import Refused

    if isinstance(submission, NoRun):
        return not_called(submission)
    try:
        return call_function(submission, calls, **how)
    except Refused as refused:
        why = NoRun("failed" if refused.chosen else "error", refused.why, refused.remedy)
        return not_called(why, None if refused.chosen else refused.why + refused.remedy, "artefacts")
    except SubmissionError as error:
        return not_called(reasons.not_readable(error))


def not_called(why: NoRun, refused: Text | None = None, isolation: str = "") -> Called:
    """Nothing was run; `refused` where it was to be, and nothing here would have held it."""
    return Called(no_call=why, refused=refused, isolation=isolation)


def _judged(job: CallJob, made: Made, notes: tuple[Text, ...]) -> Called:
    """The same from fresh facts as from kept ones."""
    facts = made.facts
    about, *lines = facts["answers"] or [{}]
    ended, claim = Ended(**facts["ended"]), facts["claim"]
    stop = not_ready(claim, job.interpreter) or reasons.stopped(ended, job.budget, claim)
    called = Called(
        program=job.program,
        from_cache=made.from_cache,
        isolation=made.level,
        notes=notes,
        stdout_tail=ended.output,
    )
    if about.get("function") != "there":
        return replace(called, no_call=stop or _before_the_calls(about, claim, job))
    answers = tuple(map(Answer.of, lines))
    if claim is not None and claim["how"] == "error":  # in what it does beside; the function is there all the same
        called = replace(called, notes=(*notes, call_reasons.error_beside(claim["error"], job.program)))
    line = about["line"]
    return replace(
        called,
        answers=answers,
        stopped=None if len(answers) == len(job.calls.arguments) else stop or call_reasons.NO_ANSWER,
        place=None if line is None else job.program.source.place(line),
        takes=about["takes"],
    )


def _before_the_calls(about: Mapping[str, Any], claim: Mapping[str, Any], job: CallJob) -> NoRun:
    """The program ended, in whatever way, and there was no function to call."""
    if claim["how"] == "error":
        return reasons.own_error(claim["error"], job.program)
    if claim["how"] == "exit":
        return call_reasons.exited(claim["code"])
    if about.get("function") == "something else":
        return call_reasons.not_a_function(job.calls.name, about["type"])
    source = job.program.source
    return call_reasons.missing(job.calls.name, {each.name: each for each in functions(parse(source))}, source)
