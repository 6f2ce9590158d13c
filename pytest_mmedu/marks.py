"""分值标记 | The marker that gives a test its points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def points(n: float, after: Callable[..., Any] | None = None) -> pytest.MarkDecorator:
    """这个测试值 n 分 | This test is worth `n` points.

    `after` is the test function that has to pass first: where it ran and did not pass, this test is blocked and earns
    nothing. The cases of a parametrised test share its points equally. `n` and `after` are checked at collection.
    """
    import pytest

    return pytest.mark.points(n, after=after)
