"""配置树 | A config as a tree of values, each with the place where it is written; what is not known says why.

    config.at("model.head.num_classes")  ->  Found("given", 10, "config.py:8")

Only data: how a file becomes such a tree is the business of `submission.config`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pytest_mmedu.text import Text

LeafState = Literal["given", "not filled in", "unreadable"]
State = Literal["given", "not filled in", "unreadable", "missing"]


@dataclass(frozen=True)
class Leaf:
    """A plain value. `refers` is the path in the parents that `{{ _base_.path }}` stands for."""

    value: Any
    place: str | None = None
    state: LeafState = "given"
    why: Text | None = None
    refers: str | None = None


@dataclass(frozen=True)
class Table:
    """`dict(...)`. `open` says why it may hold more than is known: a parent that was not handed in."""

    entries: Mapping[str, Node] = field(default_factory=dict)
    place: str | None = None
    open: Text | None = None


@dataclass(frozen=True)
class Items:
    """A list or a tuple."""

    items: tuple[Node, ...] = ()
    place: str | None = None
    is_tuple: bool = False


Node: TypeAlias = Leaf | Table | Items


@dataclass(frozen=True)
class Found:
    """What stands at a path. `why` goes with "unreadable"; `place` of what is missing is the table that lacks it."""

    state: State
    value: Any = None
    place: str | None = None
    why: Text | None = None

    @property
    def given(self) -> bool:
        return self.state == "given"


@dataclass(frozen=True)
class ConfigTree:
    """A config with its parents merged. `name` is the file, `unknown` the parents that could not be read.

    `folder` is what was handed in with it; None where nothing was.
    """

    root: Table
    name: str = "config.py"
    unknown: tuple[str, ...] = ()
    folder: Path | None = None

    def at(self, path: str) -> Found:
        """The value at a dotted path; in a list a number chooses, and a name the first element that has it."""
        return found_at(self.root, path)

    def first(self, *paths: str) -> Found:
        """Of several spellings of one thing the one that is there; of those that are not, the most telling."""
        found = [self.at(path) for path in paths]
        for state in ("given", "not filled in", "unreadable"):
            for one in found:
                if one.state == state:
                    return one
        return found[-1]

    def blanks(self) -> Iterator[tuple[str, Leaf]]:
        """Everything that is still `...`, by its path."""
        return ((path, leaf) for path, leaf in leaves(self.root) if leaf.state == "not filled in")


def found_at(root: Node, path: str) -> Found:
    """What stands below `root` at a dotted path."""
    node: Node = root
    rest = path.split(".")
    for position, key in enumerate(rest):
        if isinstance(node, Items):
            return _in_items(node, ".".join(rest[position:]))
        if isinstance(node, Leaf):
            return Found(node.state, None, node.place, node.why) if node.state != "given" else _missing(node)
        if key not in node.entries:
            return Found("unreadable", None, node.place, node.open) if node.open else _missing(node)
        node = node.entries[key]
    return _found(node)


def _missing(node: Node) -> Found:
    return Found("missing", None, node.place)


def _in_items(node: Items, path: str) -> Found:
    key, _, rest = path.partition(".")
    if key.isdecimal() and len(key) < 6:
        if int(key) >= len(node.items):
            return _missing(node)
        chosen = node.items[int(key)]
        return found_at(chosen, rest) if rest else _found(chosen)
    inside = [found_at(item, path) for item in node.items if isinstance(item, Table)]
    return next((one for one in inside if one.state != "missing"), _missing(node))


def _found(node: Node) -> Found:
    for _, leaf in leaves(node):
        if leaf.state != "given":
            return Found(leaf.state, None, leaf.place, leaf.why)
    if isinstance(node, Table) and node.open:
        return Found("unreadable", None, node.place, node.open)
    return Found("given", plain(node), node.place)


def leaves(node: Node, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """Every leaf below a node with its dotted path."""
    if isinstance(node, Leaf):
        yield path, node
        return
    inside = node.entries.items() if isinstance(node, Table) else enumerate(node.items)
    for key, child in inside:
        yield from leaves(child, f"{path}.{key}" if path else str(key))


def plain(node: Node) -> Any:
    """Dicts, lists and values; what is not known is None."""
    if isinstance(node, Leaf):
        return node.value
    if isinstance(node, Table):
        return {key: plain(child) for key, child in node.entries.items()}
    made = [plain(child) for child in node.items]
    return tuple(made) if node.is_tuple else made


def tree_of(value: Any) -> Node:
    """Plain data, as a config that was loaded holds it, as a tree without places."""
    if isinstance(value, dict):
        return Table({str(key): tree_of(one) for key, one in value.items()})
    if isinstance(value, (list, tuple)):
        return Items(tuple(map(tree_of, value)), None, isinstance(value, tuple))
    return Leaf(value)
