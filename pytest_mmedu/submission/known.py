"""读源代码时知道的东西 | What is known while a source is read: values with their lines, models, functions, modules."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from pytest_mmedu.asked import State


@dataclass(frozen=True, slots=True)
class Known:
    """A value and the line where it is written: for `lr = 0.01 … train(lr=lr)` the line of `0.01`."""

    value: Any
    line: int
    state: State = "given"

    @property
    def given(self) -> bool:
        return self.state == "given"


def unreadable(line: int) -> Known:
    return Known(None, line, "unreadable")


def blank(line: int) -> Known:
    return Known(None, line, "not filled in")


@dataclass
class Model:
    """An object of MMClassification. `sure` is False where something else may be behind the name."""

    sure: bool = True
    values: dict[str, Known] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)


@dataclass
class Table:
    """A dict with text keys, entry by entry, so that `train(**settings)` keeps the line of each value."""

    entries: dict[str, Known] = field(default_factory=dict)


@dataclass(frozen=True)
class Function:
    """A function of the student's, with the values of its defaults."""

    node: ast.FunctionDef | ast.AsyncFunctionDef
    defaults: Mapping[str, Known] = field(default_factory=dict)


@dataclass(frozen=True)
class Module:
    """An imported module, or a part of it: `os.path`."""

    name: str


class ModelClass:
    """MMClassification itself."""


class OtherThing:
    """Known to be no MMClassification: an object of MMDetection, say."""


MODEL_CLASS, OTHER_THING = ModelClass(), OtherThing()

Names = dict[str, Known]


def branch(names: Names) -> Names:
    """A copy for one branch of an `if`: what is changed in it stays in it, also inside models and dicts.

    One model under two names stays one model.
    """
    copies: dict[int, Any] = {}
    return {name: replace(known, value=_copied(known.value, copies)) for name, known in names.items()}


def _copied(value: Any, copies: dict[int, Any]) -> Any:
    if not isinstance(value, (Model, Table)):
        return value
    if id(value) not in copies:
        new = copy(value)
        for name in ("values", "unknown", "entries"):
            if hasattr(new, name):
                setattr(new, name, dict(getattr(value, name)))
        copies[id(value)] = new
    return copies[id(value)]


def merged(one: Names, other: Names) -> Names:
    """After an `if` that nobody can decide: what both branches agree on is still known.

    A name that only one of them sets has that value: on the other way the program would have stopped.
    """
    names = dict(one)
    together: dict[tuple[int, int], Any] = {}
    for name, known in other.items():
        names[name] = _either(one[name], known, together) if name in one else known
    return names


def _either(one: Known, other: Known, together: dict[tuple[int, int], Any]) -> Known:
    kinds: tuple[tuple[type, Callable[[Any, Any], Any]], ...] = ((Model, _either_model), (Table, _either_table))
    for kind, join in kinds:
        if isinstance(one.value, kind) and isinstance(other.value, kind):
            key = (id(one.value), id(other.value))
            together.setdefault(key, join(one.value, other.value))
            return replace(one, value=together[key])
    if one.state == other.state and type(one.value) is type(other.value) and one.value == other.value:
        return one
    return unreadable(other.line)


def _either_model(one: Model, other: Model) -> Model:
    values = _either_entries(one.values, other.values)
    return Model(one.sure and other.sure, values, {**one.unknown, **other.unknown})


def _either_table(one: Table, other: Table) -> Table:
    return Table(_either_entries(one.entries, other.entries))


def _either_entries(one: Mapping[str, Known], other: Mapping[str, Known]) -> dict[str, Known]:
    """An entry that only one branch sets may be missing: nobody knows."""
    entries: dict[str, Known] = {}
    for name in {**one, **other}:
        if name in one and name in other:
            entries[name] = _either(one[name], other[name], {})
        else:
            entries[name] = unreadable((one.get(name) or other[name]).line)
    return entries
