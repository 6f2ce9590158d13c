"""例子 | The arguments that a function is tried with: a list, or what a hypothesis strategy gives, simplest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pytest_mmedu.errors import ExerciseError, MissingPackageError
from pytest_mmedu.submission.plain_data import NotPlain, encode
from pytest_mmedu.text import Text, printable

Arguments = tuple[Any, ...]


def drawn(examples: Any, count: int) -> tuple[Arguments, ...]:
    """Each example once, a tuple of arguments; a list keeps its order, those of a strategy come the simplest first.

    The same strategy gives the same examples every time.

    Raises:
        ExerciseError: an example is no tuple of plain data, or there is none.
        MissingPackageError: they come from a strategy, and hypothesis is not installed.
    """
    if isinstance(examples, Sequence):
        by_text = {_text(one): one for one in examples}
    else:
        found = {_text(one): one for one in _from_strategy(examples, count)}
        by_text = {text: found[text] for text in sorted(found, key=lambda text: (len(text), text))}
    if not by_text:
        raise ExerciseError(
            Text("没有例子可以用。", "There are no examples."),
            Text("请给 examples 一个列表或 hypothesis 的策略。", "Give examples a list or a strategy of hypothesis."),
        )
    return tuple(by_text.values())


def _text(example: Any) -> str:
    """The example as data: equal examples have equal texts, simple ones short texts."""
    if type(example) is not tuple:
        shown = printable(repr(example), 60)
        raise ExerciseError(
            Text(f"例子 {shown} 不是元组。", f"The example {shown} is not a tuple."),
            Text("每个例子是函数的全部参数，写成元组。", "Each example is a tuple of all arguments of the function."),
        )
    try:
        return json.dumps(encode(example))
    except NotPlain as error:
        kind = error.kind or type(example).__name__
        raise ExerciseError(
            Text(f"例子里有 {kind}，或者数据太多。", f"An example holds a {kind}, or too much data."),
            Text(
                "例子只能用数、文字、None，以及它们的列表、元组和字典。",
                "Use numbers, texts, None, and lists, tuples and dicts of these.",
            ),
        ) from None


def _from_strategy(strategy: Any, count: int) -> list[Any]:
    try:
        from hypothesis import HealthCheck, Phase, given, settings
        from hypothesis.errors import HypothesisException
        from hypothesis.strategies import SearchStrategy
    except ImportError as error:
        raise MissingPackageError(
            Text("没有安装 hypothesis，不能产生例子。", "hypothesis, which makes the examples, is not installed."),
            Text("请运行 pip install hypothesis。", "Run pip install hypothesis."),
        ) from error
    if not isinstance(strategy, SearchStrategy):
        shown = printable(repr(strategy), 60)
        raise ExerciseError(
            Text(f"examples 收到 {shown}。", f"examples got {shown}."),
            Text("请给它一个列表或 hypothesis 的策略。", "Give it a list or a strategy of hypothesis."),
        )
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def gather(example: Any) -> None:
        found.append(example)

    try:
        with _no_constants_of_loaded_modules():
            gather()
    except HypothesisException as error:
        why = printable(" ".join(str(error).split()), 200)
        raise ExerciseError(
            Text(f"不能从这个策略得到例子（{why}）。", f"This strategy gives no examples ({why})."),
            Text("请先用 strategy.example() 试一试。", "Try it with strategy.example() first."),
        ) from error
    return found


@contextmanager
def _no_constants_of_loaded_modules() -> Iterator[None]:
    """Newer versions draw numbers that stand in whatever modules happen to be loaded, and keep them in a folder.

    Examples would then differ from one way of grading to the other. Delete when a setting turns this off.
    """
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:
        yield
        return
    usual = getattr(providers, "_get_local_constants", None)
    constants, kept = getattr(providers, "Constants", None), getattr(providers, "CONSTANTS_CACHE", None)
    if usual is None or constants is None or kept is None:
        yield
        return
    nothing = constants()
    kept.cache.clear()
    providers._get_local_constants = lambda: nothing
    try:
        yield
    finally:
        providers._get_local_constants = usual
        kept.cache.clear()
