"""成批读文字日志 | Many training lines of a console log in one go, if they have the form that nearly all have.

The other lines of the block come back to be read one by one. A block in which a training line looks different
(glued to a progress bar, without eta, cut off) is read line by line as a whole, so that records stay in order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.bulk_json import Rest
from pytest_mmedu.logs.train_log import Format

_ETA = r"eta: (?:(\d{1,5}) days?, )?(\d{1,5}):(\d\d):(\d\d)"
_SIXTY = {f"{number:02}": number for number in range(100)}
_FORMS: tuple[tuple[Format, str, re.Pattern[str]], ...] = (
    (
        "mmcv text",
        "]\tlr: ",
        re.compile(
            r"Epoch \[(\d{1,9})\]\[(\d{1,9})/(\d{1,9})\]\tlr: (\d\.\d{3}e[-+]\d\d), " + _ETA + ", "
            r"time: (\d{1,9}\.\d{3}), data_time: (\d{1,9}\.\d{3})(?:, memory: (\d{1,9}))?, loss: (\d{1,15}\.\d{4})$",
            re.MULTILINE,
        ),
    ),
    (
        "mmengine text",
        "Epoch(train) ",
        re.compile(
            r"Epoch\(train\) {1,12}\[(\d{1,9})\]\[ {0,9}(\d{1,9})/(\d{1,9})\]  (?:base_lr: \d\.\d{4}e[-+]\d\d )?"
            r"lr: (\d\.\d{4}e[-+]\d\d)  " + _ETA + "  "
            r"time: (\d{1,9}\.\d{4})  data_time: (\d{1,9}\.\d{4})(?:  memory: (\d{1,9}))?  loss: (\d{1,15}\.\d{4})$",
            re.MULTILINE,
        ),
    ),
)


def take(text: str, line: int, into: Builder) -> Rest | None:
    """Takes the training lines of a block; the numbered other lines, or None, and nothing taken, if it needs care."""
    for format_, sign, form in _FORMS:
        if sign in text:
            return _take(text, line, into, format_, sign, form)
    return None


def _take(text: str, line: int, into: Builder, format_: Format, sign: str, form: re.Pattern[str]) -> Rest | None:
    numbers: Sequence[int] = range(line, line + text.count("\n") + 1)
    rest: Rest = []
    if text.count(sign) < len(numbers):
        lines = text.split("\n")
        rest = [(number, row) for number, row in zip(numbers, lines, strict=True) if sign not in row]
        if any("loss" in row for _, row in rest):
            return None
        others = {number for number, _ in rest}
        numbers = [number for number in numbers if number not in others]
        text = "\n".join([row for row in lines if sign in row])
    found = form.findall(text)
    if not len(found) == len(numbers) == text.count("Epoch"):
        return None
    return rest if _add(found, numbers, into, format_) else None


def _add(found: list[tuple[str, ...]], lines: Sequence[int], into: Builder, format_: Format) -> bool:
    epoch, at, total, lr, days, hours, minutes, seconds, time, data_time, memory, loss = zip(*found, strict=True)
    if len(set(total)) > 1 or ("" in memory and any(memory)):
        return False
    columns = {
        "epoch": _numbers(epoch, int),
        "iter": _numbers(at, int),
        "loss": _numbers(loss, float),
        "lr": _numbers(lr, float),
        "time": _numbers(time, float),
        "data_time": _numbers(data_time, float),
        "memory": _numbers(memory, int) if memory[0] else None,
        "eta": _eta(days, hours, minutes, seconds),
    }
    into.add_many(format_, lines, int(total[0]), columns)
    return True


def _numbers(texts: tuple[str, ...], kind: type[int] | type[float]) -> list[Any]:
    if texts[-1] == texts[0] and texts.count(texts[0]) == len(texts):
        return [kind(texts[0])] * len(texts)
    return list(map(kind, texts))


def _eta(
    days: tuple[str, ...], hours: tuple[str, ...], minutes: tuple[str, ...], seconds: tuple[str, ...]
) -> list[int]:
    clock = zip(_numbers(hours, int), map(_SIXTY.__getitem__, minutes), map(_SIXTY.__getitem__, seconds), strict=True)
    left = [hour * 3600 + minute * 60 + second for hour, minute, second in clock]
    if any(days):
        return [rest + 86400 * int(day or 0) for day, rest in zip(days, left, strict=True)]
    return left
