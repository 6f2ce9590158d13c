"""像在哪里 | What two submissions have in common, with both excerpts, and its file for the next page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from pytest_mmedu.report.json_file import write_whole
from pytest_mmedu.text import Text

Kind = Literal["program", "log", "weights"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILE = "alike.json"
_LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of one student's file as they stand there; `place` says where: `homework.py:12`."""

    student: str
    place: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Submissions with something in common that two people hardly come to by themselves.

    students  two, or all of a group in which this is the very same
    share     of what the one with less has of its own, the part that is in common
    sides     the same place in two of them
    """

    kind: Kind
    students: tuple[str, ...]
    share: float
    sides: tuple[Excerpt, Excerpt]

    @property
    def text(self) -> Text:
        """What was seen, and what else may explain it."""
        percent = round(100 * self.share)
        if self.kind == "program":
            return Text(
                f"除去发下去的部分，较短一份程序有 {percent}% 与另一份写法相同（不看变量名、数字、文字和注释）。",
                f"Without what was handed out, {percent} % of the shorter program is written as in the other "
                "(names, numbers, texts and comments are not looked at).",
            )
        if self.kind == "log":
            return Text(
                f"较短一份日志有 {percent}% 的记录相同，连每步用时也相同。"
                "种子和参数相同的两次训练，损失会一样，用时不会。",
                f"{percent} % of the shorter log are the same records, with the same time for every step. "
                "Two trainings with one seed and the same parameters have equal losses, but not equal times.",
            )
        return Text(
            "权重文件一模一样，连保存的时刻也相同。种子和参数相同的两次训练，权重会一样，保存的时刻不会。",
            "The files of weights are the same, saved at the same moment. Two trainings with one seed and the same "
            "parameters have equal weights, but are not saved in the same second.",
        )


def write_alike(found: Iterable[Alike], path: Path) -> None:
    """Keep what was found, for pages that are written later without the submissions."""
    write_whole(path, json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1) + "\n")


def read_alike(path: Path) -> tuple[Alike, ...] | None:
    """What `write_alike` kept; None where there is none that can be read: the class was not compared."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        return tuple(map(_alike, json.loads(path.read_text("utf-8"))))
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None


def _alike(data: Mapping[str, Any]) -> Alike:
    first, second = map(_excerpt, data["sides"])
    if data["kind"] not in KINDS:
        raise ValueError(data["kind"])
    return Alike(data["kind"], _texts(data["students"]), float(data["share"]), (first, second))


def _excerpt(data: Mapping[str, Any]) -> Excerpt:
    return Excerpt(str(data["student"]), str(data["place"]), _texts(data["lines"]))


def _texts(data: Sequence[Any]) -> tuple[str, ...]:
    return tuple(map(str, data))
