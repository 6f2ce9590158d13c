"""继承怎么合并 | How a config goes over its parents, as mmcv does it: dicts are merged, everything else is replaced."""

from __future__ import annotations

from dataclasses import replace

from pytest_mmedu.config_tree import Leaf, Node, Table, found_at
from pytest_mmedu.text import Text

DELETE = "_delete_"


def merged(child: Table, base: Table) -> Table:
    """`child` over `base`; `_delete_=True` in a table of the child leaves nothing of the parent's."""
    entries = dict(base.entries)
    for name, node in child.entries.items():
        entries[name] = _over(node, base.entries.get(name), base.open)
    return Table(entries, child.place, base.open or child.open)


def _over(node: Node, below: Node | None, why: Text | None) -> Node:
    if not isinstance(node, Table):
        return node
    deletes = node.entries.get(DELETE)
    if isinstance(deletes, Leaf) and deletes.state == "given" and deletes.value:
        return without_marks(node)
    if isinstance(below, Table):
        return merged(node, below)
    if isinstance(below, Leaf) and below.state != "given":
        why = below.why
    return opened(node, why) if why is not None and (below is None or isinstance(below, Leaf)) else node


def opened(node: Node, why: Text) -> Node:
    """A table that goes over a parent nobody knows: each table inside may hold more than is written."""
    if not isinstance(node, Table):
        return node
    deletes = node.entries.get(DELETE)
    if isinstance(deletes, Leaf) and deletes.value is True:
        return without_marks(node)
    return Table({name: opened(child, why) for name, child in node.entries.items()}, node.place, why)


def without_marks(node: Table) -> Table:
    """The table without `_delete_`, which is no value of the config."""
    return replace(node, entries={name: child for name, child in node.entries.items() if name != DELETE})


def resolved(node: Node, base: Table) -> Node:
    """With the values of the parents for each `{{ _base_.path }}`."""
    if isinstance(node, Leaf):
        if node.refers is None:
            return node
        there = _node_at(base, node.refers)
        return there if there is not None else _unknown(node, base)
    if isinstance(node, Table):
        return replace(node, entries={name: resolved(child, base) for name, child in node.entries.items()})
    return replace(node, items=tuple(resolved(child, base) for child in node.items))


def _node_at(base: Table, path: str) -> Node | None:
    node: Node = base
    for key in path.split("."):
        if not isinstance(node, Table) or key not in node.entries:
            return None
        node = node.entries[key]
    return node


def _unknown(node: Leaf, base: Table) -> Leaf:
    assert node.refers is not None
    return replace(node, why=found_at(base, node.refers).why or node.why)
