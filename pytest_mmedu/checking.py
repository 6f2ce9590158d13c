"""检查 | `check` of a test file: runs a check on the subject and remembers its Result; a "no" stops nothing."""

from __future__ import annotations

import dataclasses
import difflib
import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pytest_mmedu import rules
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.checks.subject import Subject
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.run import Run


_MOST_RUNS = 50  # that a program's files are collected of


class UnknownCheck(ExerciseError, AttributeError):
    """没有这个检查 | There is no such check."""


class Check:
    """`check.param("lr", between=(0.001, 0.1))` is `checks.param(subject, "lr", between=(0.001, 0.1))`, remembered.

    `check(result)` remembers the Result of a teacher's own check; `check.of(run)` judges a run that the test made,
    `check.run(2)` the second training of a program that makes several.
    """

    def __init__(
        self,
        subject: Callable[[], Subject],
        results: list[Result],
        number: int | None = None,
        *,
        untrained: Callable[[], Subject] | None = None,
    ) -> None:
        self._subject = subject
        self._results = results
        self._number = number
        self._untrained = untrained

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
        self._results.append(_numbered(_plain(result), self._number))
        return result

    def __getattr__(self, name: str) -> Callable[..., Result]:
        if name.startswith("_"):
            raise AttributeError(name)
        known = _known()
        if name not in known:
            raise UnknownCheck(*_unknown(name, known))
        return functools.partial(self._run, known[name])

    def _run(self, written: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Result:
        _refuse_misfit(written, args, kwargs)
        return self(written(self._subject_of(written)(), *args, **kwargs))

    def _subject_of(self, written: Callable[..., Result]) -> Callable[[], Subject]:
        """A check that judges no training does not start one."""
        from pytest_mmedu.checks import WITHOUT_TRAINING

        return (written.__name__ in WITHOUT_TRAINING and self._untrained) or self._subject

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_known()})

    def run(self, number: int, *, dataset: str | None = None) -> Check:
        """The same checks for one train() of several, from 1: `check.run(2).loss_falls(by=0.5)`. Titles say which.

        `dataset` is the data set of that training by its shipped name, where it is not the exercise's.
        """
        if not rules.whole(number, 1, _MOST_RUNS):
            shown = printable(repr(number), 60)
            seen = Text(f"check.run 收到 {shown}。", f"check.run got {shown}.")
            raise ExerciseError(seen, Text("第一次训练的编号是 1。", "The first training is number 1."))
        return Check(lambda: _on(dataset, self._subject().training(number)), self._results, number)

    def of(self, run: Run, images: ImageFolder | None = None) -> Check:
        """The same checks for another run, as `check.of(mmedu_train(lr=0.1)).loss_falls(by=0.5)`."""
        from pytest_mmedu.checks.subject import Subject
        from pytest_mmedu.logs import read_log

        log = read_log(run.log) if run.log else None
        return Check(lambda: Subject(run=run, log=log, images=images), self._results)


def _on(dataset: str | None, subject: Subject) -> Subject:
    if dataset is None:
        return subject
    from pytest_mmedu.dataset import read_dataset

    # Whoever looks at pictures for the judge looks at those of the exercise.
    return dataclasses.replace(subject, images=read_dataset(dataset), evaluate=None)


def _known() -> Mapping[str, Callable[..., Result]]:
    from pytest_mmedu.checks import CHECKS

    return CHECKS


def _unknown(name: str, known: Mapping[str, Any]) -> tuple[Text, Text]:
    """What was seen, and what to do."""
    seen = Text(f"没有名为 {name} 的检查。", f"There is no check {name}.")
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return seen, Text(f"你是不是想写 {near[0]}？", f"Did you mean {near[0]}?")
    return seen, Text("所有检查都列在 pytest_mmedu.checks 里。", "pytest_mmedu.checks lists all checks.")


def _refuse_misfit(written: Callable[..., Result], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
    rows = [*inspect.signature(written).parameters.values()][1:]  # the first is the subject
    try:
        inspect.Signature(rows).bind(*args, **kwargs)
    except TypeError as error:
        name, takes = written.__name__, listing(row.name for row in rows)
        seen = Text(f"检查 {name} 不能这样写：{error}。", f"Check {name} cannot be called like this: {error}.")
        allowed = Text(f"它的参数：{takes.zh}。", f"It takes {takes.en}.")
        todo = Text("请改好括号里的内容。", "Correct what stands in the brackets.")
        raise ExerciseError(seen, todo, allowed=allowed) from None


def _numbered(result: Result, number: int | None) -> Result:
    """With the training in its title, so that a card and submissions.toml can tell them apart."""
    if number is None:
        return result
    title = Text(f"第 {number} 次训练 · {result.title.zh}", f"Training {number} · {result.title.en}")
    return dataclasses.replace(result, title=title)


def _plain(result: Result) -> Result:
    """With a share that every process can write down, one of numpy's for example.

    Raises:
        ExerciseError: a text of it is no Text: the report could not be made.
    """
    for name in ("title", "seen", "wanted", "hint"):
        value = getattr(result, name)
        if not (isinstance(value, Text) or (value is None and name in ("wanted", "hint"))):
            shown = printable(repr(value), 60)
            raise ExerciseError(
                Text(f"检查结果的 {name} 是 {shown}。", f"{name} of the result is {shown}."),
                Text("请把两种语言都写上。", "Write it in both languages."),
                allowed=Text('应为 Text("中文", "English")。', 'It takes Text("中文", "English").'),
            )
    place = None if result.place is None else str(result.place)
    return dataclasses.replace(result, check=str(result.check), share=float(result.share), place=place)
