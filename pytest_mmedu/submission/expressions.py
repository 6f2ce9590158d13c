"""表达式的值 | What an expression is worth, as far as its source says; train() calls met on the way are noted.

Nothing is run: names are looked up among what the walk has seen, arithmetic is done on constants only.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from pytest_mmedu.submission import constants
from pytest_mmedu.submission.known import (
    MODEL_CLASS,
    OTHER_THING,
    Known,
    Model,
    Module,
    Names,
    Table,
    blank,
    unreadable,
)
from pytest_mmedu.submission.train_calls import TrainCall, names_in

_MMEDU = ("MMEdu", "pytest_mmedu.mmedu")


class Stop(Exception):
    """The program ends here: `exit()`, or there is more of it than is worth reading."""


def is_mmedu(module: str | None) -> bool:
    return module is not None and any(module == name or module.startswith(f"{name}.") for name in _MMEDU)


class Expressions:
    """The part of the walk that reads expressions; calls are `calls.Calls`'s, statements `walk.Walk`'s."""

    def __init__(self) -> None:
        self.scopes: list[Names] = [{"__name__": Known("__main__", 0)}]
        self.calls: list[TrainCall] = []
        self.blanks: list[int] = []
        self.visited: set[int] = set()
        self.imports_mmedu = False

    def value(self, node: ast.expr) -> Known:
        """What the expression is worth."""
        read: Callable[[Any], Known] = getattr(self, f"_{type(node).__name__.lower()}", self._other)
        return read(node)

    def look_up(self, name: str) -> Known | None:
        return self.scopes[-1].get(name) or self.scopes[0].get(name)

    def _other(self, node: ast.AST) -> Known:
        """Comprehensions, lambdas and the like: unknown, but a train() call inside one counts."""
        line = getattr(node, "lineno", 1)
        inside = dict.fromkeys(names_in([node]), unreadable(line))
        self.scopes.append({**self.scopes[-1], **inside})
        try:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.expr):
                    self.value(child)
                else:  # the parts of a comprehension, the arguments of a lambda
                    self._other(child)
        finally:
            self.scopes.pop()
        return unreadable(line)

    def _lambda(self, node: ast.Lambda) -> Known:
        """Nobody knows whether it is called: an `exit()` in it ends nothing."""
        with suppress(Stop):
            self._other(node)
        return unreadable(node.lineno)

    def _constant(self, node: ast.Constant) -> Known:
        return blank(node.lineno) if node.value is ... else Known(node.value, node.lineno)

    def _name(self, node: ast.Name) -> Known:
        known = self.look_up(node.id)
        if known is None and len(node.id) > 1 and not node.id.strip("_"):  # lr=____
            return blank(node.lineno)
        return known or unreadable(node.lineno)

    def _namedexpr(self, node: ast.NamedExpr) -> Known:
        known = self.value(node.value)
        self.scopes[-1][node.target.id] = known
        return known

    def _binop(self, node: ast.BinOp) -> Known:
        parts = [self.value(node.left), self.value(node.right)]
        return self.computed(node, parts, lambda: constants.binary(node.op, *(part.value for part in parts)))

    def _unaryop(self, node: ast.UnaryOp) -> Known:
        part = self.value(node.operand)
        return self.computed(node, [part], lambda: constants.unary(node.op, part.value))

    def _compare(self, node: ast.Compare) -> Known:
        parts = [self.value(node.left), *map(self.value, node.comparators)]
        return self.computed(node, parts, lambda: constants.compare(node.ops, [part.value for part in parts]))

    def _boolop(self, node: ast.BoolOp) -> Known:
        ends = isinstance(node.op, ast.Or)
        known = unreadable(node.lineno)
        for one in node.values:
            known = self.value(one)
            if not known.given or not constants.plain(known.value) or bool(known.value) is ends:
                break
        return known

    def _ifexp(self, node: ast.IfExp) -> Known:
        test = self.value(node.test)
        if test.given and constants.plain(test.value):
            return self.value(node.body if test.value else node.orelse)
        one, other = self.value(node.body), self.value(node.orelse)
        return one if one == other else unreadable(node.lineno)

    def _tuple(self, node: ast.Tuple | ast.List) -> Known:
        if any(isinstance(one, ast.Starred) for one in node.elts):
            return self._other(node)
        parts = list(map(self.value, node.elts))
        kind = tuple if isinstance(node, ast.Tuple) else list
        return self.computed(node, parts, lambda: kind(part.value for part in parts))

    _list = _tuple

    def _dict(self, node: ast.Dict) -> Known:
        entries: dict[str, Known] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            known = self.value(value)
            name = self.value(key) if key is not None else None
            if name is None and isinstance(known.value, Table):  # {**settings}
                entries.update(known.value.entries)
            elif name is None or not isinstance(name.value, str):
                return unreadable(node.lineno)
            else:
                entries[name.value] = known
        return Known(Table(entries), node.lineno)

    def _subscript(self, node: ast.Subscript) -> Known:
        whole = self.value(node.value)
        index = self.value(node.slice) if isinstance(node.slice, (ast.Constant, ast.Name)) else unreadable(0)
        if isinstance(whole.value, Table) and isinstance(index.value, str):
            return whole.value.entries.get(index.value) or unreadable(node.lineno)
        if isinstance(whole.value, (list, tuple)) and isinstance(index.value, int):
            return self.computed(node, [whole, index], lambda: whole.value[index.value])
        return unreadable(node.lineno)

    def _joinedstr(self, node: ast.JoinedStr) -> Known:
        parts = list(map(self.value, node.values))
        return self.computed(node, parts, lambda: "".join(part.value for part in parts))

    def _formattedvalue(self, node: ast.FormattedValue) -> Known:
        parts = [self.value(node.value), self.value(node.format_spec) if node.format_spec else Known("", node.lineno)]
        if node.conversion != -1:
            return unreadable(node.lineno)
        return self.computed(node, parts, lambda: constants.formatted(parts[0].value, parts[1].value))

    def _await(self, node: ast.Await) -> Known:
        return self.value(node.value)

    def _attribute(self, node: ast.Attribute) -> Known:
        owner = self.value(node.value)
        if isinstance(owner.value, Module):
            return Known(member(owner.value.name, node.attr), node.lineno)
        if isinstance(owner.value, Model):
            return owner.value.values.get(node.attr) or unreadable(node.lineno)
        return unreadable(node.lineno)

    def computed(self, node: ast.expr, parts: Iterable[Known], compute: Callable[[], Any]) -> Known:
        """The result, unless a part of it is not filled in or cannot be read."""
        parts = list(parts)
        for part in parts:
            if part.state == "not filled in":
                return part
        if any(not part.given or not constants.plain(part.value) for part in parts):
            return unreadable(node.lineno)
        try:
            return Known(compute(), node.lineno)
        except (constants.Unknown, IndexError):
            return unreadable(node.lineno)


def member(module: str, name: str) -> Any:
    """What `module.name` is: of MMEdu only MMClassification matters."""
    if is_mmedu(module):
        return MODEL_CLASS if name == "MMClassification" else OTHER_THING
    return Module(f"{module}.{name}")
