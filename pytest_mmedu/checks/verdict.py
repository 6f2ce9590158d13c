"""检查的写法 | How a check is written: its docstring is its title, its function's name is its id.

A check is written as a function from a Subject to a Verdict. `check` makes a Result of it and answers, before the
function is asked at all, what is the same for every check: there was no run, there is no log, a file is damaged.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Literal, ParamSpec

from pytest_mmedu.checks.figures import clause
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.errors import CheckpointError, DatasetError, LogError, MMEduError
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text, printable, title_of

P = ParamSpec("P")
Need = Literal["asked", "run", "log", "log or config", "images", "nothing"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A Result without its id; `title` only where the docstring's does not say enough."""

    outcome: Literal["passed", "failed", "undecidable", "error"]
    seen: Text
    wanted: Text | None = None
    share: float = 0.0
    hint: Text | None = None
    place: str | None = None
    title: Text | None = None


def yes(seen: Text, wanted: Text | None = None, *, place: str | None = None, title: Text | None = None) -> Verdict:
    return Verdict("passed", seen, wanted, 1.0, None, place, title)


def no(
    seen: Text,
    wanted: Text | None = None,
    *,
    hint: Text,
    place: str | None = None,
    share: float = 0.0,
    title: Text | None = None,
) -> Verdict:
    return Verdict("failed", seen, wanted, share, hint, place, title)


def unknown(
    seen: Text, wanted: Text | None = None, *, hint: Text, place: str | None = None, title: Text | None = None
) -> Verdict:
    return Verdict("undecidable", seen, wanted, 0.0, hint, place, title)


def check(
    needs: Need = "nothing",
) -> Callable[[Callable[Concatenate[Subject, P], Verdict]], Callable[Concatenate[Subject, P], Result]]:
    """Makes a check of a function that gives a Verdict; `needs` is what it cannot judge without."""

    def made(written: Callable[Concatenate[Subject, P], Verdict]) -> Callable[Concatenate[Subject, P], Result]:
        name = written.__name__
        title = title_of(written.__doc__, name)

        @functools.wraps(written)
        def judged(subject: Subject, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            verdict = _missing(subject, needs)
            try:
                verdict = verdict or written(subject, *args, **kwargs)
            except (CheckpointError, DatasetError, LogError) as error:  # what was handed in, not the teacher's mistake
                verdict = _damaged(error)
            verdict = _changed(subject) or verdict
            return Result(
                check=name,
                outcome=verdict.outcome,
                title=verdict.title or title,
                seen=verdict.seen,
                wanted=verdict.wanted,
                share=verdict.share,
                hint=verdict.hint,
                place=verdict.place,
            )

        return judged

    return made


def _damaged(error: MMEduError) -> Verdict:
    return no(clause(error.seen), error.allowed and clause(error.allowed), hint=error.todo, place=error.place)


def _changed(subject: Subject) -> Verdict | None:
    """After every check: what it has read must be what the program left. Who changed it is not known."""
    name = subject.run.frozen.changed() if subject.run is not None and subject.run.frozen is not None else None
    if name is None:
        return None
    shown = printable(name, 80)
    seen = Text(f"程序结束之后 {shown} 被改动了", f"{shown} was changed after the program had ended")
    return Verdict("error", seen, hint=GRADE_AGAIN, place=shown)


def _missing(subject: Subject, needs: Need) -> Verdict | None:
    """The verdict where there is nothing to judge, None where the check can begin."""
    if needs == "log or config":
        if subject.asked.config is not None:
            return None
        needs = "log"
    if subject.no_run is not None and (needs in ("run", "log") or (needs == "asked" and nothing_asked(subject))):
        return because(subject.no_run)
    if needs == "run" and subject.run is None:
        return unknown(NO_RUN, hint=_HAND_IN_RUN)
    if needs == "log" and subject.log is None:
        return unknown(NO_LOG, hint=_HAND_IN_LOG)
    if needs == "images" and subject.no_images is not None:
        return because(subject.no_images)
    if needs == "images" and subject.images is None:
        return unknown(NO_IMAGES, hint=_GIVE_IMAGES)
    return None


def nothing_asked(subject: Subject) -> bool:
    """No train() call was found: a script that cannot be read must not earn points for MMEdu's defaults."""
    return subject.asked.place is None and not subject.asked.values


def because(no_run: NoRun) -> Verdict:
    """The reason why there was no run, as the verdict of whatever needed one."""
    return Verdict(no_run.outcome, no_run.seen, hint=no_run.hint, place=no_run.place)


GRADE_AGAIN = Text(
    "请再批改一次；还是这样，就查一查哪个程序在改批改用的文件夹。",
    "Grade again; if it stays so, find out which program writes into the folders of the grading.",
)
NO_RUN = Text("没有训练结果的文件夹", "there is no folder of a training")
NO_LOG = Text("没有训练日志", "there is no training log")
NO_IMAGES = Text("没有数据集可以核对", "there is no data set to compare with")
_HAND_IN_RUN = Text("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names.")
_HAND_IN_LOG = Text(
    "日志是 save_fold 文件夹里的 *.log.json，请一起交上。",
    "The log is the *.log.json in the save folder: hand it in as well.",
)
_GIVE_IMAGES = Text("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise.")
