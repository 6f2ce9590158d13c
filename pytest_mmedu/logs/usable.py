"""日志里的数 | Numbers of a log: what may be used as one, and what may not."""

from __future__ import annotations

from typing import Any

from pytest_mmedu.logs import note_texts
from pytest_mmedu.logs.notes import Notes

MOST = 1 << 32


def whole(key: str, value: Any, line: int, seen: Notes) -> int | None:
    """A count: 0 to 2**32. Anything else counts as missing and is noted."""
    if type(value) is int and 0 <= value < MOST:
        return value
    if type(value) is float and value.is_integer() and 0 <= value < MOST:
        return int(value)
    if value is not None:
        seen.add("unusable value", line, note_texts.unusable(key, value))
    return None


def real(key: str, value: Any, line: int, seen: Notes) -> float | None:
    """A number, NaN and infinity included; not True, not text, no integer beyond all doubles."""
    if type(value) is float:
        return value
    if type(value) is int and -(10**300) < value < 10**300:
        return float(value)
    if value is not None:
        seen.add("unusable value", line, note_texts.unusable(key, value))
    return None
