"""一行 JSON | One line of JSON, read so that nothing in it can hurt: duplicates, depth, huge numbers, NaN."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pytest_mmedu.logs import literals, note_texts
from pytest_mmedu.logs.notes import Notes

_BETWEEN = re.compile(r"[\s,;\[\]]*")
_BEGINS = re.compile(r"\[?\s*\{")
_PYTHON = re.compile(r"\[?\s*\{\s*'")


def begins(text: str) -> bool:
    """Whether `text` starts like an object or a list of objects; `[>>>  ] 10/100` does not."""
    return _BEGINS.match(text) is not None


def objects(text: str, line: int, seen: Notes, *, whole: bool = True) -> Iterator[dict[str, Any]]:
    """All objects of one line: one, several glued together, or a list; what is odd becomes a note.

    `whole` is False for the file's last line when it has no line end: what fails there is cut off.
    """
    found = _python(text) if _PYTHON.match(text) else None
    if found is not None:
        yield from found
        return
    decoder = json.JSONDecoder(object_pairs_hook=lambda pairs: _unique(pairs, line, seen))
    at = 0
    while (at := _next(text, at)) < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            _note(error, text, line, seen, whole)
            return
        if isinstance(value, dict):
            yield value


def _python(text: str) -> list[dict[str, Any]] | None:
    """The dicts of a printed list, `[{'mode': 'train', 'loss': nan}, ...]`."""
    try:
        value = literals.parse(text)
    except literals.NotLiteral:
        return None
    found = value if isinstance(value, (list, tuple)) else [value]
    return [item for item in found if isinstance(item, dict)]


def _next(text: str, at: int) -> int:
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _unique(pairs: list[tuple[str, Any]], line: int, seen: Notes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            seen.add("duplicate key", line, note_texts.duplicate_key(key))
        found[key] = value
    return found


def _note(error: Exception, text: str, line: int, seen: Notes, whole: bool) -> None:
    if isinstance(error, RecursionError):
        seen.add("not json", line, note_texts.too_deep())
    elif not whole:
        seen.add("cut off", line, note_texts.cut_off(text))
    else:
        seen.add("not json", line, note_texts.not_json(note_texts.json_reason(error)))
