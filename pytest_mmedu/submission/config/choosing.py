"""哪些文件是配置 | Which files are configs, told by what they hold; and what a training wrote down is no homework.

A config sets `_base_`, or a `model` that is a dict, or several of mmcls's own names, and starts no training itself.
"""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from pytest_mmedu.config_tree import leaves
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.source import Source, read_source
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.submission.config.formats import OneFile

_NAMES = frozenset(
    "model data optimizer optimizer_config lr_config runner evaluation log_config checkpoint_config load_from "
    "dataset_type train_pipeline test_pipeline train_cfg val_evaluator param_scheduler default_hooks optim_wrapper "
    "train_dataloader val_dataloader data_preprocessor".split()
)
_ENOUGH = 3  # of these names, where there is neither `_base_` nor a model
_TRAINS = re.compile(r"(MMEdu|pytest_mmedu|mm(cls|pretrain)\.apis|mm(cv|engine)\.(runner|Config)|torch)\b")
_IN_TEXT = re.compile(r"^(_base_\s*=|model\s*=\s*dict\()", re.MULTILINE)
_OF_A_RUN = re.compile(r".*\.log(\.json)?|(epoch|iter)_\d+\.pth|latest\.pth|best_.+\.pth|scalars\.json")


class ConfigFacts(NamedTuple):
    """What decides between configs. `state` as for programs: 3 filled in, 2 cannot be read, 1 something left open."""

    path: PurePosixPath
    state: int
    left_open: int = 0
    bases: tuple[str, ...] = ()

    def parents(self) -> Iterator[str]:
        """The files of the submission that it may inherit from."""
        for base in self.bases:
            yield posixpath.normpath(posixpath.join(self.path.parent.as_posix(), base.replace("\\", "/")))


def config_at(folder: Path, path: PurePosixPath) -> ConfigFacts | None:
    """What is to be known of a file of the submission, None where it is no config."""
    try:
        return facts_of(read_source(folder / path, path.as_posix()), path)
    except SubmissionError:
        return None


def facts_of(source: Source, path: PurePosixPath) -> ConfigFacts | None:
    """None where the file is no config."""
    if not _is_config(source):
        return None
    try:
        one = _read_form(source)
    except SubmissionError:
        return ConfigFacts(path, 2)
    left_open = sum(leaf.state == "not filled in" for _, leaf in leaves(one.table))
    return ConfigFacts(path, 1 if left_open else 3, left_open, one.bases)


def _read_form(source: Source) -> OneFile:
    """Every program is looked at here and few are configs: their readers are imported for those alone."""
    from pytest_mmedu.submission.config.formats import read_form

    return read_form(source)


def ranked(found: Sequence[ConfigFacts], named: set[str], others: Iterable[PurePosixPath]) -> list[ConfigFacts]:
    """The one to judge first; parents of another one are left out, what a training has written comes last."""
    parents = {parent for one in found for parent in one.parents() if parent != one.path.as_posix()}
    runs = {path.parent for path in others if _OF_A_RUN.fullmatch(path.name)}
    wanted = [one for one in found if one.path.as_posix() not in parents or one.path.name in named]

    def rank(one: ConfigFacts) -> tuple[object, ...]:
        last = (one.path.suffix != ".py", len(one.path.parts), str(one.path))
        return (one.path.name not in named, written_down(one, runs), -one.state, one.left_open, *last)

    return sorted(wanted or found, key=rank)


def config_notes(ordered: Sequence[ConfigFacts]) -> tuple[Text, ...]:
    """Which of several is judged, and why."""
    if len(ordered) < 2:
        return ()
    taken, others = ordered[0], ordered[1:]
    name, names = printable(str(taken.path)), listing(printable(str(one.path)) for one in others[:5])
    why = _WHY_WRITTEN if taken.bases and not any(one.bases for one in others) else _WHY_FIRST
    return (
        Text(
            f"批改的配置是 {name}（{why.zh}），没有看 {names.zh}。",
            f"The config {name} is graded ({why.en}); not looked at: {names.en}.",
        ),
    )


_WHY_WRITTEN = Text("它写有 _base_，别的是训练时存下的", "it has a _base_, the others are what a training wrote down")
_WHY_FIRST = Text("它最先找到", "it was found first")


def written_down(one: ConfigFacts, runs: set[PurePosixPath]) -> bool:
    """The whole config as mmcls saves it beside its log, without parents."""
    return not one.bases and (one.path.parent in runs or one.path.parent.name == "vis_data")


def _is_config(source: Source) -> bool:
    if not source.name.lower().endswith(".py"):
        return _is_data_config(source)
    try:
        body = ast.parse(source.text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _IN_TEXT.search(source.text) is not None and _TRAINS.search(source.text) is None
    names = {name: value for statement in body for name, value in _assigned(statement)}
    if any(_starts_training(statement) for statement in body):
        return False
    model = names.get("model")
    return "_base_" in names or _is_dict(model) or len(_NAMES & set(names)) >= _ENOUGH or _inherits_newly(body)


def _is_data_config(source: Source) -> bool:
    try:
        entries = _read_form(source)
    except SubmissionError:
        return False
    names = set(entries.table.entries)
    return bool(entries.bases) or len(_NAMES & names) >= _ENOUGH or {"model", "data"} <= names


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(statement, ast.Assign):
        yield from ((target.id, statement.value) for target in statement.targets if isinstance(target, ast.Name))


def _is_dict(value: ast.expr | None) -> bool:
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict"
    return called or isinstance(value, ast.Dict)


def _starts_training(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If) and "__main__" in ast.dump(statement.test):
        return True
    if isinstance(statement, ast.ImportFrom):
        return any(_TRAINS.match(f"{statement.module}.{alias.name}") for alias in statement.names)
    return isinstance(statement, ast.Import) and any(_TRAINS.match(alias.name) for alias in statement.names)


def _inherits_newly(body: Sequence[ast.stmt]) -> bool:
    """mmengine's `with read_base(): from .resnet18 import *`."""
    withs = (statement for statement in body if isinstance(statement, ast.With))
    return any("read_base" in ast.dump(item.context_expr) for one in withs for item in one.items)
