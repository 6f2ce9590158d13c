"""泄露的答案 | Solved values that can be read in what students get."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pytest_mmedu.exercise.solution import Blank


def leaks(text: str, blanks: Iterable[Blank]) -> list[Blank]:
    """The solved values that can be read in `text`: "epochs = 10", `"epochs", equals=10`, a quoted value of its own."""
    return [blank for blank in blanks if _leak(blank).search(text)]


def _leak(blank: Blank) -> re.Pattern[str]:
    value = re.escape(blank.value.strip("()\"' "))
    if not value:
        return re.compile(r"(?!)")
    means = r"(?:=|:|：|->|→|是|is|,\s*(?:equals|one_of)\s*=\s*[(\[{]?)"
    assigned = rf"(?<!\w){re.escape(blank.name)}[\"']?\s*{means}\s*[(\"']*{value}(?![\w.])"
    quoted = rf"|[\"'`]{value}\\?[\"'`]" if blank.value[:1] in "\"'" else ""
    return re.compile(assigned + quoted)
