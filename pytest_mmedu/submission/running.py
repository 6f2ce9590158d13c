"""运行一份作业 | Run a submission within its budget, in a process of its own, once for the same content.

What the child leaves is bounded, copied and parsed here; nothing of it is imported, unpickled or run. A result and a
crash of the program are kept in the cache; what hangs on the clock or the machine never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_mmedu.asked import Asked
from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.run import Run, read_run
from pytest_mmedu.submission import reasons
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.config.replacing import replaced_notes
from pytest_mmedu.submission.differences import Recorded, compared, not_reached
from pytest_mmedu.submission.elsewhere import not_ready, software
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.interpreter import Interpreter
from pytest_mmedu.submission.job import Job
from pytest_mmedu.submission.limits import Ended
from pytest_mmedu.submission.making import Made, kept_or_made, process_level
from pytest_mmedu.submission.mmedu_errors import as_the_kit_says
from pytest_mmedu.submission.program import read_program
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.snapshot import take_snapshot
from pytest_mmedu.submission.trainings import Training, numbers, trained, untrained, what_was_left
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.submission.process import Confinement


@dataclass(frozen=True)
class SubmissionRun:
    """What a submission did. `runs` is empty exactly when `no_run` says why; `asked` goes with the calls made.

    `trainings` are all its train() calls one by one, as far as they are known: those that failed among them.
    `isolation` is the level that the program ran at, empty where it was not run. `refused`: it was to be run, and
    nothing here would have held it.
    """

    runs: tuple[Run, ...] = ()
    no_run: NoRun | None = None
    asked: tuple[Asked, ...] = ()
    trainings: tuple[Training, ...] = ()
    seconds: float = 0.0
    from_cache: bool = False
    isolation: str = ""
    notes: tuple[Text, ...] = ()
    stdout_tail: str = ""
    refused: Text | None = None


def run_submission(
    submission: Submission,
    *,
    images: ImageFolder | None = None,
    budget: Budget = Budget(),  # noqa: B008 - frozen
    cache: RunCache,
    confinement: Callable[[], Confinement] = process_level,
    levels: Sequence[str] = (),
    held_out: str | None = None,
    interpreter: Interpreter | None = None,
) -> SubmissionRun:
    """Run what was handed in, or give what it did the last time.

    `images` is the exercise's data: part of the key, and laid where the program looks for a folder of that name.
    `confinement` gives the box; it is asked only where something is to be run. What was run before at one of `levels`,
    the strongest first, is taken without trying any box.
    `held_out` is a split of the data that the program does not get; `interpreter` another Python to run it in.
    Mistakes of the student and faults of the machine are told in `no_run`, not raised.

    Raises:
        CacheError: the cache cannot be used.
        SubmissionError: a file was changed while it was being read.
    """
    notes = submission.notes
    if submission.source_file is None:
        return SubmissionRun(no_run=reasons.nothing_to_run(), notes=notes)
    try:
        program = read_program(submission)
    except SubmissionError as error:
        return SubmissionRun(no_run=reasons.not_readable(error), notes=notes)
    notes = (*notes, *program.source.notes)
    unfilled = reasons.not_filled_in(program)
    if unfilled is not None:
        each = untrained(program.asked, unfilled)
        return SubmissionRun(no_run=unfilled, asked=program.asked, trainings=each, notes=notes)
    snapshot = take_snapshot(submission)
    # Finding the program and taking the snapshot list the same folder: one note is enough.
    notes = tuple(dict.fromkeys((*notes, *snapshot.notes)))
    job = Job(submission, program, snapshot, images, budget, held_out=held_out, interpreter=interpreter)
    return _judged(job, kept_or_made(job, cache, levels, confinement), notes)


def _judged(job: Job, made: Made, notes: Sequence[Text]) -> SubmissionRun:
    """The same from fresh facts as from kept ones."""
    facts, level = as_the_kit_says(made.facts, _classes(job)), made.level
    ended, claim, calls = Ended(**facts["ended"]), facts["claim"], _calls(facts["events"])
    no_run = not_ready(claim, job.interpreter) or reasons.stopped(ended, job.budget, claim)
    # Files beside a train() that was never come to are no training. Where none is written, software of the student's
    # choice may have trained; what a program leaves that has computed no gradient is its own account of itself.
    unwatched = not calls and not job.program.calls
    learned = unwatched and claim is not None and claim.get("learned") is True
    kept = [] if no_run else [run for run in facts["runs"] if run["turns"] or learned]
    if not kept and no_run is None:
        ended_well = any(event["event"] == "finished" for event in facts["events"])
        no_run = reasons.without_files() if ended_well else _without_training(facts, job.program, unwatched)
    runs = tuple(
        read_run(made.runs / run["folder"], from_cache=made.from_cache, digests=run["digests"]) for run in kept
    )
    told = (*_notes(facts, kept, job, level), *_capped(calls if kept else (), job))
    return SubmissionRun(
        runs=runs,
        no_run=no_run,
        asked=compared(job.program, _completed(facts["events"]) if kept else calls),
        trainings=_trainings(job.program, facts, zip(kept, runs, strict=True), no_run),
        seconds=ended.seconds,
        from_cache=made.from_cache,
        isolation=level,
        notes=(*notes, *told),
        stdout_tail=ended.output,
    )


def _classes(job: Job) -> int | None:
    return None if job.images is None else len(job.images.classes)


def _calls(events: Sequence[Mapping[str, Any]]) -> list[Recorded]:
    return [Recorded(event["line"], event["params"]) for event in events if event["event"] == "train"]


def _completed(events: Sequence[Mapping[str, Any]]) -> list[Recorded]:
    """The calls whose training ended, so that they go with the runs; one that failed after others is left out."""
    next_ones = [*(event["event"] for event in events[1:]), None]
    ended = [event for event, after in zip(events, next_ones, strict=False) if after == "finished"]
    return _calls(ended)


def _trainings(
    program: Written, facts: Mapping[str, Any], kept: Iterable[tuple[Mapping[str, Any], Run]], no_run: NoRun | None
) -> tuple[Training, ...]:
    """Those of the child's notes, and behind them what a program that broke off did not come to."""
    stop = no_run or _stopped(facts["claim"], program)
    calls = _calls(facts["events"])
    if not calls:
        return untrained(program.asked, stop) if no_run else ()  # files without a call: nobody knows which is which
    ended = (None for _ in calls) if no_run else numbers(facts["events"])
    left = what_was_left((run["turns"], read) for run, read in kept)
    broke_off = no_run is not None or facts["claim"]["how"] != "end"
    rest = untrained(not_reached(program, calls), stop) if broke_off else ()
    return (*trained(compared(program, calls), ended, left, stop), *rest)


def _stopped(claim: Mapping[str, Any], program: Written) -> NoRun:
    """Why a training did not end, or was not come to, after others did."""
    if claim["how"] == "error":
        return reasons.own_error(claim["error"], program)
    return reasons.exited(claim["code"]) if claim["how"] == "exit" else reasons.training_broke_off()


def _without_training(facts: Mapping[str, Any], program: Written, unwatched: bool) -> NoRun:
    """The program came to an end of its own making, and no training did."""
    claim = facts["claim"]
    if claim["how"] == "error":
        return reasons.own_error(claim["error"], program)
    if claim["how"] == "exit":
        return reasons.exited(claim["code"])
    return reasons.unseen_training() if unwatched and facts["runs"] else reasons.no_training(program)


def _notes(facts: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], job: Job, level: str) -> Iterator[Text]:
    claim = facts["claim"]
    if kept and claim["how"] == "error":
        yield reasons.error_after_training(claim["error"], job.program)
    if job.held_out and job.images is not None and level == "process":
        yield Text(
            f"程序是在级别 process 运行的，没有东西拦着它读 {job.held_out} 的图片。",
            f"The program ran at level process, where nothing keeps it from reading the pictures of {job.held_out}.",
        )
    if facts["outside"]:
        yield Text(
            "训练保存到了作业文件夹之外，那里的文件没有收。",
            "A training was saved outside of the homework's folder; those files were not collected.",
        )
    if not kept and job.submission.alone:
        yield Text(
            "只交了一个文件；如果程序还要用别的文件，请交整个文件夹。",
            "Only one file was handed in; if the program needs others, hand in the whole folder.",
        )
    if kept:
        if not _calls(facts["events"]):
            yield UNCALLED
        yield from software(facts["events"], job.interpreter)
        yield from replaced_notes(facts["events"])
    for run in kept:
        yield from map(Text.from_json, run["notes"])


UNCALLED = Text(
    "没有看到 train() 的调用：参数不知道是怎么设的，日志里的内容是程序自己说的。",
    "No call of train() was seen: nobody knows with which parameters it trained; its log is the program's own word.",
)


def _capped(calls: Sequence[Recorded], job: Job) -> Iterator[Text]:
    """What was asked for and what the exercise's budget allows."""
    budget = job.budget
    for asked in dict.fromkeys(_epochs(call) for call in calls):
        if budget.epochs is not None and asked > budget.epochs:
            yield Text(
                f"程序要求训练 {asked} 轮，批改时训练 {budget.epochs} 轮。",
                f"The program asks for {asked} epochs; for grading {budget.epochs} are trained.",
            )
    if calls and budget.images is not None and (job.interpreter is None or job.images is not None):
        yield Text(
            f"批改时训练集和验证集各最多用 {budget.images} 张图片。",
            f"For grading at most {budget.images} pictures of each split are used.",
        )


def _epochs(call: Recorded) -> int:
    """0 for what is no number of epochs: train() itself has said so."""
    asked = call.params.get("epochs")
    return asked if isinstance(asked, int) else 0
