"""排版 | Lines for a terminal of 80 columns, with Chinese characters, on any console."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pytest_mmedu.text import pad, printable, width

COLUMNS = 80
CHINESE = "得分提示，。（）"
MARKS = "✔✘◐"
_PLAIN = str.maketrans(
    {"–": "-", "—": "-", "→": "->", "…": "...", "·": "-", "×": "x", "≥": ">=", "≤": "<=", "‘": "'", "’": "'"}
)
_NOT_AT_START = "，。；：？！、）」』”’…%,.;:?!)"
_NOT_AT_END = "（「『“‘(￥"
_FOREIGN_LIMIT = 400


def clean(text: str) -> str:
    """Text of any origin on one line, without anything that could steer a terminal."""
    return printable(" ".join(text.split()), _FOREIGN_LIMIT)


def number(points: float) -> str:
    """52.5 and 70, never 70.0."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def spread(left: str, right: str, columns: int = COLUMNS) -> str:
    """`left` and `right` at the two edges, one space between them at least."""
    return left + pad(" " + right, columns - width(left), right=True)


def block(head: str, text: str, columns: int = COLUMNS) -> Iterator[str]:
    """`head` and the text behind it; further lines start where the text starts, or below a head too long for that."""
    indent = min(width(head), columns // 2)
    lines = wrap(text, columns - width(head), columns - indent)
    yield (head + next(lines, "")).rstrip()
    for line in lines:
        yield " " * indent + line


def wrap(text: str, first: int, further: int | None = None) -> Iterator[str]:
    """The text in lines of at most so many columns: broken at spaces, and between Chinese characters."""
    line, room = "", first
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > room:
            yield line.rstrip()
            line, room = "", first if further is None else further
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What must not be torn apart: a word with its space, a Chinese character with the punctuation it carries."""
    piece = ""
    for char in text:
        if piece and _may_break(piece[-1], char):
            yield piece
            piece = ""
        piece += char
    if piece:
        yield piece


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    return before == " " or _wide(before) or _wide(after)


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def can_show(text: str, encoding: str | None) -> bool:
    """Whether a console of this encoding has all these characters."""
    try:
        text.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def for_console(text: str, encoding: str | None) -> str:
    """The text with what this console cannot show replaced by something it can."""
    if can_show(text, encoding):
        return text
    known = encoding if can_show("", encoding) else "ascii"
    shown = (char if can_show(char, known) else char.translate(_PLAIN) for char in text)
    return "".join(shown).encode(known or "ascii", "replace").decode(known or "ascii")
