"""两种语言的文字 | Text in two languages, and its width on a terminal.

Every sentence that a student or teacher sees is a `Text`: Chinese and English stand on adjacent
lines of the source, so that a reader compares them and neither can be forgotten.
"""

from __future__ import annotations

import locale
import os
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence (or a few) in Chinese and in English."""

    zh: str
    en: str

    def in_lang(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.zh if self.zh == self.en else f"{self.zh} | {self.en}"

    def __add__(self, other: Text) -> Text:
        """Two sentences after one another: English needs a space between them, Chinese none."""
        return Text(self.zh + other.zh, f"{self.en} {other.en}".strip())

    def to_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Text:
        return cls(zh=data["zh"], en=data["en"])

    @classmethod
    def same(cls, text: object) -> Text:
        """A number, a name, a path: the same in both languages."""
        return cls(str(text), str(text))

    @classmethod
    def parse(cls, line: str) -> Text:
        """`"中文 | English"`, as titles are written in docstrings; without a bar both are the same."""
        zh, bar, en = line.partition(" | ")
        return cls(zh.strip(), en.strip()) if bar else cls.same(line.strip())


def title_of(docstring: str | None, otherwise: str) -> Text:
    """The first line of a docstring as a title, `otherwise` where there is none."""
    first = (docstring or "").strip().partition("\n")[0].strip()
    return Text.parse(first or otherwise)


def listing(names: Iterable[object]) -> Text:
    """`a、b、c | a, b, c`"""
    words = [str(name) for name in names]
    return Text("、".join(words), ", ".join(words))


def choose_lang(wanted: str | None = None, environ: Mapping[str, str] | None = None) -> Lang:
    """The language asked for; else the one of the locale; English where that says nothing."""
    if wanted in LANGS:
        return wanted
    env = os.environ if environ is None else environ
    named = next((env[key] for key in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(key)), "")
    if not named and environ is None:  # Windows sets none of the three
        named = locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def width(text: str) -> int:
    """Terminal columns: a Chinese character or full-width sign takes two, a combining mark none."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `columns` terminal columns; `right` puts the text at the right edge."""
    spaces = " " * max(0, columns - width(text))
    return spaces + text if right else text + spaces


def printable(text: str, limit: int = 200) -> str:
    """Foreign text made safe to show: control and direction characters escaped, cut at `limit`."""
    shown = "".join(char if _harmless(char) else f"\\x{ord(char):02x}" for char in text[: limit + 1])
    return shown if len(text) <= limit else shown[: limit - 1] + "…"


def _harmless(char: str) -> bool:
    return char.isprintable() and unicodedata.category(char) not in ("Cf", "Cs")
