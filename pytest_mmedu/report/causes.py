"""一个原因只说一次 | One cause, as a program that crashed, stops many checks: it is told once, where it comes first.

For what is read from top to bottom. Formats that show each test alone (JUnit, Gradescope) tell each of them everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pytest_mmedu.report.report import TestReport
from pytest_mmedu.result import Result
from pytest_mmedu.text import LANGS, Text

AS_ABOVE = Text("同上", "as above")
Cause = tuple[object, ...]


def cause_of(result: Result) -> Cause | None:
    """What keeps a check from judging, a missing training for example: the check says no and states no rule."""
    return _said(result) if result.wanted is None else None


def told_once(tests: Sequence[TestReport]) -> tuple[TestReport, ...]:
    """The tests as one reads them below each other: what an earlier one has told is named there by its title."""
    told: dict[Cause, Text] = {}
    return tuple(_after(told, test) for test in tests)


def neighbours(results: Iterable[Result], told: Mapping[Cause, Text] | None = None) -> Iterator[Result]:
    """Results of one test; of neighbours that say the same the first tells it. `told`: causes, and which test has them.

    The neighbours keep their hint: it stands once, below the last of them.
    """
    before: Cause | None = None
    for result in results:
        title = (told or {}).get(cause_of(result) or ())
        shown = replace(result, seen=_see(title), hint=None, place=None) if title else result
        said = _said(result)
        if said is not None and said == before and _longer(shown.seen, AS_ABOVE):
            shown = replace(shown, seen=AS_ABOVE, wanted=None)
        yield shown
        before = said


def _after(told: dict[Cause, Text], test: TestReport) -> TestReport:
    """The test as it is shown; `told` learns what it tells."""
    shown = replace(test, results=tuple(neighbours(test.results, told)))
    message = (test.outcome, test.message)
    if test.message is not None and message in told and _longer(test.message, _see(told[message])):
        shown = replace(shown, message=_see(told[message]))
    causes = [None if test.outcome == "blocked" else message, *map(cause_of, test.results)]  # what blocks is short
    for cause in causes:
        if cause is not None:
            told.setdefault(cause, test.title)
    return shown


def _said(result: Result) -> Cause | None:
    """All that a result which says no tells besides its title."""
    if result.outcome == "passed" or result.hint is None:
        return None
    return result.outcome, result.seen, result.wanted, result.hint, result.place


def _see(title: Text) -> Text:
    return Text(f"见上面的「{title.zh}」", f"see '{title.en}' above")


def _longer(text: Text, reference: Text) -> bool:
    return all(len(text.in_lang(lang)) > len(reference.in_lang(lang)) for lang in LANGS)
