"""答案的母本 | The key to an exercise's answers: `master_answers.toml` beside `answers.toml`, for the teacher alone.

The starter is the key with every value left open; comments, tables and the order of the lines stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import Exercise
from pytest_mmedu.exercise.solution import Blank
from pytest_mmedu.submission.answer_lines import Line, answer_lines
from pytest_mmedu.text import Text

OPEN = '"..."'
_COMMENT = re.compile(r"^(?:\"[^\"]*\"|'[^']*'|[^\"'#])*?(\s*#.*)$")


class AnswerKey:
    """The key of an exercise that asks for answers.

    Raises:
        ExerciseError: it is missing, no UTF-8, or an answer in it goes over several lines.
    """

    def __init__(self, exercise: Exercise) -> None:
        self._path = exercise.folder / f"master_{exercise.answers}"
        try:
            self.text = self._path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            seen = Text(
                f"练习缺少 {self._path.name}，或它不是 UTF-8 文本。",
                f"{self._path.name} is missing or is not UTF-8 text.",
            )
            todo = Text("请写上正确的答案，一行一个。", "Write the right answers there, one a line.")
            raise ExerciseError(seen, todo, place=f"{exercise.id}/{self._path.name}") from None
        self._lines = tuple(self._single_lines())

    @property
    def starter(self) -> str:
        """The text with every value left open."""
        lines = self.text.split("\n")
        for one in self._lines:
            before, _, behind = lines[one.line - 1].partition(one.sign)
            comment = _COMMENT.match(behind)
            comma = "," if one.value != behind.strip() and behind.rstrip().endswith(",") else ""
            lines[one.line - 1] = f"{before}{one.sign} {OPEN}{comma}{comment[1] if comment else ''}"
        return "\n".join(lines)

    @property
    def blanks(self) -> tuple[Blank, ...]:
        """The right values, to be searched for in what students get."""
        return tuple(
            Blank(one.name.rpartition(".")[2], _bare(one.value), 0, 0, one.line, one.line) for one in self._lines
        )

    def _single_lines(self) -> Iterator[Line]:
        for one in answer_lines(self.text):
            if "\n" in one.value:
                seen = Text(f"{one.name} 的答案写了几行。", f"The answer {one.name} goes over several lines.")
                todo = Text("请写在一行里。", "Write it on one line.")
                raise ExerciseError(seen, todo, place=f"{self._path.name}:{one.line}")
            yield one


def _bare(value: str) -> str:
    """Without a comment behind it."""
    comment = _COMMENT.match(value)
    return (value[: -len(comment[1])] if comment else value).strip()


def starter_answers(exercise: Exercise) -> dict[str, str]:
    """The answers file that students get; none where the exercise asks for no answers."""
    return {str(exercise.answers): AnswerKey(exercise).starter} if _asks(exercise) else {}


def right_answers(exercise: Exercise) -> dict[str, str]:
    """The same, solved."""
    return {str(exercise.answers): AnswerKey(exercise).text} if _asks(exercise) else {}


def answer_blanks(exercise: Exercise) -> tuple[Blank, ...]:
    """The values that nothing which students get may give away."""
    return AnswerKey(exercise).blanks if _asks(exercise) else ()


def _asks(exercise: Exercise) -> bool:
    """For a file of answers: those that stand in the program itself come from its own master."""
    return exercise.answers is not None and exercise.answers not in (exercise.script, exercise.notebook)
