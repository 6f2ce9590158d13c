"""把源代码读一遍 | The source read in the order in which it would run, without running it.

Functions are followed where they are called, both ways of an undecidable `if` are read, loops over constants are
unrolled. What cannot be decided becomes "unreadable", never a guess.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Literal, NamedTuple

from pytest_mmedu.submission import constants
from pytest_mmedu.submission.assignments import Assignments, parameters
from pytest_mmedu.submission.expressions import Stop
from pytest_mmedu.submission.known import Function, Known, Model, Names, branch, merged, unreadable
from pytest_mmedu.submission.train_calls import Arguments, TrainCall, names_in

Flow = Literal["return", "break", "continue", "stop"]
_DEEPEST_CALL = 20
_LONGEST_LOOP = 50
_MOST_STEPS = 20_000


class Reading(NamedTuple):
    """`calls` in the order of running. `missed`: train() calls that nothing leads to; `blanks`: lines of bare `...`."""

    calls: tuple[TrainCall, ...]
    missed: tuple[TrainCall, ...]
    blanks: tuple[int, ...]


def walk(tree: ast.Module) -> Reading:
    """Every train() call of the program."""
    reader = Walk()
    reader.run(tree.body)
    reached, blanks = tuple(reader.calls), tuple(reader.blanks)
    return Reading(reached, tuple(_missed(reader, tree)), blanks)


def _missed(reader: Walk, tree: ast.Module) -> list[TrainCall]:
    """train() in functions and methods that nobody calls, read as if somebody did."""
    if not reader.imports_mmedu:
        return []
    known = len(reader.calls)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _trains(node, reader.visited):
            reader.run_function(Function(node))
    return reader.calls[known:]


def _trains(function: ast.AST, visited: set[int]) -> bool:
    """A call `….train(…)` stands in it that the walk has not come by."""
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call) and id(node) not in visited)
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "train" for call in calls)


class Walk(Assignments):
    """Statements, one method for each kind that matters; all others are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = 0
        self._running: list[ast.AST] = []
        self._returned: list[Known] = []

    def run(self, body: Sequence[ast.stmt]) -> None:
        """The whole program, to its end or to the point where it stops itself."""
        with suppress(Stop):
            self._body(body)

    def run_function(self, function: Function) -> None:
        with suppress(Stop):
            self.call_function(function, Arguments(hidden=function.node.lineno))

    def call_function(self, function: Function, arguments: Arguments) -> Known:
        """Read the function's body with these arguments; its return value where there is only one."""
        node = function.node
        if node in self._running or len(self._running) >= _DEEPEST_CALL:
            return unreadable(node.lineno)
        before, self._returned = self._returned, []
        self._running.append(node)
        self.scopes.append(parameters(function, arguments))
        self.global_names.append(set())
        try:
            if self._body(node.body) == "stop":
                raise Stop
            return _agreed(self._returned, node.lineno)
        finally:
            self._returned = before
            for stack in (self._running, self.scopes, self.global_names):
                stack.pop()

    def _body(self, body: Iterable[ast.stmt]) -> Flow | None:
        for statement in body:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                raise Stop
            flow = self._statement(statement)
            if flow is not None:
                return flow
        return None

    def _statement(self, node: ast.stmt) -> Flow | None:
        name = f"_do_{type(node).__name__.lower()}"
        do: Callable[[Any], Flow | None] = getattr(self, name, _pass_over)
        try:
            return do(node)
        except RecursionError:  # one expression of thousands of terms: the rest of the program is still read
            return None

    def _do_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            if node.value.value is ...:
                self.blanks.append(node.lineno)
            return
        self.value(node.value)

    def _do_return(self, node: ast.Return) -> Flow:
        self._returned.append(self.value(node.value) if node.value else Known(None, node.lineno))
        return "return"

    def _do_break(self, node: ast.Break) -> Flow:
        return "break"

    def _do_continue(self, node: ast.Continue) -> Flow:
        return "continue"

    def _do_raise(self, node: ast.Raise) -> Flow:
        return "stop"

    def _do_if(self, node: ast.If) -> Flow | None:
        test = self.value(node.test)
        if test.given and constants.plain(test.value):
            return self._body(node.body if test.value else node.orelse)
        return self._either([node.body, node.orelse])

    def _do_match(self, node: Any) -> Flow | None:
        self.value(node.subject)
        return self._either([*(case.body for case in node.cases), []])

    def _either(self, bodies: Sequence[Sequence[ast.stmt]]) -> Flow | None:
        """One of these bodies is run, nobody knows which."""
        start, ends = self.scopes, []
        for body in bodies:
            self.scopes = _branch_all(start)
            ends.append((self._guarded(body), self.scopes))
        going_on = [scopes for flow, scopes in ends if flow is None]
        self.scopes = start
        if not going_on:
            return ends[-1][0]
        joined = going_on[0]
        for other in going_on[1:]:
            joined = [merged(one, two) for one, two in zip(joined, other, strict=True)]
        self.scopes = joined
        return None

    def _guarded(self, body: Sequence[ast.stmt]) -> Flow | None:
        """A body that may not be run at all: `exit()` in it does not end the reading."""
        try:
            return self._body(body)
        except Stop:
            if self._steps > _MOST_STEPS:
                raise
            return "stop"

    def _do_for(self, node: ast.For | ast.AsyncFor) -> Flow | None:
        over = self.value(node.iter)
        items = over.value if over.given and isinstance(over.value, (list, tuple, range)) else None
        if items is None or len(items) > _LONGEST_LOOP:
            self.assign(node.target, unreadable(node.lineno))
            return self._loop_once(node.body, names_in([node.target]))
        for item in items:
            self.assign(node.target, Known(item, over.line))
            flow = self._body(node.body)
            if flow in ("return", "stop"):
                return flow
            if flow == "break":
                return None
        return self._body(node.orelse)

    _do_asyncfor = _do_for

    def _do_while(self, node: ast.While) -> Flow | None:
        test = self.value(node.test)
        if test.given and constants.plain(test.value) and not test.value:
            return self._body(node.orelse)
        return self._loop_once(node.body, set())

    def _loop_once(self, body: Sequence[ast.stmt], fresh: set[str]) -> Flow | None:
        """A loop of unknown length: what it changes is unknown from its first line on."""
        for name in names_in(body) - fresh:
            before = self.scopes[-1].get(name)
            if before is not None:
                self.scopes[-1][name] = unreadable(before.line)
        self._either([body, []])
        return None

    def _do_with(self, node: ast.With | ast.AsyncWith) -> Flow | None:
        for item in node.items:
            known = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, known if isinstance(known.value, Model) else unreadable(known.line))
        return self._body(node.body)

    _do_asyncwith = _do_with

    def _do_try(self, node: Any) -> Flow | None:
        """What `except` would do is left out: as a rule it is not what the program is for."""
        return self._body(node.body) or self._body(node.orelse) or self._body(node.finalbody)

    _do_trystar = _do_try


def _agreed(results: Sequence[Known], line: int) -> Known:
    """What a function returns, where all its `return` agree."""
    same = all(one.value is results[0].value or one == results[0] for one in results)
    return results[0] if results and same else unreadable(line)


def _pass_over(_: ast.stmt) -> None:
    return None


def _branch_all(scopes: Sequence[Names]) -> list[Names]:
    """All scopes of the moment, with one set of copies: a model in two of them stays one model."""
    keys = [(number, name) for number, names in enumerate(scopes) for name in names]
    flat = branch({f"{number} {name}": scopes[number][name] for number, name in keys})
    copies: list[Names] = [{} for _ in scopes]
    for number, name in keys:
        copies[number][name] = flat[f"{number} {name}"]
    return copies
