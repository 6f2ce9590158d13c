"""配置的几种写法 | A config file of any form as a tree: Python, JSON, YAML. Nothing is run, no object is built."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pytest_mmedu.asked import NOT_PLAIN
from pytest_mmedu.config_tree import Items, Leaf, Node, Table
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.config.statements import BASE, TEMPLATE, Parts, Reference, Statements
from pytest_mmedu.submission.known import Function, Known, ModelClass, Module, OtherThing
from pytest_mmedu.submission.known import Table as Entries
from pytest_mmedu.submission.source import Source, parse
from pytest_mmedu.text import Text

_MOST_NODES, _DEEPEST = 20_000, 60
_JSON_NAMES = {"true": True, "false": False, "null": None, "NaN": float("nan"), "Infinity": float("inf")}
_YAML_TAGS = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("map", "seq", "str", "int", "float", "bool", "null"))
_DEPRECATION = "_deprecation_"  # for mmcv to warn of, no part of the config
_CLASS_KEYS = ("type", "constructor")


@dataclass(frozen=True)
class OneFile:
    """What one file says: its own values, and the parents that it names."""

    table: Table
    bases: tuple[str, ...] = ()
    unreadable_bases: str | None = None  # the place where `_base_` is something that cannot be read


def read_form(source: Source) -> OneFile:
    """The file's values with their places.

    Raises:
        SubmissionError: a syntax error, or more than any config holds.
    """
    try:
        if source.name.lower().endswith(".py"):
            return _python(source)
        table = _json(source) if source.name.lower().endswith(".json") else _yaml(source)
    except RecursionError as error:
        raise _too_deep(source) from error
    return _split(table, ())


def _python(source: Source) -> OneFile:
    reader = Statements()
    reader.run(parse(source).body)
    making = _Making(source)
    entries = {name: making.node(known, name) for name, known in reader.names.items() if _belongs(known)}
    return _split(Table(entries, source.name), tuple(reader.imported_bases))


def _belongs(known: Known) -> bool:
    """mmcv leaves modules and functions out; classes that were imported are not of interest either."""
    return not isinstance(known.value, (Module, Function, ModelClass, OtherThing))


def _split(table: Table, more: tuple[str, ...]) -> OneFile:
    entries = dict(table.entries)
    entries.pop(_DEPRECATION, None)
    named = entries.pop(BASE, None)
    table = Table(entries, table.place)
    if named is None:
        return OneFile(table, more)
    several = named.items if isinstance(named, Items) else (named,)
    texts = [one.value for one in several if isinstance(one, Leaf) and isinstance(one.value, str)]
    whole = len(texts) == len(several)
    return OneFile(table, (*texts, *more), None if whole else getattr(several[0], "place", None) or table.place)


class _Making:
    """Values of the walk as nodes; dicts that stand in several places are copied, so their number is bounded."""

    def __init__(self, source: Source) -> None:
        self._source, self._made = source, 0

    def node(self, known: Known, key: str = "", depth: int = 0) -> Node:
        self._made += 1
        if self._made > _MOST_NODES:
            raise _too_large(self._source)
        if depth > _DEEPEST:
            raise _too_deep(self._source)
        depth += 1
        place, value = self._source.place(known.line), known.value
        if isinstance(value, Entries):
            return Table({name: self.node(one, name, depth) for name, one in value.entries.items()}, place)
        if isinstance(value, Parts):
            return Items(tuple(self.node(one, "", depth) for one in value.items), place, value.is_tuple)
        if isinstance(value, (list, tuple, range)) and known.given:
            return Items(
                tuple(self.node(Known(one, known.line), "", depth) for one in value), place, isinstance(value, tuple)
            )
        return self._leaf(known, place, key)

    def _leaf(self, known: Known, place: str, key: str) -> Leaf:
        value = known.value
        if isinstance(value, Reference):
            return Leaf(None, place, "unreadable", NOT_PLAIN, value.path)
        if known.state == "not filled in":
            return Leaf(None, place, "not filled in")
        if isinstance(value, Module) and key in _CLASS_KEYS:  # mmengine's `type=ResNet`, the class itself
            return Leaf(value.name.rpartition(".")[2], place)
        if not known.given or not (value is None or isinstance(value, (bool, int, float, str))):
            return Leaf(None, place, "unreadable", NOT_PLAIN)
        return _text_leaf(value, place) if isinstance(value, str) else Leaf(value, place)


def _text_leaf(value: str, place: str) -> Leaf:
    """`"{{ fileDirname }}"` is filled in by mmcv."""
    if TEMPLATE.search(value) is None:
        return Leaf(value, place)
    path = re.fullmatch(r"\{\{\s*_base_\.([\w.]+)\s*\}\}", value)
    return Leaf(None, place, "unreadable", NOT_PLAIN, path[1] if path else None)


def _json(source: Source) -> Table:
    """JSON is near enough to Python to be read with the lines of every value."""
    try:
        json.loads(source.text)
        tree = ast.parse(source.text.strip().replace("\\/", "/"), mode="eval")
    except (ValueError, SyntaxError, MemoryError) as error:
        raise _not_read(source, getattr(error, "lineno", None), "JSON") from error
    above = source.text[: len(source.text) - len(source.text.lstrip())].count("\n")
    ast.increment_lineno(tree, above)
    made = _Making(source).node(Statements().value(_JsonNames().visit(tree).body))
    return made if isinstance(made, Table) else Table({}, source.name)


class _JsonNames(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(_JSON_NAMES.get(node.id)), node)


def _yaml(source: Source) -> Table:
    """By PyYAML's nodes, from which no object is built; it comes with mmcv."""
    try:
        yaml: Any = import_module("yaml")
    except ImportError as error:
        seen = Text(f"这里读不了 {source.name}：没有安装 PyYAML。", f"{source.name} needs PyYAML to be read here.")
        raise SubmissionError(seen, Text("请交 .py 配置。", "Hand in a .py config."), place=source.name) from error
    try:
        root = yaml.compose(source.text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _not_read(source, mark.line + 1 if mark else None, "YAML") from error
    made = _YamlMaking(source, yaml).node(root) if root is not None else None
    return made if isinstance(made, Table) else Table({}, source.name)


class _YamlMaking:
    def __init__(self, source: Source, yaml: Any) -> None:
        self._source, self._yaml, self._made = source, yaml, 0
        self._plain = yaml.SafeLoader("")

    def node(self, node: Any, depth: int = 0) -> Node:
        self._made += 1
        if self._made > _MOST_NODES:  # aliases within aliases, too
            raise _too_large(self._source)
        if depth > _DEEPEST:
            raise _too_deep(self._source)
        depth += 1
        place = self._source.place(node.start_mark.line + 1)
        if not node.tag.startswith(_YAML_TAGS):  # !!python/object/apply:os.system
            return Leaf(None, place, "unreadable", NOT_PLAIN)
        if isinstance(node, self._yaml.MappingNode):
            return Table({str(key.value): self.node(value, depth) for key, value in node.value}, place)
        if isinstance(node, self._yaml.SequenceNode):
            return Items(tuple(self.node(one, depth) for one in node.value), place)
        value = self._plain.construct_object(node)
        if isinstance(value, str):
            return _text_leaf(value, place)
        known = value is None or isinstance(value, (bool, int, float))
        return Leaf(value, place) if known else Leaf(None, place, "unreadable", NOT_PLAIN)


def _not_read(source: Source, line: int | None, form: str) -> SubmissionError:
    place = source.place(line) if line else source.name
    seen = Text(f"{source.name} 不是正确的 {form}。", f"{source.name} is not correct {form}.")
    return SubmissionError(seen, Text("看看所指的那一行。", "Look at that line."), place=place)


def _too_large(source: Source) -> SubmissionError:
    seen = Text(f"{source.name} 的内容太多，不像配置。", f"{source.name} holds more than any config does.")
    todo = Text("配置只写训练需要的设置。", "A config holds the settings of a training and no more.")
    return SubmissionError(seen, todo, place=source.name)


def _too_deep(source: Source) -> SubmissionError:
    seen = Text(f"{source.name} 嵌套太深，读不了。", f"{source.name} is nested too deeply to be read.")
    return SubmissionError(seen, Text("请把它写得简单些。", "Write it in a simpler way."), place=source.name)
