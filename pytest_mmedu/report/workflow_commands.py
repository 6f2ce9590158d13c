"""GitHub 标注 | The report as workflow commands: printed in a step of GitHub Actions, they mark files and lines.

GitHub shows the first ten errors, warnings and notices of a step each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pytest_mmedu.report.causes import Cause, cause_of
from pytest_mmedu.report.layout import clean, number
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.wording import GRADE_AGAIN, HINT, PLACE, SCORE, judged, remarks, said
from pytest_mmedu.result import Result
from pytest_mmedu.text import Lang, Text

# homework.py:12, and in a notebook homework.ipynb[3]:2 for line 2 of cell 3
_PLACE = re.compile(r"(?P<file>.+?)(?P<cell>\[\d+\])?:(?P<line>\d+)")
# The path in the repository of a file that a place names, None where it is not one of the repository's.
Finds = Callable[[str], str | None]


def workflow_commands(report: Report, lang: Lang, find: Finds) -> str:
    """A line with the score, and one for everything that was not right; a cause of several is marked once."""
    score = f"{number(report.score)} / {number(report.max_score)}"
    told = [_word(text, lang) for text in (*remarks(report), *report.notes)]
    told += [_word(GRADE_AGAIN, lang)] if report.has_errors else []
    level = "error" if report.has_errors else "notice"
    lines = [command(level, "\n".join([score, *told]), title=_word(SCORE, lang))]
    marked: set[Cause] = set()
    lines += [line for test in report.tests for line in _of_test(test, lang, find, marked)]
    return "\n".join(lines) + "\n"


def command(name: str, message: str, **properties: str) -> str:
    """`::error file=homework.py,line=12::message`, escaped as the runner undoes it."""
    named = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{name} {named}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _of_test(test: TestReport, lang: Lang, find: Finds, marked: set[Cause]) -> Iterator[str]:
    """`marked` learns the causes that the lines tell."""
    title = _word(test.title, lang)
    message = said(test.outcome, test.message)
    if message is not None:
        level = {"failed": "error", "error": "error"}.get(test.outcome, "notice")
        yield command(level, _word(message, lang), title=title)
    for result in test.results:
        cause = cause_of(result)
        if result.outcome != "passed" and cause not in marked:
            marked.update([] if cause is None else [cause])
            level = "warning" if result.outcome == "undecidable" or result.share else "error"
            where = _where(result.place, find)
            yield command(level, _said(result, lang), **where, title=f"{title} · {_word(result.title, lang)}")


def _said(result: Result, lang: Lang) -> str:
    lines = [judged(result, lang)]
    lines += [f"{_word(HINT, lang)}  {_word(result.hint, lang)}"] if result.hint else []
    lines += [f"{_word(PLACE, lang)}  {clean(result.place)}"] if result.place else []
    return "\n".join(lines)


def _where(place: str | None, find: Finds) -> dict[str, str]:
    """Nothing for a file that is not in the repository; of a notebook the file alone, a cell's line is none of its."""
    found = _PLACE.fullmatch(place or "")
    path = found and find(found["file"])
    if not found or not path:
        return {}
    return {"file": path} if found["cell"] else {"file": path, "line": found["line"]}


def _word(text: Text, lang: Lang) -> str:
    return clean(text.in_lang(lang))
