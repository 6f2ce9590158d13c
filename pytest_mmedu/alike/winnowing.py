"""指纹 | Fingerprints of a program: few numbers that two texts share where one was taken from the other.

The method is that of Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document Fingerprinting"
(SIGMOD 2003), which MOSS uses: hash every run of GRAM tokens, keep the smallest hash of every WINDOW neighbours. Any
GRAM + WINDOW - 1 tokens that two texts have in common leave at least one fingerprint in common, wherever they stand.

Before that, comments, layout, numbers, texts and a student's own names are made equal: changing these hides nothing.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

GRAM = 12
WINDOW = 6
MOST_TOKENS = 20_000  # a homework has a few hundred
_TOKEN = re.compile(
    r"""(?P<left_out>\s+|\#[^\n]*|\\\n)
    |(?P<text>\b[rRbBfFuU]{0,2}(?:\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|"(?:\\.|[^"\\\n]){0,2000}"|'(?:\\.|[^'\\\n]){0,2000}'))
    |(?P<text_alone>\"\"\"[\s\S]*?\"\"\"|'''[\s\S]*?'''|"(?:\\.|[^"\\\n]){0,2000}"|'(?:\\.|[^'\\\n]){0,2000}')
    |(?P<number>\d[\w.]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>[\s\S])""",
    re.VERBOSE,
)
_KEPT = frozenset(keyword.kwlist) | frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Token:
    word: str
    line: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One fingerprint, and the lines that it was made of."""

    code: int
    first: int
    last: int


def program_marks(text: str) -> list[Mark]:
    """The fingerprints of a program, which need not be without mistakes."""
    return list(winnow(list(grams(text))))


def grams(text: str) -> Iterator[Mark]:
    """Every run of GRAM tokens: all that a text could have in common with another."""
    tokens = program_tokens(text)
    for at in range(len(tokens) - GRAM + 1):
        part = tokens[at : at + GRAM]
        yield Mark(code_of(token.word for token in part), part[0].line, part[-1].line)


def code_of(words: Iterable[str]) -> int:
    """A number of 64 bits, the same on every machine."""
    return int.from_bytes(blake2b("\0".join(words).encode("utf-8", "replace"), digest_size=8).digest(), "little")


def winnow(marks: Sequence[Mark], window: int = WINDOW) -> Iterator[Mark]:
    """Of every `window` neighbours the one with the smallest code, the last of equal ones; each once."""
    chosen = -1
    for start in range(max(len(marks) - window, 0) + 1 if marks else 0):
        places = range(start, min(start + window, len(marks)))
        at = min(places, key=lambda place: (marks[place].code, -place))
        if at != chosen:
            chosen = at
            yield marks[at]


def program_tokens(text: str) -> list[Token]:
    """What a program says when nobody's choice of words counts: v for an own name, 0 for a number, s for a text."""
    found: list[Token] = []
    line, depth = 1, 0
    for match in _TOKEN.finditer(text):
        kind, written = match.lastgroup, match[0]
        if kind != "left_out":
            depth += (written in "([{") - (written in ")]}") if kind == "sign" else 0
            word = _word(kind, written, found, _goes_on(text, match.end()), inside=depth > 0)
            found.append(Token(word, line))
        line += written.count("\n")
        if len(found) >= MOST_TOKENS:
            break
    return found


def _word(kind: str | None, written: str, before: Sequence[Token], after: str, *, inside: bool) -> str:
    if kind == "number":
        return "0"
    if kind in ("text", "text_alone"):
        return "s"
    if kind == "sign" or written in _KEPT:
        return written
    of_library = bool(before) and before[-1].word == "."
    argument = inside and after.startswith("=") and not after.startswith("==")
    return written if of_library or argument else "v"


def _goes_on(text: str, at: int) -> str:
    """The next two signs on the line."""
    return text[at : at + 8].lstrip(" ")[:2]
