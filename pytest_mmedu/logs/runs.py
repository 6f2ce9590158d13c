"""一个文件里的几次训练 | Several runs in one file: where the epochs begin anew, and where one was resumed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from pytest_mmedu.logs.records import TrainRecords, ValRecords

MOST_RUNS = 64
_ENOUGH = 4096  # records and candidates looked at for iterations per epoch


class Jump(NamedTuple):
    """The place in the training goes back at `line`, from epoch `before` to `after`; `anew`: a new run begins."""

    line: int
    before: int
    after: int
    anew: bool


def jumps(train: TrainRecords, val: ValRecords, *, train_rises: bool) -> list[Jump]:
    """All jumps in the order of lines; `train_rises` says that the training records hold none."""
    rows = () if train_rises else zip(train.line, train.epoch, train.iter, strict=True)
    by_train = list(_back(rows))
    by_val = _back((line, epoch, None) for line, epoch in zip(val.line, val.epoch, strict=True))
    known = [jump.line for jump in by_train]
    found = [*by_train]
    for jump in by_val:
        at = bisect_left(known, jump.line)
        before = val.line[bisect_left(val.line, jump.line) - 1]
        if at == 0 or known[at - 1] < before:  # otherwise a training record told of it already
            found.append(jump)
    return sorted(found, key=lambda jump: jump.line)


def _places(column: Iterable[int | None]) -> Iterator[int]:
    return (value or 0 for value in column)


def _back(rows: Iterable[tuple[int, int | None, int | None]]) -> Iterator[Jump]:
    """A record that does not say where it stands is taken to stand after the one before."""
    last, last_iter, first = 0, 0, None
    for line, said_epoch, said_iteration in rows:
        epoch = last if said_epoch is None else said_epoch
        iteration = (last_iter if epoch == last else 0) if said_iteration is None else said_iteration
        stands = said_epoch is not None or not last  # among records with epochs one without cannot tell of a jump
        if epoch < last or (epoch == last and iteration < last_iter and stands):
            anew = first is None or epoch <= first
            yield Jump(line, last, epoch, anew)
            first = epoch if anew else first
        elif first is None:
            first = epoch
        last, last_iter = epoch, iteration


def counts_whole_run(train: TrainRecords) -> bool:
    """Whether `iter` goes on counting where an epoch ends."""
    grew, last, last_iter = False, 0, 0
    for epoch, iteration in zip(_places(train.epoch), _places(train.iter), strict=True):
        if epoch > last > 0:
            if iteration <= last_iter:
                return False
            grew = True
        last, last_iter = epoch, iteration
    return grew


def per_epoch(train: TrainRecords) -> int | None:
    """Iterations per epoch from (epoch, global iteration) pairs, if they leave only one possibility.

    Epoch e holds the iterations (e-1)*n+1 to e*n; and within each epoch records stand at multiples of the
    log interval, or at its very end.
    """
    pairs = [(epoch, step) for epoch, step in zip(train.epoch[:_ENOUGH], train.iter[:_ENOUGH], strict=True)]
    places = [(epoch, step) for epoch, step in pairs if epoch and step]
    low = max((-(-step // epoch) for epoch, step in places), default=1)
    high = min(((step - 1) // (epoch - 1) for epoch, step in places if epoch > 1), default=0)
    interval = _interval(places)
    fitting = [
        n
        for n in range(low, min(high, low + _ENOUGH) + 1)
        if all((step - (epoch - 1) * n) % interval == 0 or step == epoch * n for epoch, step in places)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _interval(places: list[tuple[int, int]]) -> int:
    """The log interval: the distance within an epoch, or the first record's own place."""
    for (epoch, step), (next_epoch, next_step) in pairwise(places):
        if epoch == next_epoch and next_step > step:
            return next_step - step
    return places[0][1] if places and places[0][0] == 1 else 1
