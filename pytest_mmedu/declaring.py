"""声明分值 | The graded tests of a session, as each file is collected: before anything is selected or shuffled."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.score import Declared
from pytest_mmedu.text import Text, printable, title_of

EXERCISE_FILE = "exercise.toml"
Node = pytest.Item | pytest.Collector


class Declarations:
    """`by_nodeid` keeps the order of collection. Fed with the collect report of every file and class."""

    def __init__(self) -> None:
        self.by_nodeid: dict[str, Declared] = {}
        self._not_entered: dict[str, pytest.Class] = {}

    def take(self, collector: pytest.Collector, report: pytest.CollectReport) -> None:
        """Declare the tests in this report; marks that make no sense turn it into a collection error."""
        self._not_entered.pop(collector.nodeid, None)
        if not report.passed or isinstance(collector, pytest.Session):  # it repeats the tests chosen as file::test
            return
        try:
            self._declare(report.result or _left_out(collector))
        except ExerciseError as error:
            report.outcome, report.longrepr, report.result = "failed", str(error), []

    def complete(self) -> None:
        """Also the classes beside a test chosen as `file::test`, which pytest does not look into."""
        while self.by_nodeid and self._not_entered:
            _, collector = self._not_entered.popitem()
            self._declare(_nodes(collector))

    def _declare(self, nodes: Iterable[Node]) -> None:
        nodes = list(nodes)
        self._not_entered.update((node.nodeid, node) for node in nodes if isinstance(node, pytest.Class))
        graded = [node for node in nodes if isinstance(node, pytest.Item) and points_mark(node) is not None]
        self.by_nodeid.update((item.nodeid, _declared(item, graded)) for item in graded)


def points_mark(item: pytest.Item) -> pytest.Mark | None:
    return item.get_closest_marker("points")


def _left_out(collector: pytest.Collector) -> Iterable[Node]:
    """What `--last-failed` skips without looking: points in it are declared all the same."""
    skipping = isinstance(collector, pytest.Module) and collector.config.getoption("lf", False)
    return _nodes(collector) if skipping else ()


def _nodes(collector: pytest.Collector) -> Sequence[Node]:
    try:
        return list(collector.collect())
    except Exception:  # noqa: BLE001 - pytest reports a file that cannot be imported where it is asked for
        return ()


def _declared(item: pytest.Item, graded: Sequence[pytest.Item]) -> Declared:
    mark = points_mark(item)
    assert mark is not None
    n, after = _arguments(item, *mark.args, **mark.kwargs)
    module = item.getparent(pytest.Module)
    described = getattr(module.obj, "__doc__", None) if module else None
    return Declared(
        nodeid=item.nodeid,
        function=_function_id(item),
        title=_title(item),
        points=float(n),
        after=None if after is None else _after_id(item, after, graded),
        exercise=exercise_folder(item.path).as_posix(),
        exercise_title=title_of(described, item.path.stem) if described else None,
    )


def _title(item: pytest.Item) -> Text:
    """The docstring, with the case of a parametrised test behind it."""
    title = title_of(getattr(_function(item), "__doc__", None), _plain_name(item))
    case = item.name.removeprefix(_plain_name(item))
    return Text(f"{title.zh} {case}", f"{title.en} {case}") if case else title


def _arguments(item: pytest.Item, n: Any = None, *more: Any, **named: Any) -> tuple[float, Callable[..., Any] | None]:
    """What the marker was given, checked: it may be a bare `pytest.mark.points` as well."""
    after = named.pop("after", more[0] if more else None)
    right = isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) and n >= 0
    if not right or named or len(more) > 1:
        shown = printable(repr(n), 40)
        seen = Text(f"points 收到 {shown}。", f"points got {shown}.")
        todo = Text("写成 points(30) 或 points(30, after=test_x)。", "Write points(30) or points(30, after=test_x).")
        raise ExerciseError(
            seen, todo, allowed=Text("分值是不小于 0 的数。", "It takes a number from 0."), place=_place(item)
        )
    return n, after


def _after_id(item: pytest.Item, after: Any, graded: Sequence[pytest.Item]) -> str:
    """The id of the function that `after` names: a graded test of the same file or class."""
    for other in graded:
        if after in (_function(other), getattr(other, "function", None), _plain_name(other)):
            return _function_id(other)
    shown = printable(getattr(after, "__name__", repr(after)), 60)
    seen = Text(
        f"after 指向的 {shown} 不是同一文件里有分值的测试。",
        f"after names {shown}, which is no graded test of this file.",
    )
    raise ExerciseError(
        seen,
        Text("写上测试函数本身，并给它 points。", "Name the test function itself and give it points."),
        place=_place(item),
    )


def _function(item: pytest.Item) -> Any:
    """The function as it stands in the file, also for a method."""
    written = getattr(item, "obj", None)
    return getattr(written, "__func__", written)


def _plain_name(item: pytest.Item) -> str:
    return getattr(item, "originalname", None) or item.name


def _function_id(item: pytest.Item) -> str:
    return item.nodeid.removesuffix(item.name) + _plain_name(item)


def _place(item: pytest.Item) -> str:
    file, line, _ = item.location
    return file if line is None else f"{file}:{line + 1}"


@cache
def exercise_folder(test_file: Path) -> Path:
    """The nearest folder above the test file that has an exercise.toml, the file's own without one."""
    return next((folder for folder in test_file.parents if (folder / EXERCISE_FILE).is_file()), test_file.parent)
