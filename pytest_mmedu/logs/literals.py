"""只读的字面量 | What mmcv's Config and Python's repr print, as plain data: dict(a=1, b=[2, (3, 'x')]), {'a': nan}.

Nothing is run: a name stands for its own text, a call other than dict(...) for the dict of its arguments, and
np.float64(0.5) or tensor(0.5), as a list that was printed shows them, for the number.
"""

from __future__ import annotations

import re
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<string>[rbu]?'(?:[^'\\]|\\.)*'|[rbu]?\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<number>[-+]?(?:\d[\d_]{0,40}\.?\d{0,40}|\.\d{1,40})(?:[eE][-+]?\d{1,4})?)(?![\w.])"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<sign>[-+{}()\[\],:=]))",
    re.DOTALL,
)
_NAMES = {"True": True, "False": False, "None": None, "nan": float("nan"), "inf": float("inf")}
_NAMES |= {"true": True, "false": False, "null": None, "NaN": float("nan"), "Infinity": float("inf")}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NUMBER_OF = re.compile(r"(?:(?:np|numpy)\.)?(?:float|int|uint)\d{1,3}|(?:torch\.)?tensor")
_DEEPEST = 40
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}


class NotLiteral(ValueError):
    """The text is something else than data."""


def parse(text: str) -> Any:
    """The value that `text` writes. Raises NotLiteral."""
    reader = _Reader(text)
    value = reader.value(0)
    if reader.take() is not None:
        raise NotLiteral("more after the value")
    return value


class _Reader:
    """Reads token after token, one ahead: the text of a whole printed log is never held twice."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text.rstrip(), 0
        self._ahead = self._token()

    def _token(self) -> tuple[str, str] | None:
        if self._at >= len(self._text):
            return None
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise NotLiteral("no data here")
        self._at = found.end()
        return found.lastgroup or "", found[found.lastgroup or 0]

    def peek(self) -> str | None:
        return self._ahead[1] if self._ahead else None

    def take(self) -> tuple[str, str] | None:
        token, self._ahead = self._ahead, self._token() if self._ahead else None
        return token

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise NotLiteral("nested too deeply")
        kind, text = self.take() or ("", "")
        if kind == "string":
            return _unquoted(text)
        if kind == "number":
            return _number(text)
        if kind == "name":
            return self._named(text, depth)
        if text in _CLOSING:
            items, pairs = self._items(_CLOSING[text], depth)
            return pairs if text == "{" else tuple(items) if text == "(" else items
        if text in ("-", "+") and (number := self.value(depth + 1)) is not None and isinstance(number, (int, float)):
            return -number if text == "-" else number
        raise NotLiteral(f"unexpected {text[:20]!r}")

    def _named(self, name: str, depth: int) -> Any:
        if self.peek() != "(":
            return _NAMES.get(name, name)
        self.take()
        items, pairs = self._items(")", depth)
        if len(items) == 1 and _NUMBER_OF.fullmatch(name) and isinstance(items[0], (int, float)):
            return items[0]
        return pairs if pairs or not items else items

    def _items(self, closing: str, depth: int) -> tuple[list[Any], dict[Any, Any]]:
        """What stands between brackets: plain values, and pairs written `key: value` or `key=value`."""
        items: list[Any] = []
        pairs: dict[Any, Any] = {}
        while self.peek() != closing:
            item = self.value(depth + 1)
            if self.peek() in (":", "="):
                self.take()
                pairs[item if isinstance(item, (str, int, float)) else str(item)] = self.value(depth + 1)
            else:
                items.append(item)
            if self.peek() == ",":
                self.take()
            elif self.peek() != closing:
                raise NotLiteral("a comma is missing")
        self.take()
        return items, pairs


def _unquoted(text: str) -> str:
    inner = text.lstrip("rbu")[1:-1]
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[0]), inner) if "\\" in inner else inner


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
