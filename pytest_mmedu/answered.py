"""学生写下的答案 | What a student answered: each value with the line where it stands.

An answer may be left open (`...`, an empty text), or be something that cannot be read: then it says why.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pytest_mmedu.text import Text

State = Literal["given", "not filled in", "unreadable"]


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is plain data (bool, int, float, str, or a list of them) and means something for "given" only.

    `seen` and `todo` say what cannot be read, and what to do about it.
    """

    value: Any = None
    state: State = "given"
    place: str | None = None
    seen: Text | None = None
    todo: Text | None = None


@dataclass(frozen=True)
class Answers:
    """All answers of one file. `wanted` is the name that the exercise gave it, `place` the file that was found.

    `seen` and `todo` say why there is not a single answer: no file, or none that can be read.
    """

    wanted: str
    values: Mapping[str, Answer] = field(default_factory=dict)
    place: str | None = None
    seen: Text | None = None
    todo: Text | None = None
    notes: tuple[Text, ...] = ()
    sha256: str | None = None

    def get(self, name: str) -> Answer | None:
        """The answer called `name`; `Epochs-Run` is `epochs_run`."""
        return self.values.get(plain_name(name))

    @property
    def filled_in(self) -> int:
        return sum(answer.state != "not filled in" for answer in self.values.values())


def plain_name(name: str) -> str:
    """The name as answers are found by it: whatever the case, the hyphens and the width of its letters."""
    words = unicodedata.normalize("NFKC", name).strip().casefold()
    return words.replace("-", "_").replace(" ", "_")
