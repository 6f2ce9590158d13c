"""数字的写法 | How numbers are shown: short, and never so rounded that they contradict the verdict."""

from __future__ import annotations

import math
from typing import Any

from pytest_mmedu.text import Text, printable


def shown(value: Any) -> str:
    """A value as a student wrote it, strings without quotes, control characters escaped."""
    if isinstance(value, str):
        return printable(value, 60)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return f"{'-' if value < 0 else ''}10^{_digits(value) - 1}"  # Python refuses to write out 4300 digits
    if isinstance(value, float) and 1e-9 < abs(value) < 1e-4:
        return f"{value:.12f}".rstrip("0")  # 0.00001 rather than 1e-05
    try:
        return printable(repr(value), 60)
    except Exception:  # noqa: BLE001 - a foreign __repr__ may raise anything
        return f"<{type(value).__name__}>"


def _digits(value: int) -> int:
    return int(abs(value).bit_length() * math.log10(2)) + 1


def loss(value: float) -> str:
    """1.10, 0.0007, 478"""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("-" if value < 0 else "") + "Infinity"
    if value == 0 or 0.095 <= abs(value) < 99.5:
        return f"{value:.2f}"
    return f"{value:.3g}"


def fraction(value: float, *limits: float | None) -> str:
    """0.74; with more digits where two would show the value on the wrong side of a limit."""
    for digits in (2, 3, 4, 5, 6):
        text = f"{value:.{digits}f}"
        if all(limit is None or _same_side(float(text), value, limit) for limit in limits):
            return text
    return repr(value)


def _same_side(rounded: float, value: float, limit: float) -> bool:
    return (rounded >= limit) == (value >= limit)


def percent(share: float) -> Text:
    """0.5 -> `50% | 50 %`"""
    digits = f"{share * 100:.3g}" if abs(share) < 10 else f"{share * 100:.0f}"
    return Text(f"{digits}%", f"{digits} %")


def clause(sentence: Text) -> Text:
    """A sentence of an error as a result shows it: without its full stop."""
    return Text(sentence.zh.rstrip("。"), sentence.en.rstrip("."))


def many(count: int, word: str) -> str:
    """`1 step`, `2 steps`: English alone needs it."""
    return f"{count} {word}" if count == 1 else f"{count} {word}{'es' if word.endswith(('tch', 'ss')) else 's'}"


def epochs(count: int) -> Text:
    return Text(f"{count} 轮", many(count, "epoch"))


def size(count: int) -> Text:
    """Bytes as a person reads them."""
    for unit, one in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= one:
            return Text.same(f"{count / one:.1f} {unit}")
    return Text(f"{count} 字节", f"{count} bytes")
