"""每次训练 | Each train() call of a program: what it asked for, and the folder it left or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from pytest_mmedu.asked import Asked
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.run import Run
from pytest_mmedu.submission import reasons
from pytest_mmedu.text import Text

Left = Mapping[int, Run | NoRun]  # by the number of the training among those that ended, from 0


class Training(NamedTuple):
    """`run` is None exactly when `no_run` says why."""

    asked: Asked
    run: Run | None = None
    no_run: NoRun | None = None


def untrained(asked: Iterable[Asked], no_run: NoRun) -> tuple[Training, ...]:
    """The calls of a source, none of which came to anything."""
    return tuple(Training(one, None, no_run) for one in asked)


def trained(asked: Iterable[Asked], ended: Iterable[int | None], left: Left, stop: NoRun) -> tuple[Training, ...]:
    """`ended` has for each call its number among those that ended, None where `stop` is the reason that it did not."""
    return tuple(_one(each, number, left, stop) for each, number in zip(asked, ended, strict=True))


def _one(asked: Asked, number: int | None, left: Left, stop: NoRun) -> Training:
    found = stop if number is None else left.get(number, reasons.without_files())
    return Training(asked, None, found) if isinstance(found, NoRun) else Training(asked, found)


def numbers(events: Sequence[Mapping[str, Any]]) -> Iterator[int | None]:
    """For each train() call that the child noted its number among those that ended; None where it did not end."""
    kinds = [*(event["event"] for event in events), None]
    ended = 0
    for kind, after in pairwise(kinds):
        if kind == "train":
            yield ended if after == "finished" else None
        ended += kind == "finished"


def what_was_left(turns: Iterable[tuple[Sequence[int], Run]]) -> Left:
    """From the trainings that saved into each folder: only the last of them has left its files there."""
    left: dict[int, Run | NoRun] = {}
    for in_folder, run in turns:
        left.update(dict.fromkeys(in_folder[:-1], WRITTEN_OVER))
        left.update(dict.fromkeys(in_folder[-1:], run))
    return left


WRITTEN_OVER = NoRun(
    "failed",
    Text("这次训练的文件被后面的训练盖掉了", "a later training has written over the files of this one"),
    Text("给每次训练起一个不同的 save_fold。", "Give each training a save_fold of its own."),
)
