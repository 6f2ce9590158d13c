"""调用 | What a call in the source does: train(), the model's other methods, the student's own functions, built-ins."""

from __future__ import annotations

import ast

from pytest_mmedu.submission import constants
from pytest_mmedu.submission.expressions import Expressions, Stop, member
from pytest_mmedu.submission.known import (
    MODEL_CLASS,
    OTHER_THING,
    Function,
    Known,
    Model,
    Module,
    Table,
    unreadable,
)
from pytest_mmedu.submission.train_calls import Arguments, load_dataset, new_model, train_call

_ENDS = {"sys.exit", "os._exit", "os.abort"}
_MOST_CALLS = 200


class Calls(Expressions):
    """The part of the walk that follows calls."""

    def call_function(self, function: Function, arguments: Arguments) -> Known:
        """Read the body of one of the student's functions: `walk.Walk` does."""
        raise NotImplementedError

    def _call(self, node: ast.Call) -> Known:
        if len(self.calls) >= _MOST_CALLS:
            raise Stop
        if isinstance(node.func, ast.Attribute):
            return self._method(node, self.value(node.func.value), node.func.attr)
        function = self.value(node.func)
        name = node.func.id if isinstance(node.func, ast.Name) and self.look_up(node.func.id) is None else None
        return self._call_of(node, function, name)

    def _method(self, node: ast.Call, owner: Known, name: str) -> Known:
        arguments = self._arguments(node)
        model = owner.value
        if isinstance(model, Module):
            return self._call_of(node, Known(member(model.name, name), node.lineno), None, arguments)
        if name == "train" and not owner.given and self.imports_mmedu:
            model = _unsure_model(owner)
        if not isinstance(model, Model):
            return self._handed_on(node, arguments)
        if name == "train":
            self.visited.add(id(node))
            self.calls.append(train_call(node, model, arguments))
        elif name == "load_dataset":
            load_dataset(model, arguments)
        return unreadable(node.lineno)

    def _call_of(self, node: ast.Call, called: Known, name: str | None, arguments: Arguments | None = None) -> Known:
        arguments = arguments or self._arguments(node)
        thing = called.value
        if thing is MODEL_CLASS:
            return Known(new_model(arguments), node.lineno)
        if thing is OTHER_THING:
            return called
        if isinstance(thing, Function):
            return self.call_function(thing, arguments)
        if name in ("exit", "quit") or (isinstance(thing, Module) and thing.name in _ENDS):
            raise Stop
        if name == "dict" and not arguments.positional and arguments.hidden is None:
            return Known(Table(dict(arguments.named)), node.lineno)
        if name is not None and name in constants.BUILTINS:
            return self._built_in(node, name, arguments)
        if isinstance(thing, Module) and thing.name == "os.path.join":
            parts = arguments.positional
            return self.computed(node, parts, lambda: constants.join_paths([part.value for part in parts]))
        return self._handed_on(node, arguments)

    def _built_in(self, node: ast.Call, name: str, arguments: Arguments) -> Known:
        if arguments.hidden is not None:
            return unreadable(node.lineno)
        named, parts = arguments.named, [*arguments.positional, *arguments.named.values()]
        args = [part.value for part in arguments.positional]
        kwargs = {key: known.value for key, known in named.items()}
        return self.computed(node, parts, lambda: constants.call(name, args, kwargs))

    def _handed_on(self, node: ast.Call, arguments: Arguments) -> Known:
        """A call of something foreign; a function given to it, as to Thread(target=...), may well be called."""
        for known in (*arguments.positional, *arguments.named.values()):
            if isinstance(known.value, Function):
                self.call_function(known.value, Arguments(hidden=node.lineno))
        return unreadable(node.lineno)

    def _arguments(self, node: ast.Call) -> Arguments:
        arguments = Arguments()
        for arg in node.args:
            if isinstance(arg, ast.Starred):
                arguments.add_sequence(self.value(arg.value))
            else:
                arguments.positional.append(self.value(arg))
        for keyword in node.keywords:
            if keyword.arg is None:
                arguments.add_table(self.value(keyword.value))
            else:
                arguments.named[keyword.arg] = self.value(keyword.value)
        return arguments


def _unsure_model(owner: Known) -> Model:
    """Something that may be a model; with `model = ...` it is the model that is not filled in."""
    return Model(sure=False, values={"backbone": owner} if owner.state == "not filled in" else {})
