"""成批读 mmcv 的 JSON | Many training lines of an mmcv JSON log in one go: the way most of a long log is read.

mmcv writes all of them alike: `{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, ..., "time": 0.213}`. Taken
without their digits, points and signs all lines of a block must be the very same text; then what was taken away
is, in order, the values. That is exact: a value that is missing is refused first, and a digit or sign anywhere else
makes one value too many. Whatever is different (NaN, another key, another order, a text, a list) sends the
block to the careful way, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.usable import MOST

Rest = list[tuple[int, str]]

_FORM = re.compile(rb'\{"mode": "train"(?:, "[a-z_]{1,40}": [0-9.E-]{1,40}){1,40}\}')
_KEY = re.compile(rb'"([a-z_]+)": [0-9]')
_IN_NUMBERS = b"0123456789.-E"
_ALL_ELSE = bytes(32 if code not in _IN_NUMBERS else code for code in range(256))
_WHOLE = ("epoch", "iter", "memory")
_REAL = ("loss", "lr", "time", "data_time")


def take(text: str, line: int, into: Builder) -> Rest | None:
    """Takes the training lines of a block; the numbered other lines, or None, and nothing taken, if it needs care."""
    if not text.startswith('{"mode": "') or not text.isascii():
        return None
    data = text.encode().replace(b"e-", b"E-")  # the e of an exponent; no key holds it
    numbers: Sequence[int] = range(line, line + text.count("\n") + 1)
    rest: Rest = []
    if '"val"' in text:
        lines = data.split(b"\n")
        rest = [(line + i, row) for i, row in enumerate(text.split("\n")) if not row.startswith('{"mode": "train"')]
        if not all(row.startswith('{"mode": "val"') for _, row in rest):
            return None
        others = {number for number, _ in rest}
        numbers = [number for number in numbers if number not in others]
        data = b"\n".join([row for row in lines if row.startswith(b'{"mode": "train"')])
    columns = _columns(data, len(numbers)) if numbers else {}
    if columns is None:
        return None
    if columns:
        into.add_many("mmcv json", numbers, None, columns)
    return rest


def _columns(data: bytes, size: int) -> dict[str, Sequence[Any]] | None:
    first = data.partition(b"\n")[0]
    keys = [key.decode() for key in _KEY.findall(first)]
    if not _FORM.fullmatch(first) or not {"epoch", "iter", "loss"} <= set(keys) or len(set(keys)) < len(keys):
        return None
    bare = (first + b"\n").translate(None, _IN_NUMBERS)
    if data.translate(None, _IN_NUMBERS) + b"\n" != bare * size or b": ," in data or b": }" in data:
        return None
    values = data.translate(_ALL_ELSE).split()
    if len(values) != len(keys) * size:
        return None
    try:
        return {key: _column(key, values[i :: len(keys)]) for i, key in enumerate(keys) if key in (*_WHOLE, *_REAL)}
    except ValueError:
        return None


def _column(key: str, texts: list[bytes]) -> Sequence[Any]:
    """Raises ValueError for what is no plain number of its kind."""
    number: type[int] | type[float] = float if key in _REAL else int
    same = texts.count(texts[0]) == len(texts)
    values = [number(texts[0])] * len(texts) if same else list(map(number, texts))
    if key in _WHOLE and (min(values) < 0 or max(values) >= MOST):
        raise ValueError(key)
    return values
