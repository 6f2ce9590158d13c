"""函数的回答 | What the child says that a function gave: bounded, parsed strictly, never believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pytest_mmedu.strict_json import parse, plain_bytes
from pytest_mmedu.submission.plain_data import decode

How = Literal[
    "returned", "not plain", "too much", "not filled in", "changed", "does not fit", "raised", "exit", "unreadable"
]
MOST_BYTES = 16_000_000  # of all answers
_HEAD = 2_000
_LONGEST_WORD = 200


@dataclass(frozen=True)
class Answer:
    """One call. `value` means something for "returned" only.

    detail   the type's name of what is not plain data, the message of a call that does not fit
    which    the argument that was changed, counted from 0
    error    what the child wrote about an exception
    """

    how: How
    value: Any = None
    detail: str = ""
    which: int = 0
    error: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Answer:
        """From one line of the child's, as `read_answers` gives it."""
        how = line["how"]
        if how == "returned":
            try:
                return cls(how, decode(line.get("value")))
            except ValueError:
                return cls("unreadable")
        which = line.get("which")
        error = line.get("error")
        return cls(
            how,
            detail=str(line.get("type") or line.get("message") or "")[:_LONGEST_WORD],
            which=which if type(which) is int and 0 <= which < 100 else 0,
            error=error if isinstance(error, dict) else {},
        )


def read_answers(path: Path, count: int) -> list[dict[str, Any]]:
    """First what is said about the function, then the answers, up to the first line that is none. Empty: nothing."""
    lines = plain_bytes(path, MOST_BYTES + _HEAD + count).split(b"\n")
    kept: list[dict[str, Any]] = []
    for line in lines[: count + 1]:
        try:
            found = parse(line)
        except ValueError:
            break
        if not isinstance(found, dict) or not (_is_answer(found) if kept else _is_head(found)):
            break
        kept.append(found)
    return kept


def _is_answer(found: Mapping[str, Any]) -> bool:
    return found.get("how") in get_args(How)


def _is_head(found: Mapping[str, Any]) -> bool:
    line, takes = found.get("line"), found.get("takes", "")
    line_fits = line is None or (type(line) is int and 0 < line < 1_000_000)
    words = isinstance(takes, str) and isinstance(found.get("type", ""), str)
    whole = found.get("function") != "there" or {"line", "takes"} <= found.keys()
    return found.get("function") in ("there", "missing", "something else") and line_fits and words and whole
