"""检查过程的显示 | What a teacher sees of `verify`: a bar while it works, then a line or a list per exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import Progress

from pytest_mmedu.exercise.problem import Problem
from pytest_mmedu.report.layout import MARKS, can_show
from pytest_mmedu.text import Lang, Text


class Watched:
    """A context for the whole of it. `totals`: submissions by exercise. The bar only where a person watches."""

    def __init__(self, lang: Lang, totals: Mapping[Path, int], console: Console | None = None) -> None:
        self.lang, self.totals = lang, totals
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.all_well = True
        self._bar = Progress(console=self.console, transient=True, disable=not self.console.is_terminal)
        self._task = self._bar.add_task(Text("检查练习", "Verifying").in_lang(lang), total=sum(totals.values()))

    def __enter__(self) -> Watched:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._bar.stop()

    def step(self, exercise: Path, name: str) -> None:
        """One submission of the exercise is graded."""
        self._bar.update(self._task, advance=1, description=f"{exercise.name} {name}")

    def tell(self, exercise: Path, problems: Sequence[Problem]) -> None:
        """The verdict on one exercise."""
        count = self.totals[exercise]
        right, wrong = ("✔", "✘") if can_show(MARKS, self.console.encoding) else ("[v]", "[x]")
        if not problems:
            zh, en = f"{right} {exercise.name}：{count} 份作业都合预期", f"{count} submissions as expected"
            self._say(Text(zh, f"{right} {exercise.name}: {en}"))
            return
        self.all_well = False
        n = len(problems)
        zh, en = f"{wrong} {exercise.name}：{n} 处不对", f"{n} {'thing' if n == 1 else 'things'} wrong"
        self._say(Text(zh, f"{wrong} {exercise.name}: {en}"))
        for problem in problems:
            self._say(Text(f"    {problem.in_lang('zh')}", f"    {problem.in_lang('en')}"))

    def _say(self, line: Text) -> None:
        self.console.print(line.in_lang(self.lang), markup=False)
