"""练习里的一处问题 | One thing that is wrong with an exercise, for the teacher who writes it."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_mmedu.errors import MMEduError
from pytest_mmedu.text import Lang, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` is a file or a submission of the exercise: "01_first_training/rejected/too_few_epochs"."""

    where: str
    text: Text

    @classmethod
    def of(cls, error: MMEduError, where: str) -> Problem:
        return cls(error.place or where, error.text)

    def in_lang(self, lang: Lang) -> str:
        return f"{self.where}: {self.text.in_lang(lang)}"
