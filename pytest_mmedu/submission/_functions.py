"""调用学生的函数 | Calls a student's function, in the process of the student's program. Never imported by the judge.

For each call one line goes into a file: what came back, as plain data, or how it went wrong. All of it is a claim,
and there is nothing to gain by a false one: the right answers are not here, the judge works them out for itself.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.submission.plain_data import DEEPEST, MOST_UNITS, NotPlain, decode, encode

if TYPE_CHECKING:  # in a Python of before 3.9 it is an error
    Facts = Callable[[BaseException], dict[str, Any]]


def call_all(wanted: Mapping[str, Any], names: Mapping[str, Any], facts: Facts) -> None:
    """`wanted`: the function's "name", the "arguments" of every call, "out" for the answers, "bytes" of one answer."""
    with Path(wanted["out"]).open("w", encoding="utf-8") as out:

        def tell(line: str) -> None:
            out.write(line + "\n")
            out.flush()

        function = names.get(wanted["name"])
        tell(json.dumps(_about(wanted["name"] in names, function)))
        if not callable(function):
            return
        for arguments in wanted["arguments"]:
            line = json.dumps(_answer(function, arguments, facts))
            tell(line if len(line) < wanted["bytes"] else json.dumps({"how": "too much"}))


def _about(there: bool, function: Any) -> dict[str, Any]:
    """Whether there is such a function, where it stands, and what it takes."""
    if not there:
        return {"function": "missing"}
    if not callable(function):
        return {"function": "something else", "type": type(function).__name__}
    line = getattr(getattr(function, "__code__", None), "co_firstlineno", None)
    try:
        takes = str(inspect.signature(function))[:200]
    except Exception:  # noqa: BLE001 - one written in C, or an object that is called
        takes = ""
    return {"function": "there", "line": line if type(line) is int else None, "takes": takes}


def _answer(function: Callable[..., Any], given: list[Any], facts: Facts) -> dict[str, Any]:
    """One call with arguments of its own."""
    arguments = [decode(argument) for argument in given]
    try:
        value = function(*arguments)
    except SystemExit:
        return {"how": "exit"}
    except BaseException as error:  # noqa: BLE001 - whatever a student's function raises
        inside = error.__traceback__ is not None and error.__traceback__.tb_next is not None
        if isinstance(error, TypeError) and not inside:
            return {"how": "does not fit", "message": facts(error)["message"]}
        return {"how": "raised", "error": facts(error)}
    changed = [at for at, argument in enumerate(arguments) if _changed(argument, given[at])]
    if changed:
        return {"how": "changed", "which": changed[0]}
    if value is ...:
        return {"how": "not filled in"}
    try:
        return {"how": "returned", "value": encode(plain(value))}
    except NotPlain as error:
        return {"how": "not plain", "type": error.kind[:60]} if error.kind else {"how": "too much"}


def _changed(argument: Any, given: Any) -> bool:
    try:
        return bool(encode(argument) != given)
    except NotPlain:
        return True


def plain(value: Any, depth: int = 0) -> Any:
    """Numbers and arrays of numpy and tensors of torch as Python's own numbers and lists, also inside of a list.

    These are what students naturally return. Only the libraries' own types are taken, not what is derived from them.
    """
    kind = type(value)
    if kind is list or kind is tuple:
        if depth > DEEPEST or len(value) > MOST_UNITS:
            raise NotPlain
        return kind(plain(item, depth + 1) for item in value)
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and (kind is numpy.ndarray or _number_of(numpy, value)):
        if value.size > MOST_UNITS:
            raise NotPlain
        return value.tolist()
    if torch is not None and kind is torch.Tensor:
        if value.numel() > MOST_UNITS:
            raise NotPlain
        return value.tolist()
    return value


def _number_of(numpy: Any, value: Any) -> bool:
    """A scalar type of numpy itself: a class that somebody derived from one is another."""
    return isinstance(value, numpy.generic) and type(value) is getattr(value.dtype, "type", None)
