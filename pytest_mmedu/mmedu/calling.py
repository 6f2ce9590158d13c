"""怎么调用 | Calls that do not fit the signature: told in both languages, with MMEdu's number for an unknown name."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.mmedu.arguments import refuse_unknown
from pytest_mmedu.text import Text, listing

Method = TypeVar("Method", bound=Callable[..., Any])


def told_in_words(method: Method) -> Method:
    """Python's own TypeError is English and names neither what is allowed nor what to do."""
    signature = inspect.signature(method)

    @functools.wraps(method)
    def call(*given: Any, **named: Any) -> Any:
        try:
            signature.bind(*given, **named)
        except TypeError:
            raise _misfit(signature, given[1:], named) from None
        return method(*given, **named)

    return call  # type: ignore[return-value]


def _misfit(signature: inspect.Signature, given: tuple[Any, ...], named: dict[str, Any]) -> ParameterError:
    rows = [row for name, row in signature.parameters.items() if name != "self" and row.kind is not row.VAR_KEYWORD]
    names = [row.name for row in rows]
    refuse_unknown({name: named[name] for name in named if name not in names}, names)
    allowed = Text(f"可用的参数：{listing(names).zh}。", f"The parameters are {listing(names).en}.")
    if len(given) > len(rows):
        seen = Text(f"收到 {len(given)} 个值，最多 {len(rows)} 个。", f"Got {len(given)} values, {len(rows)} at most.")
        return ParameterError(seen, _WRITE_NAMES, allowed=allowed)
    twice = [name for name in names[: len(given)] if name in named]
    if twice:
        seen = Text(f"参数 {twice[0]} 给了两次。", f"Parameter {twice[0]} is given twice.")
        return ParameterError(seen, Text("请留下一个。", "Keep one of them."))
    missing = [row.name for row in rows[len(given) :] if row.default is row.empty and row.name not in named]
    seen = Text(f"没有给参数 {listing(missing).zh}。", f"Parameter {listing(missing).en} is missing.")
    return ParameterError(seen, Text("请在括号里写上它。", "Write it in the brackets."))


_WRITE_NAMES = Text("把每个值的名字也写上，例如 epochs=10。", "Write the name before each value: epochs=10.")
