"""检查 | `check` of a test file: runs a check on the subject and remembers its Result; a "no" stops nothing."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.checks.subject import Subject
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.run import Run


class Check:
    """`check.param("lr", between=(0.001, 0.1))` is `checks.param(subject, "lr", between=(0.001, 0.1))`, remembered.

    `check(result)` remembers the Result of a teacher's own check; `check.of(run)` judges a run that the test made.
    """

    def __init__(self, subject: Callable[[], Subject], results: list[Result]) -> None:
        self._subject = subject
        self._results = results

    @property
    def subject(self) -> Subject:
        """What is judged, for a teacher's own check: `check(my_check(check.subject))`."""
        return self._subject()

    def __call__(self, result: Result) -> Result:
        __tracebackhide__ = True
        if not isinstance(result, Result):
            shown = printable(repr(result), 60)
            seen = Text(f"check(...) 收到 {shown}。", f"check(...) got {shown}.")
            todo = Text("自己写的检查要返回 Result。", "A check of your own has to return a Result.")
            raise ExerciseError(seen, todo)
        self._results.append(result)
        return result

    def __getattr__(self, name: str) -> Callable[..., Result]:
        if name.startswith("_"):
            raise AttributeError(name)
        known = _known()
        if name not in known:
            raise AttributeError(str(_unknown(name, known)))
        return lambda *args, **kwargs: self(known[name](self.subject, *args, **kwargs))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_known()})

    def of(self, run: Run, images: ImageFolder | None = None) -> Check:
        """The same checks for another run, as `check.of(mmedu_train(lr=0.1)).loss_falls(by=0.5)`."""
        from pytest_mmedu.checks.subject import Subject
        from pytest_mmedu.logs import read_log

        log = read_log(run.log) if run.log else None
        return Check(lambda: Subject(run=run, log=log, images=images), self._results)


def _known() -> Mapping[str, Callable[..., Result]]:
    from pytest_mmedu.checks import CHECKS

    return CHECKS


def _unknown(name: str, known: Mapping[str, Any]) -> Text:
    seen = Text(f"没有名为 {name} 的检查。", f"There is no check {name}.")
    near = difflib.get_close_matches(name, known, n=1)
    return seen + Text(f"你是不是想写 {near[0]}？", f"Did you mean {near[0]}?") if near else seen
