"""名字从哪里来 | Where names get their values: assignments, imports, functions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from pytest_mmedu.submission.calls import Calls
from pytest_mmedu.submission.expressions import is_mmedu
from pytest_mmedu.submission.known import (
    MODEL_CLASS,
    OTHER_THING,
    Function,
    Known,
    Model,
    Module,
    Names,
    Table,
    unreadable,
)
from pytest_mmedu.submission.train_calls import Arguments, set_attribute


class Assignments(Calls):
    """The statements that give names their values."""

    def __init__(self) -> None:
        super().__init__()
        self.global_names: list[set[str]] = [set()]

    def _do_assign(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        if _side_by_side(target, value) and len(node.targets) == 1:
            parts = [self.value(one) for one in value.elts]  # type: ignore[attr-defined]
            for one, part in zip(target.elts, parts, strict=True):  # type: ignore[attr-defined]
                self.assign(one, part)
            return
        known = self.value(value)
        for one in node.targets:
            self.assign(one, known)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.value(node.value))

    def _do_augassign(self, node: ast.AugAssign) -> None:
        as_read = ast.BinOp(_as_load(node.target), node.op, node.value)
        ast.copy_location(as_read, node)
        self.assign(node.target, self.value(as_read))

    def assign(self, target: ast.expr, known: Known) -> None:
        if isinstance(target, ast.Name):
            self._bind(target.id, known)
        elif isinstance(target, ast.Attribute):
            owner = self.value(target.value).value
            if isinstance(owner, Model):
                set_attribute(owner, target.attr, known)
        elif isinstance(target, ast.Subscript):
            self._assign_entry(target, known)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target.elts, known)

    def _bind(self, name: str, known: Known) -> None:
        scope = self.scopes[0] if name in self.global_names[-1] else self.scopes[-1]
        scope[name] = known

    def _assign_entry(self, target: ast.Subscript, known: Known) -> None:
        table, key = self.value(target.value).value, self.value(target.slice).value
        if isinstance(table, Table):
            if isinstance(key, str):
                table.entries[key] = known
            else:
                table.entries.update(dict.fromkeys(table.entries, unreadable(known.line)))

    def _unpack(self, targets: Sequence[ast.expr], known: Known) -> None:
        """`lr, epochs = settings`"""
        if known.given and isinstance(known.value, (tuple, list)) and len(known.value) == len(targets):
            parts = [Known(one, known.line) for one in known.value]
        else:
            parts = [unreadable(known.line)] * len(targets)
        for target, part in zip(targets, parts, strict=True):
            self.assign(target, part)

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name, Known(Function(node, self._defaults(node.args)), node.lineno))

    _do_asyncfunctiondef = _do_functiondef

    def _defaults(self, args: ast.arguments) -> Names:
        ordered = [arg.arg for arg in (*args.posonlyargs, *args.args)]
        named: dict[str, ast.expr | None] = dict(zip(reversed(ordered), reversed(args.defaults), strict=False))
        named.update(zip((arg.arg for arg in args.kwonlyargs), args.kw_defaults, strict=True))
        return {name: self.value(default) for name, default in named.items() if default is not None}

    def _do_global(self, node: ast.Global) -> None:
        self.global_names[-1].update(node.names)

    def _do_import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.name if alias.asname else alias.name.partition(".")[0]
            self.imports_mmedu = self.imports_mmedu or is_mmedu(alias.name)
            self._bind(alias.asname or name, Known(Module(name), node.lineno))

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        ours = is_mmedu(node.module) and not node.level
        self.imports_mmedu = self.imports_mmedu or ours
        for alias in node.names:
            thing: Any = Module(f"{node.module}.{alias.name}")
            if ours and alias.name in ("MMClassification", "*"):
                thing = MODEL_CLASS
            elif ours:
                thing = OTHER_THING
            name = "MMClassification" if ours and alias.name == "*" else alias.asname or alias.name
            self._bind(name, Known(thing, node.lineno))


def _side_by_side(target: ast.expr, value: ast.expr) -> bool:
    """`lr, epochs = 0.01, 10`"""
    pair = (ast.Tuple, ast.List)
    if not isinstance(target, pair) or not isinstance(value, pair) or len(target.elts) != len(value.elts):
        return False
    return not any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))


def _as_load(target: ast.expr) -> ast.expr:
    """`epochs` in `epochs += 5`, to be read instead of assigned."""
    return ast.copy_location(ast.parse(ast.unparse(target), mode="eval").body, target)


def parameters(function: Function, arguments: Arguments) -> Names:
    """The function's arguments by name: given, default, or unknown."""
    args = function.node.args
    order = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    every = [*order, *(arg.arg for arg in args.kwonlyargs)]
    names: Names = {name: unreadable(function.node.lineno) for name in every}
    if arguments.hidden is None:
        names.update(function.defaults)
    names.update(zip(order, arguments.positional, strict=False))
    names.update({name: known for name, known in arguments.named.items() if name in names})
    if args.kwarg is not None:
        rest = {name: known for name, known in arguments.named.items() if name not in every}
        names[args.kwarg.arg] = Known(Table(rest), function.node.lineno)
        if arguments.hidden is not None:
            names[args.kwarg.arg] = unreadable(arguments.hidden)
    return names
