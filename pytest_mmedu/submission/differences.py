"""写的和收到的 | What the source says against what the call received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.train_calls import TrainCall

_NAMES = {row.name for row in PARAMETERS}
_NOT_SET = {"dataset"}  # MMEdu's own default path is recorded where the program names no data set


class Recorded(NamedTuple):
    """One train() call as it happened: the line it came from and every parameter. Written by the child: a claim."""

    line: int | None
    params: Mapping[str, Any]


def compared(written: Written, recorded: Sequence[Recorded]) -> tuple[Asked, ...]:
    """One Asked per call that happened, in order, with `differs` filled; without any, what the source says."""
    if not recorded:
        return written.asked
    waiting = list(written.calls)
    return tuple(_compared(_call_at(record.line, waiting), record, written) for record in recorded)


def not_reached(written: Written, recorded: Sequence[Recorded]) -> tuple[Asked, ...]:
    """The calls of the source that a program which broke off did not come to."""
    waiting = list(written.calls)
    for record in recorded:
        fitting = (call for call in waiting if record.line is not None and _stands_on(call, record.line))
        if (call := next(fitting, None)) is not None:
            waiting.remove(call)
    return tuple(written.asked_in(call) for call in waiting)


def _stands_on(call: TrainCall, line: int) -> bool:
    return call.line <= line <= call.last_line


def _call_at(line: int | None, waiting: list[TrainCall]) -> TrainCall | None:
    """The call of the source that stands on this line; the last one of a loop serves for all further rounds."""
    fitting = [call for call in waiting if line is not None and _stands_on(call, line)]
    if len(fitting) > 1:
        waiting.remove(fitting[0])
    return fitting[0] if fitting else None


def _compared(call: TrainCall | None, record: Recorded, written: Written) -> Asked:
    place = written.source.place(record.line) if record.line is not None else None
    asked = Asked(place=place) if call is None else written.asked_in(call)
    values = dict(asked.values)
    for name in _NAMES & set(record.params):
        received = record.params[name]
        if call is None:
            values[name] = AskedValue(None, "unreadable", place, received)
        elif name in values or name not in _NOT_SET:
            told = _told(asked[name], received)
            if name in values or told.differs is not None:
                values[name] = told
    unknown = {name: place or "?" for name in record.params if name not in _NAMES}
    return replace(asked, values=values, unknown={**unknown, **asked.unknown})


def _told(asked: AskedValue, received: Any) -> AskedValue:
    """The value with `differs`, which is the word "None" where the call received None."""
    if asked.state in ("given", "default") and _same(asked.value, received):
        return asked
    return replace(asked, differs="None" if received is None else received)


def _same(written: Any, received: Any) -> bool:
    """JSON knows no tuples; 1 and True are not the same."""
    if isinstance(written, (tuple, list)) and isinstance(received, (tuple, list)):
        return len(written) == len(received) and all(map(_same, written, received))
    return type(written) is type(received) and bool(written == received or written != written)
