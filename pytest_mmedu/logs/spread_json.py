"""分行写的 JSON | One flat object spread over several lines, as indent=2 or Python's pprint write it.

{                              [{'mode': 'train',
  "mode": "train",               'epoch': 1,
  "epoch": 1                     'loss': nan},
},                              {'mode': 'val', ...
"""

from __future__ import annotations

import json
import re
from typing import Any

from pytest_mmedu.logs import literals

_ENTRY = re.compile(r"""\s*(?:"[^"]{0,200}"|'[^']{0,200}')\s*:\s""")
_MOST_LINES = 2048
_LONGEST = 1 << 20


class SpreadObject:
    """Gathers the lines of one object; `line` is where it began."""

    def __init__(self) -> None:
        self.line = 0
        self._lines: list[str] = []
        self._size = 0

    @property
    def inside(self) -> bool:
        return bool(self._lines)

    @property
    def first(self) -> str:
        return self._lines[0] if self._lines else ""

    def begin(self, text: str, line: int) -> bool:
        """Whether an object begins here and goes on in the next line."""
        text = text.lstrip("[ ")
        if text.rstrip() != "{" and not (text.startswith("{") and "}" not in text and _ENTRY.match(text[1:])):
            return False
        self._lines, self.line, self._size = [text], line, len(text)
        return True

    def goes_on(self, text: str) -> bool:
        """Takes a line of the object; False, and all forgotten, if this cannot be one."""
        text = text.rstrip()
        inner = text.rstrip("]}, ")
        self._size += len(text)
        fits = text.lstrip().startswith("}") or (_ENTRY.match(text) is not None and not inner.endswith(("{", "[")))
        if not fits or len(self._lines) > _MOST_LINES or self._size > _LONGEST:
            self.forget()
            return False
        self._lines.append(text)
        return True

    def forget(self) -> None:
        self._lines = []

    @property
    def closed(self) -> bool:
        """Whether the last line taken ends the object."""
        text = "".join(self._lines)
        return self._last.endswith("}") and text.count("{") == text.count("}")

    @property
    def _last(self) -> str:
        return self._lines[-1].rstrip("], ")

    def whole(self) -> dict[str, Any] | None:
        """The object, None if it cannot be read."""
        text = "\n".join([*self._lines[:-1], self._last])
        self.forget()
        return parsed(text)


def parsed(text: str) -> dict[str, Any] | None:
    """One object in JSON's or Python's spelling."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        try:
            value = literals.parse(text)
        except literals.NotLiteral:
            return None
    return value if isinstance(value, dict) else None
