"""选用哪一级 | Which level a session uses: the strongest that holds, never below what the exercise wants.

A level is tried once in a session, by breaking out of it, and is then the same for every submission. Where nothing
strong enough is there, nothing of the student's is run, and the reason names the command that mends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_mmedu.submission.isolation.levels import AUTO, TRIED_FIRST, Word, strength
from pytest_mmedu.text import Text, listing

if TYPE_CHECKING:
    from pytest_mmedu.submission.process import Confinement


@dataclass(frozen=True)
class Tried:
    """One level on this machine: its box where it holds, else what is missing.

    tool        what makes it: "bubblewrap 0.8.0"
    guarantees  verified | watched | not provided, for files, network, processes, memory, disk
    """

    level: str
    box: Confinement | None = None
    tool: str = ""
    guarantees: Mapping[str, Word] = field(default_factory=dict)
    missing: Text | None = None
    remedy: Text | None = None
    refused: Refused | None = None


class Refused(Exception):
    """Nothing of the student's may be run: why, and what mends it. `chosen`: somebody wanted it so."""

    def __init__(self, why: Text, remedy: Text, *, chosen: bool = False) -> None:
        super().__init__(str(why))
        self.why, self.remedy, self.chosen = why, remedy, chosen

    @property
    def level(self) -> Tried:
        return Tried("artefacts", refused=self)


class Boxes:
    """What one session may use."""

    def __init__(self) -> None:
        self._tried: dict[str, Tried] = {}

    def tried(self, level: str) -> Tried:
        """The level as it was found the first time."""
        if level not in self._tried:
            self._tried[level] = self._try(level)
        return self._tried[level]

    def _try(self, level: str) -> Tried:
        from pytest_mmedu.submission.isolation.trying import try_level

        return try_level(level)

    def strongest(self, least: str = "process") -> Tried:
        """Of those that would do; the weakest of them where none holds. `process` holds what it promises: little."""
        would_do = [level for level in TRIED_FIRST if strength(level) >= strength(least)]
        tried = map(self.tried, would_do)
        return next((one for one in tried if one.box is not None), self.tried(would_do[-1]))

    def strongest_box(self) -> Confinement:
        """For work of the judge's own."""
        box = self.strongest().box
        assert box is not None
        return box

    def choose(self, asked: str, least: str) -> Tried:
        """The level for an exercise that wants `least`, where a person asked for a level or for "auto".

        One without a box is "artefacts", and says why.
        """
        if asked == "artefacts":
            return Refused(NOT_WANTED, HAND_IN, chosen=True).level
        if least == "artefacts":
            return Refused(NEVER_RUN, HAND_IN, chosen=True).level
        if asked != AUTO and strength(asked) < strength(least):
            return _too_weak(asked, least).level
        tried = self.strongest(least) if asked == AUTO else self.tried(asked)
        if tried.box is None:
            return self._none(least if asked == AUTO else asked).level
        return tried

    def _none(self, least: str) -> Refused:
        """What every level that would do lacks; the remedy of the first, since it is the best one to have."""
        from pytest_mmedu.submission.isolation.remedies import let_bubblewrap_work

        tried = [self.tried(level) for level in TRIED_FIRST if strength(level) >= strength(least)]
        missing = [Text.same(one.level) + _in_brackets(one.missing) for one in tried if one.missing is not None]
        shown = Text(listing(one.zh for one in missing).zh, listing(one.en for one in missing).en)
        why = Text(
            f"没有运行学生的程序：要求隔离级别至少 {least}，这台电脑上不能用：{shown.zh}。",
            f"The student's program was not run: isolation of at least {least} is asked for, "
            f"and this machine has none: {shown.en}.",
        )
        return Refused(why, next((one.remedy for one in tried if one.remedy is not None), let_bubblewrap_work()))


NOT_WANTED = Text(
    "按设置没有运行学生的程序（隔离级别 artefacts）。",
    "The student's program was not run, as the settings say (isolation level artefacts).",
)
NEVER_RUN = Text(
    "这个练习不运行学生的程序（min_isolation 是 artefacts）。",
    "This exercise runs no program (its min_isolation is artefacts).",
)
HAND_IN = Text(
    "请把训练留下的文件夹（日志和权重）一起交上来。", "Hand in the folder that your training left: its log and weights."
)


def _in_brackets(text: Text) -> Text:
    return Text(f"（{text.zh}）", f"({text.en})")


def _too_weak(asked: str, least: str) -> Refused:
    return Refused(
        Text(
            f"没有运行学生的程序：练习要求隔离级别至少 {least}，设置的 {asked} 比它弱。",
            f"The student's program was not run: the exercise wants isolation of at least {least}, "
            f"and {asked}, which was set, is weaker.",
        ),
        Text("请去掉 --mmedu-isolation 这项设置，或设为 auto。", "Drop --mmedu-isolation, or set it to auto."),
    )
