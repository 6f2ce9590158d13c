"""得分 | The score: pure functions over the points that were declared and what was seen of each test.

Points are fixed when tests are collected. Nothing that happens afterwards adds to or takes from what was declared,
and what was seen may come in any order, several times, or not at all: the score is the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, get_args

from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.text import Text

Phase = Literal["setup", "call", "teardown", "crash"]
Gate = Literal["open", "undecided", "closed"]

_BAD_FIRST: tuple[Outcome, ...] = ("error", "failed", "undecidable", "not run", "passed")


@dataclass(frozen=True, slots=True)
class Declared:
    """One graded test as collected. `function` is the node id without the parameter case; `after` names a function.

    `points` are those of the whole function: its cases share them equally.
    """

    nodeid: str
    function: str
    title: Text
    points: float
    after: str | None = None
    exercise: str = ""
    exercise_title: Text | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "nodeid": self.nodeid,
            "function": self.function,
            "title": self.title.to_json(),
            "points": self.points,
            "after": self.after,
            "exercise": self.exercise,
            "exercise_title": self.exercise_title and self.exercise_title.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Declared:
        named = data["exercise_title"] and Text.from_json(data["exercise_title"])
        return cls(**{**data, "title": Text.from_json(data["title"]), "exercise_title": named})


@dataclass(frozen=True, slots=True)
class Seen:
    """What one phase of one test came to.

    `finished` is False where the test ended before its end: by a failing `assert` or an exception. It earns nothing
    then, because nobody knows what the checks that did not happen would have said.
    """

    nodeid: str
    phase: Phase
    outcome: Outcome
    results: tuple[Result, ...] = ()
    message: Text | None = None
    finished: bool = True

    def to_json(self) -> dict[str, Any]:
        return {
            "phase": self.phase,
            "outcome": self.outcome,
            "results": [result.to_json() for result in self.results],
            "message": self.message and self.message.to_json(),
            "finished": self.finished,
        }

    @classmethod
    def from_json(cls, nodeid: str, data: Mapping[str, Any]) -> Seen:
        results = tuple(Result.from_json(result) for result in data["results"])
        message = data["message"] and Text.from_json(data["message"])
        return cls(nodeid, data["phase"], data["outcome"], results, message, data["finished"])


@dataclass(frozen=True, slots=True)
class Scored:
    """One declared test with its verdict; `undecided` are the points that no check could decide."""

    declared: Declared
    outcome: Outcome
    points: Fraction
    earned: Fraction = Fraction(0)
    undecided: Fraction = Fraction(0)
    results: tuple[Result, ...] = ()
    message: Text | None = None


def outcome_of(results: Iterable[Result]) -> Outcome:
    """The outcome of a test that came to its end: the worst of its results, "passed" where it has none."""
    found = {result.outcome for result in results}
    return next((outcome for outcome in _BAD_FIRST if outcome in found), "passed")


def score(declared: Iterable[Declared], seen: Iterable[Seen]) -> tuple[Scored, ...]:
    """Every declared test with what it earned, in the order of declaration."""
    unique = {one.nodeid: one for one in declared}
    phases: defaultdict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        phases[one.nodeid].append(one)
    cases = _cases(unique.values())
    alone = [_alone(one, _share_of_points(one, cases), phases[one.nodeid]) for one in unique.values()]
    return tuple(_gated(alone))


def _cases(declared: Iterable[Declared]) -> Mapping[str, int]:
    cases: defaultdict[str, int] = defaultdict(int)
    for one in declared:
        cases[one.function] += 1
    return cases


def _share_of_points(one: Declared, cases: Mapping[str, int]) -> Fraction:
    return _exact(one.points) / cases[one.function]


def _exact(number: float) -> Fraction:
    """0.1 as one tenth: sums of it are exact, so the order of adding cannot matter."""
    return Fraction(str(number))


def _alone(declared: Declared, points: Fraction, phases: Sequence[Seen]) -> Scored:
    """One test judged without looking at the others."""
    one = _decisive(phases)
    if one is None:
        return Scored(declared, "not run", points)
    message = one.message or next((seen.message for seen in _ordered(phases) if seen.phase == "teardown"), None)
    earned, undecided = points * _share(one), points * _undecided_share(one)
    return Scored(declared, one.outcome, points, earned, undecided, one.results, message)


def _decisive(phases: Sequence[Seen]) -> Seen | None:
    """The call counts where there was one: neither a worker that died later nor a failed clean-up takes it back."""
    for phase in ("call", "setup", "crash"):
        found = [seen for seen in _ordered(phases) if seen.phase == phase]
        if found:
            return found[0]
    return None


def _ordered(phases: Iterable[Seen]) -> list[Seen]:
    """The least favourable first: seen twice counts once, whichever came first."""
    return sorted(phases, key=lambda one: (_share(one), _BAD_FIRST.index(one.outcome), repr(one)))


def _share(one: Seen) -> Fraction:
    """The mean share of the checks; a plain test without any earns all or nothing."""
    if not one.finished or one.outcome == "not run":
        return Fraction(0)
    if not one.results:
        return Fraction(one.outcome == "passed")
    return sum((_exact(result.share) for result in one.results), Fraction(0)) / len(one.results)


def _undecided_share(one: Seen) -> Fraction:
    if not one.finished or not one.results:
        return Fraction(0)
    return Fraction(sum(result.outcome == "undecidable" for result in one.results), len(one.results))


def _gated(alone: Sequence[Scored]) -> Iterator[Scored]:
    """`blocked` put in: a test earns nothing where the one it comes after ran and did not pass.

    Where that one could not be decided, this one is blocked as well, but what it would have earned is undecided.
    """
    by_function: defaultdict[str, list[Scored]] = defaultdict(list)
    for one in alone:
        by_function[one.declared.function].append(one)
    for one in alone:
        gate = _gate(one.declared.after, by_function)
        yield one if gate == "open" else _blocked(one, gate, by_function[one.declared.after or ""])


def _gate(after: str | None, by_function: Mapping[str, Sequence[Scored]]) -> Gate:
    """Whether tests that come after this function count; one that did not run stands in nobody's way."""
    gates: list[Gate] = []
    waiting: list[str | None] = [after]
    known: set[str | None] = {None}
    while waiting:
        name = waiting.pop()
        if name in known:
            continue
        known.add(name)
        ran = [one for one in by_function.get(name or "", ()) if one.outcome != "not run"]
        gates += [_opens(one) for one in ran]
        waiting += [one.declared.after for one in ran]
    return max(gates, key=get_args(Gate).index, default="open")


def _opens(one: Scored) -> Gate:
    if one.outcome == "passed":
        return "open"
    return "undecided" if one.outcome == "undecidable" else "closed"


def _blocked(one: Scored, gate: Gate, before: Sequence[Scored]) -> Scored:
    if one.outcome == "not run":
        return one
    title = before[0].declared.title
    message = Text(f"要先通过「{title.zh}」", f"'{title.en}' has to pass first")
    undecided = one.earned + one.undecided if gate == "undecided" else Fraction(0)
    outcome: Outcome = "error" if one.outcome == "error" else "blocked"
    message = one.message or message if outcome == "error" else message
    return Scored(one.declared, outcome, one.points, Fraction(0), undecided, one.results, message)
