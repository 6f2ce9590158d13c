"""参数检查 | Checks of the parameters that a student chose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pytest_mmedu.asked import NOT_PLAIN, AskedValue
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.bounds import Bounds, mistake, text_for_number
from pytest_mmedu.checks.facts import chosen
from pytest_mmedu.checks.figures import clause, shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, because, check, no, nothing_asked, unknown, yes
from pytest_mmedu.params import PARAMETERS, problems, unknown_name
from pytest_mmedu.text import Text, listing, printable

_NAMES = frozenset(row.name for row in PARAMETERS)
NOT_FILLED_IN = Text("还没有填写", "not filled in")


@check()
def param(
    subject: Subject,
    name: str,
    *,
    between: tuple[float, float] | None = None,
    one_of: Collection[Any] | None = None,
    equals: Any = Bounds.ANY,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Verdict:
    """参数 | Parameter

    `check.param("lr", between=(0.001, 0.1))`: one parameter against the teacher's rule. Where what ran differs from
    what the source says, both must keep the rule.
    """
    if name not in _NAMES:
        raise mistake(Text(f"train() 没有参数 {name}。", f"train() has no parameter {name}."))
    bounds = Bounds.of(name, between=between, one_of=one_of, equals=equals, at_least=at_least, at_most=at_most)
    title = Text(f"参数 {name}", f"Parameter {name}")
    asked = chosen(subject, name)
    if nothing_asked(subject) and subject.no_run is not None:
        return replace(because(subject.no_run), title=title)
    if asked.state == "not filled in":
        return no(NOT_FILLED_IN, bounds.wanted, hint=advice.FILL_IN, place=asked.place, title=title)
    if asked.state == "unreadable" and asked.differs is None:
        seen = asked.why or NOT_PLAIN
        return unknown(seen, bounds.wanted, hint=advice.to_be_read(asked), place=asked.place, title=title)
    wrong = next((value for value in _values(asked) if not bounds.hold(value)), _NOTHING)
    refused = next((problem for value in _values(asked) for problem in problems({name: value})), None)
    if wrong is _NOTHING and refused is not None:  # 5.5 lies between 5 and 30, and no train() takes it
        return no(
            _seen(asked), refused.allowed and clause(refused.allowed), hint=refused.todo, place=asked.place, title=title
        )
    if wrong is _NOTHING:
        return yes(_seen(asked), bounds.wanted, place=asked.place, title=title)
    if isinstance(wrong, str) and bounds.allowed is None:
        return no(text_for_number(wrong), bounds.wanted, hint=advice.NO_QUOTES, place=asked.place, title=title)
    if isinstance(wrong, str) and bounds.allowed and not any(isinstance(each, str) for each in bounds.allowed):
        quoted = shown(repr(wrong))
        seen = Text(f"{quoted} 是文字", f"{quoted} is a text")
        return no(seen, bounds.wanted, hint=advice.TAKE_QUOTES_AWAY, place=asked.place, title=title)
    hint, place = meant(subject, name) or (advice.for_parameter(name, bounds.side(wrong)), asked.place)
    return no(_seen(asked), bounds.wanted, hint=hint, place=place, title=title)


_NOTHING = object()


def meant(subject: Subject, name: str) -> tuple[Text, str | None] | None:
    """A parameter left at its default because its name is misspelt: the nearest real name as the hint, and where."""
    if subject.asked[name].state != "default":
        return None
    hints = ((unknown_name(wrong).todo, place) for wrong, place in subject.asked.unknown.items())
    return next(((hint, place) for hint, place in hints if hint.en.endswith(f" {name}?")), None)


def _values(asked: AskedValue) -> list[Any]:
    """What the source says and what the call received; a value that cannot be read is not judged."""
    written = [] if asked.state == "unreadable" else [asked.value]
    return written if asked.differs is None else [*written, asked.differs]


def _seen(asked: AskedValue) -> Text:
    if asked.state == "unreadable":
        return Text(f"运行时收到 {shown(asked.differs)}", f"the call received {shown(asked.differs)}")
    value = shown(asked.value)
    if asked.differs is not None:
        ran = shown(asked.differs)
        return Text(f"{value}，但运行时收到 {ran}", f"{value}, but the call received {ran}")
    if asked.state == "default":
        return Text(f"{value}，没有写，用默认值", f"{value}, the default: not mentioned")
    return Text.same(value)


@check("asked")
def no_unknown_parameters(subject: Subject) -> Verdict:
    """没有写错的参数名 | No unknown parameter names"""
    wrong = subject.asked.unknown
    if not wrong:
        return yes(Text("参数名都对", "all names are right"))
    name, where = next(iter(wrong.items()))
    seen = listing(printable(each, 60) for each in wrong)
    return no(
        Text(f"train() 没有参数 {seen.zh}", f"train() has no parameter {seen.en}"),
        hint=unknown_name(name).todo,
        place=where,
    )


@check("asked")
def parameters_valid(subject: Subject) -> Verdict:
    """参数值有效 | Valid parameter values

    Every value that can be read is one that train() takes at all, by the table of `params`.
    """
    empty = subject.asked.not_filled_in
    if empty:
        names = listing(empty)
        seen = Text(f"{names.zh} {NOT_FILLED_IN.zh}", f"{names.en}: {NOT_FILLED_IN.en}")
        return no(seen, hint=advice.FILL_IN, place=next(iter(empty.values())).place)
    for name, asked in subject.asked.values.items():
        wrong = [problem for value in _values(asked) for problem in problems({name: value})]
        if wrong:
            first = wrong[0]
            allowed = first.allowed and clause(first.allowed)
            return no(clause(first.seen), allowed, hint=first.todo, place=asked.place)
    return yes(Text("都能用", "all can be used"))
