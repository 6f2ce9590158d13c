"""学生网页的内容 | What the page of one student says, in the order in which it is read: made from a report alone."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from pytest_mmedu.report.causes import told_once
from pytest_mmedu.report.layout import number
from pytest_mmedu.report.page_evidence import LookedAt, OwnLines, WrongPicture
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.wording import said
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text, printable

STATES = {
    "passed": ("✔", Text("对了", "Right")),
    "failed": ("✘", Text("还不对", "Not yet")),
    "half": ("◐", Text("部分正确", "Partly right")),
    "undecidable": ("?", Text("无法判定", "Undecided")),
    "blocked": ("–", Text("不计分", "Not counted")),
    "error": ("!", Text("出错", "Error")),
    "not run": ("○", Text("没有运行", "Not run")),
}
_SHORT = 3  # a class name that fits above a narrow column


@dataclass(frozen=True)
class CheckView:
    """One check: its title, what it saw, and what it wanted."""

    state: str
    title: Text
    seen: Text
    wanted: Text | None


@dataclass(frozen=True)
class Group:
    """Checks that stand together: one hint and one place for all of them."""

    checks: tuple[CheckView, ...]
    hint: Text | None
    place: str | None
    lines: OwnLines | None


@dataclass(frozen=True)
class TestView:
    """`anchor` is its place on the page; `test` tells no cause that an earlier one tells."""

    anchor: str
    test: TestReport
    said: Text | None
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class NextStep:
    """The first hint of the page."""

    anchor: str
    title: Text
    hint: Text


@dataclass(frozen=True)
class Cell:
    """A number of a confusion matrix; `tone` says how much of its row it is, right or wrong."""

    count: int
    tone: str


@dataclass(frozen=True)
class Evaluation:
    """`heads` are what stands above the columns: the classes, or their numbers where the names are long."""

    looked: LookedAt
    numbered: bool
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    pictures: tuple[tuple[WrongPicture, Text], ...]


def test_views(report: Report) -> list[TestView]:
    """Every test with its checks in groups."""
    return [
        TestView(f"test-{i}", test, said(test.outcome, test.message), tuple(_groups(test, report)))
        for i, test in enumerate(told_once(report.tests), 1)
    ]


def next_step(views: Sequence[TestView]) -> NextStep | None:
    """Where to go on: the first thing that has a hint."""
    hints = (
        NextStep(view.anchor, group.checks[0].title, group.hint)
        for view in views
        for group in view.groups
        if group.hint
    )
    return next(hints, None)


def verdict(report: Report) -> Text:
    """The score in a sentence that looks ahead."""
    if report.all_earned:
        return Text("全部做对了！", "Everything is right!")
    left = number(report.max_score - report.score)
    return Text(f"还有 {left} 分等着你。", f"{left} points are still waiting for you.")


def evaluations(report: Report) -> list[Evaluation]:
    """The judge's own looks at the pictures, as tables and pictures."""
    return [_evaluation(one) for one in (report.evidence.evaluations if report.evidence else ())]


def dedented(lines: Sequence[str]) -> list[str]:
    """Without the spaces that all of them begin with: what is left of a line counts on a narrow screen."""
    return textwrap.dedent("\n".join(lines)).split("\n")


def state_of(result: Result) -> str:
    return "half" if result.outcome == "failed" and result.share else result.outcome


def _groups(test: TestReport, report: Report) -> Iterator[Group]:
    """One hint for all neighbours that share it, as on the card."""
    for (hint, place), results in groupby(test.results, key=lambda result: (result.hint, result.place)):
        several = tuple(results)
        lines = report.evidence.line_at(printable(place, 400)) if report.evidence and place is not None else None
        checks = tuple(CheckView(state_of(one), one.title, one.seen, one.wanted) for one in several)
        yield Group(checks, hint, place, lines)


def _evaluation(looked: LookedAt) -> Evaluation:
    names = looked.classes
    numbered = any(len(name) > _SHORT for name in names)
    heads = tuple(str(i) for i in range(1, len(names) + 1)) if numbered else names
    rows = tuple(
        (name, tuple(_cells(i, row))) for i, (name, row) in enumerate(zip(names, looked.confusion, strict=False))
    )
    return Evaluation(looked, numbered, heads, rows, tuple((one, _caption(one, names)) for one in looked.pictures))


def _cells(label: int, row: Sequence[int]) -> Iterator[Cell]:
    whole = sum(row) or 1
    for predicted, count in enumerate(row):
        strength = -(-4 * count // whole)  # 0 for none, 4 for more than three quarters
        yield Cell(count, f"{'hit' if predicted == label else 'miss'}-{strength}" if count else "none")


def _caption(picture: WrongPicture, names: Sequence[str]) -> Text:
    true = names[picture.label]
    if picture.predicted is None:
        return Text(f"是「{true}」，没有答案", f"“{true}”, no answer")
    taken = names[picture.predicted]
    return Text(f"是「{true}」，看成「{taken}」", f"“{true}”, taken for “{taken}”")
