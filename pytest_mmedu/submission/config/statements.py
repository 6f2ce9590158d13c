"""配置里的语句 | The statements of a config in Python, read in order without being run: names, dicts, lists, parents.

What the walk over scripts knows (arithmetic, functions, loops over constants) holds here, too. On top of it lists keep
their elements, methods that change a dict are followed, and `_base_` is what it is to mmcv.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_mmedu.submission import constants
from pytest_mmedu.submission.known import Known, Module, Names, Table, blank, unreadable
from pytest_mmedu.submission.train_calls import Arguments
from pytest_mmedu.submission.walk import Walk

BASE = "_base_"
_MODULE_OF_BASES = "read_base"
_LONGEST_LOOP, _MOST_ROUNDS = 50, 2000
_LONGEST_LIST = 10_000
TEMPLATE = re.compile(r"\{\{.*?\}\}", re.DOTALL)


@dataclass
class Parts:
    """A list or a tuple whose elements are more than plain values."""

    items: list[Known] = field(default_factory=list)
    is_tuple: bool = False


@dataclass(frozen=True)
class Reference:
    """`{{ _base_.path }}`, or mmengine's `_base_.path`."""

    path: str


class Statements(Walk):
    """A config's source. `imported_bases` are mmengine's parents, as files: `with read_base(): from .a import *`."""

    def __init__(self) -> None:
        super().__init__()
        self.imported_bases: list[str] = []
        self._rounds = 0

    @property
    def names(self) -> Names:
        """What the config holds: every name of the module that does not begin with two underscores."""
        return {name: known for name, known in self.scopes[0].items() if not name.startswith("__")}

    def _tuple(self, node: ast.Tuple | ast.List) -> Known:
        parts = list(itertools.islice(self._elements(node.elts), _LONGEST_LIST + 1))
        if len(parts) > _LONGEST_LIST:
            return unreadable(node.lineno)
        whole = Known(Parts(parts, isinstance(node, ast.Tuple)), node.lineno)
        return _simple(whole) or whole

    _list = _tuple

    def _elements(self, elements: Iterable[ast.expr]) -> Iterable[Known]:
        for element in elements:
            if not isinstance(element, ast.Starred):
                yield self.value(element)
                continue
            several = _parts_of(self.value(element.value))
            yield from [unreadable(element.lineno)] if several is None else several.items

    def _binop(self, node: ast.BinOp) -> Known:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add) and (isinstance(left.value, Parts) or isinstance(right.value, Parts)):
            both = [_parts_of(left), _parts_of(right)]
            if both[0] is not None and both[1] is not None:
                return _joined(both[0], both[1], node.lineno)
        return super()._binop(node)

    def _subscript(self, node: ast.Subscript) -> Known:
        whole = self.value(node.value)
        if isinstance(whole.value, Parts):
            index = self.value(node.slice)
            inside = isinstance(index.value, int) and -len(whole.value.items) <= index.value < len(whole.value.items)
            return whole.value.items[index.value] if inside else unreadable(node.lineno)
        if isinstance(node.slice, ast.Slice) and whole.given and isinstance(whole.value, (list, tuple, str)):
            return self._sliced(node.slice, whole, node.lineno)
        return super()._subscript(node)

    def _sliced(self, node: ast.Slice, whole: Known, line: int) -> Known:
        bounds = [None if one is None else self.value(one).value for one in (node.lower, node.upper, node.step)]
        if bounds[2] == 0 or any(not isinstance(bound, (int, type(None))) for bound in bounds):
            return unreadable(line)
        return Known(whole.value[slice(*bounds)], line)

    def _listcomp(self, node: ast.ListComp) -> Known:
        """`[round(x) for x in mean[::-1]]`, as mmcls's own pipelines have it."""
        rule = node.generators[0]
        over = self.value(rule.iter)
        simple = len(node.generators) == 1 and not rule.ifs and not rule.is_async and isinstance(rule.target, ast.Name)
        if not simple or not over.given or not isinstance(over.value, (list, tuple, range)):
            return self._other(node)
        self._rounds += len(over.value)
        if len(over.value) > _LONGEST_LOOP or self._rounds > _MOST_ROUNDS:
            return unreadable(node.lineno)
        self.scopes.append(dict(self.scopes[-1]))
        try:
            whole = Known(Parts([self._round(node, rule.target, one) for one in over.value]), node.lineno)
        finally:
            self.scopes.pop()
        return _simple(whole) or whole

    def _round(self, node: ast.ListComp, target: ast.expr, one: object) -> Known:
        self.assign(target, Known(one, node.lineno))
        return self.value(node.elt)

    def _attribute(self, node: ast.Attribute) -> Known:
        path = _base_path(node)
        return Known(Reference(path), node.lineno, "unreadable") if path else super()._attribute(node)

    def _set(self, node: ast.Set) -> Known:
        """`{{ _base_.lr }}` is, to Python, a set within a set."""
        inner = node.elts[0]
        if len(node.elts) == 1 and isinstance(inner, ast.Set):
            inner = inner.elts[0]
        path = _base_path(inner)
        return Known(Reference(path), node.lineno, "unreadable") if path else self._other(node)

    def _call_of(self, node: ast.Call, called: Known, name: str | None, arguments: Arguments | None = None) -> Known:
        """`dict({'.norm': dict(lr_mult=0)}, more=1)`, too."""
        arguments = arguments or self._arguments(node)
        first = arguments.positional[0].value if len(arguments.positional) == 1 else None
        if name == "dict" and isinstance(first, Table) and arguments.hidden is None:
            return Known(Table({**first.entries, **arguments.named}), node.lineno)
        return super()._call_of(node, called, name, arguments)

    def _method(self, node: ast.Call, owner: Known, name: str) -> Known:
        known = super()._method(node, owner, name)
        thing = owner.value
        if isinstance(thing, Table):
            return self._method_of_table(node, thing, name)
        if isinstance(thing, (Parts, list)) and name not in ("copy", "index", "count"):
            if name == "append" and isinstance(thing, Parts) and len(node.args) == 1:
                thing.items.append(self.value(node.args[0]))
            else:
                self._forget(node)
        return known

    def _method_of_table(self, node: ast.Call, table: Table, name: str) -> Known:
        arguments = self._arguments(node)
        if name == "get" and arguments.positional and isinstance(arguments.positional[0].value, str):
            default = arguments.positional[1] if len(arguments.positional) > 1 else Known(None, node.lineno)
            return table.entries.get(arguments.positional[0].value, default)
        if name == "copy":
            return Known(Table(dict(table.entries)), node.lineno)
        if name == "update" and arguments.hidden is None:
            for known in arguments.positional:
                if not isinstance(known.value, Table):
                    table.entries.update(dict.fromkeys(table.entries, unreadable(node.lineno)))
                else:
                    table.entries.update(known.value.entries)
            table.entries.update(arguments.named)
        elif name == "pop" and arguments.positional and isinstance(arguments.positional[0].value, str):
            return table.entries.pop(arguments.positional[0].value, unreadable(node.lineno))
        elif name not in ("keys", "items", "values"):
            table.entries.update(dict.fromkeys(table.entries, unreadable(node.lineno)))
        return unreadable(node.lineno)

    def _forget(self, node: ast.Call) -> None:
        """A list that is changed by a method: its value is known no longer."""
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if isinstance(owner, (ast.Name, ast.Subscript)):
            self.assign(owner, unreadable(node.lineno))

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scopes[-1].pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                table, key = self.value(target.value).value, self.value(target.slice).value
                if isinstance(table, Table) and isinstance(key, str):
                    table.entries.pop(key, None)

    def _do_with(self, node: ast.With | ast.AsyncWith) -> None:
        if any(_calls_read_base(item.context_expr) for item in node.items):
            for statement in node.body:
                if isinstance(statement, ast.ImportFrom) and statement.module:
                    self.imported_bases.append(_as_path(statement))
            return
        super()._do_with(node)

    def _do_augassign(self, node: ast.AugAssign) -> None:
        """`pipeline += [dict(...)]`"""
        if isinstance(node.op, ast.Add) and isinstance(node.target, ast.Name):
            left, right = self.look_up(node.target.id), self.value(node.value)
            both = [_parts_of(one) if one is not None else None for one in (left, right)]
            if both[0] is not None and both[1] is not None:
                self.assign(node.target, _joined(both[0], both[1], node.lineno))
                return
        super()._do_augassign(node)


def _simple(whole: Known) -> Known | None:
    """A list of plain values as one value, so that arithmetic and loops can use it."""
    parts = whole.value
    if any(
        part.given and isinstance(part.value, (list, tuple)) and not constants.plain(part.value) for part in parts.items
    ):
        return unreadable(whole.line)
    for part in parts.items:
        if part.state == "not filled in":
            return blank(part.line)
        if not part.given or isinstance(part.value, (Table, Parts, Module)) or callable(part.value):
            return None
        if part.value is not None and not isinstance(part.value, (bool, int, float, str, list, tuple, range)):
            return None
    return Known((tuple if parts.is_tuple else list)(part.value for part in parts.items), whole.line)


def _joined(left: Parts, right: Parts, line: int) -> Known:
    if len(left.items) + len(right.items) > _LONGEST_LIST:
        return unreadable(line)
    return Known(Parts([*left.items, *right.items], left.is_tuple), line)


def _parts_of(known: Known) -> Parts | None:
    if isinstance(known.value, Parts):
        return known.value
    if known.given and isinstance(known.value, (list, tuple)):
        return Parts([Known(one, known.line) for one in known.value], isinstance(known.value, tuple))
    return None


def _base_path(node: ast.expr) -> str:
    """`_base_.model.head` -> "model.head"; empty for anything else."""
    words: list[str] = []
    while isinstance(node, ast.Attribute):
        words.insert(0, node.attr)
        node = node.value
    return ".".join(words) if isinstance(node, ast.Name) and node.id == BASE else ""


def _calls_read_base(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == _MODULE_OF_BASES


def _as_path(statement: ast.ImportFrom) -> str:
    """`from .._base_.models.resnet18 import *` -> "../_base_/models/resnet18.py"."""
    module = (statement.module or "").replace(".", "/") + ".py"
    return "./" + "../" * (statement.level - 1) + module if statement.level else module
