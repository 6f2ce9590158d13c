"""train() 的参数怎么对应 | Which argument is which parameter: of MMClassification, load_dataset() and train()."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.submission.constants import plain
from pytest_mmedu.submission.known import Known, Model, Table, unreadable

TRAIN_NAMES = tuple(row.name for row in PARAMETERS if row.owner == "train")
MODEL_NAMES = tuple(row.name for row in PARAMETERS if row.owner == "model")
_CONSTRUCTOR = {"backbone": "backbone", "num_classes": "num_classes", "dataset_path": "dataset"}
_LOAD_DATASET = {"path": "dataset", "check": None}
_ATTRIBUTES = {**_CONSTRUCTOR, "save_fold": "save_fold"}
_NEAR = 0.8  # from here on a name is taken for a misspelt one


class TrainCall(NamedTuple):
    """One train() call as the source has it, with the parameters of its model. `last_line` is where it closes."""

    line: int
    last_line: int
    values: Mapping[str, Known]
    unknown: Mapping[str, int]

    @property
    def blanks(self) -> dict[str, Known]:
        return {name: known for name, known in self.values.items() if known.state == "not filled in"}


@dataclass
class Arguments:
    """What stands between the brackets. `hidden` is the line of an `*args` or `**kwargs` that cannot be read."""

    positional: list[Known] = field(default_factory=list)
    named: dict[str, Known] = field(default_factory=dict)
    hidden: int | None = None

    def add_table(self, known: Known) -> None:
        """`**settings`"""
        if isinstance(known.value, Table):
            self.named.update(known.value.entries)
        else:
            self.hidden = known.line

    def add_sequence(self, known: Known) -> None:
        """`*settings`"""
        if known.given and isinstance(known.value, (list, tuple)):
            self.positional.extend(Known(one, known.line) for one in known.value)
        else:
            self.hidden = known.line


def new_model(arguments: Arguments) -> Model:
    """`cls(backbone='LeNet')`"""
    model = Model()
    _take(model.values, model.unknown, arguments, _CONSTRUCTOR)
    classes = model.values.get("num_classes")
    if classes is not None and classes.value == -1:  # MMEdu's own way to say "as many as the data set has"
        model.values["num_classes"] = Known(None, classes.line)
    return model


def load_dataset(model: Model, arguments: Arguments) -> None:
    """`model.load_dataset(path='…')`"""
    _take(model.values, model.unknown, arguments, _LOAD_DATASET)


def set_attribute(model: Model, name: str, known: Known) -> None:
    """`model.num_classes = 3`; `model.lr = 0.1` or `model.save_flod = "a"` have no effect in MMEdu: unknown."""
    if name in _ATTRIBUTES:
        model.values[_ATTRIBUTES[name]] = _plain(known)
    elif name in TRAIN_NAMES or difflib.get_close_matches(name, _ATTRIBUTES, n=1, cutoff=_NEAR):
        model.unknown[f"model.{name}"] = known.line


def train_call(node: ast.Call, model: Model, arguments: Arguments) -> TrainCall:
    """The call with everything that was set on its model before."""
    line, last_line = node.lineno, node.end_lineno or node.lineno
    values = dict(model.values)
    unknown = dict(model.unknown)
    fold = values.pop("save_fold", None)
    if not model.sure:
        values.update({name: unreadable(line) for name in MODEL_NAMES if name not in values})
    _take(values, unknown, arguments, {name: name for name in TRAIN_NAMES})
    if fold is not None and not (fold.given and not fold.value):  # the attribute wins over the argument
        values["save_fold"] = fold
    return TrainCall(line, last_line, values, unknown)


def _take(
    values: dict[str, Known],
    unknown: dict[str, int],
    arguments: Arguments,
    names: Mapping[str, str | None],
) -> None:
    """Sort the arguments by the parameters that they set; a name of None is allowed and sets nothing."""
    order = tuple(names)
    for place, known in enumerate(arguments.positional):
        if place < len(order):
            _put(values, names[order[place]], known)
        else:
            unknown[f"#{place + 1}"] = known.line
    for name, known in arguments.named.items():
        if name in names:
            _put(values, names[name], known)
        else:
            unknown[name] = known.line
    if arguments.hidden is not None:
        given = set(order[: len(arguments.positional)]) | set(arguments.named)
        _hide(values, (names[name] for name in order if name not in given), arguments.hidden)


def _put(values: dict[str, Known], name: str | None, known: Known) -> None:
    if name is not None:
        values[name] = _plain(known)


def _hide(values: dict[str, Known], names: Iterable[str | None], line: int) -> None:
    for name in names:
        if name is not None:
            values[name] = unreadable(line)


def _plain(known: Known) -> Known:
    """A model, a module or a function is no value that can be shown."""
    value: Any = known.value
    return unreadable(known.line) if known.given and not plain(value) else known


def names_in(roots: Sequence[ast.AST]) -> set[str]:
    """All names that these targets or statements assign to."""
    nodes = (node for root in roots for node in ast.walk(root))
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
