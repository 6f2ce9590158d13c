"""逐行读答案 | `name = value` line by line: one line that is wrong costs one answer, not all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LINE = re.compile(
    r"""\s*(?:"(?P<double>[^"\n]{1,100})"|'(?P<single>[^'\n]{1,100})'|(?P<bare>[^\W\d]\w{0,99}(?:[ .-]\w+){0,5}))
        \s*(?P<sign>[=:＝：])\s*(?P<value>.*)""",
    re.VERBOSE,
)
_TABLE = re.compile(r"\s*\[\s*(?P<name>[^\[\]]{1,100}?)\s*\]\s*(?:#.*)?$")
_MOST_JOINED = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it stands there; `name` has its table's name before it."""

    name: str
    line: int
    sign: str
    value: str


def answer_lines(text: str) -> Iterator[Line]:
    """Every line that gives a name a value; a list or a long text may go on over several lines."""
    lines, at, table = text.split("\n"), 0, ""
    while at < len(lines):
        number, line = at + 1, lines[at]
        at += 1
        header = _TABLE.match(line)
        found = None if line.lstrip().startswith(("#", "//")) else _LINE.match(line)
        if header:
            table = header["name"].strip("\"'") + "."
        elif found:
            value = found["value"].rstrip()
            while _goes_on(value) and at < min(len(lines), number + _MOST_JOINED):
                value += "\n" + lines[at]
                at += 1
            name = found["double"] or found["single"] or found["bare"]
            yield Line(table + name, number, found["sign"], value.strip().removesuffix(","))


def _goes_on(value: str) -> bool:
    """A triple quote or a bracket is still open; one that never closes is the value of its own line alone."""
    for quote in ('"""', "'''"):
        if value.startswith(quote):
            return quote not in value[3:]
    return value.startswith("[") and value.count("[") > value.count("]")
