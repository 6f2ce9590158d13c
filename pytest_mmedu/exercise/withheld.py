"""不能发出去的内容 | What no file that students get may hold: solutions, answers, hidden tests, sample submissions.

A solved value is found by its name, as "epochs = 10"; everything else line by line, where the line says something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_mmedu.exercise.leaks import leaks
from pytest_mmedu.exercise.load import Exercise
from pytest_mmedu.exercise.solution import MARK, Blank
from pytest_mmedu.text import Text, printable

# A shorter line is no secret: `epochs=1,` may stand anywhere; solved values are looked for by their names besides.
_TELLING = 20
_BOILERPLATE = re.compile(r"import |from |def |class |@|\"\"\"|'''|return$|print\(")
_AROUND = re.compile(r"^[\s#>*`-]+|(?<=\S)\s+#.*$|[\s`]+$")
_SAMPLES = ("accepted", "rejected")


@dataclass(frozen=True)
class Withheld:
    """`blanks` are solved values, `lines` whole lines of files that stay with the teacher, with where they stand."""

    blanks: tuple[Blank, ...]
    lines: Mapping[str, Text]

    def found_in(self, name: str, text: str, *, made: bool = False) -> Iterator[Text]:
        """What of it can be read in the file `name`, a sentence each.

        `made` for one student: a log to be read holds the answers by its nature, and by the very names.
        """
        for blank in () if made else leaks(text, self.blanks):
            yield Text(f"{name} 里能读到 {blank.name} 的答案。", f"{name} gives the answer for {blank.name} away.")
        if MARK.search(text):
            yield Text(f"{name} 里有 # SOLUTION 记号。", f"{name} has a # SOLUTION mark.")
        for line in dict.fromkeys(_lines(text)):
            if line in self.lines:
                shown, where = printable(line, 60), self.lines[line]
                yield Text(f"{name} 里有{where.zh}的一行（{shown}）。", f"{name} has a line of {where.en} ({shown}).")


def withheld(
    exercise: Exercise,
    blanks: Iterable[Blank],
    starters: Iterable[str],
    references: Iterable[str],
    answers: Iterable[tuple[str, Any]],
) -> Withheld:
    """What the files of `exercise` must keep to themselves.

    starters    the texts that students get to fill in: their lines are no secret
    references  the solved texts
    answers     what the student has to answer, by name, as variant.py says
    """
    known = {line for text in starters for line in _lines(text)}
    secret: dict[str, Text] = {}
    for where, text in _kept(exercise, references):
        secret |= {line: where for line in _lines(text) if line not in known and _says_something(line)}
    named = [Blank(name, _written(value), 0, 0, 0, 0) for name, value in answers]
    return Withheld((*blanks, *named), secret)


def as_text(content: bytes) -> str | None:
    """What can be read in a file; None for pictures and the like."""
    try:
        return None if b"\0" in content else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _kept(exercise: Exercise, references: Iterable[str]) -> Iterator[tuple[Text, str]]:
    for kind in _SAMPLES:
        for path in sorted((exercise.submissions / kind).rglob("*")):
            if path.suffix in (".py", ".ipynb", ".toml") and path.is_file():
                name = path.relative_to(exercise.submissions).as_posix()
                yield Text(f"样例作业 {name} 里", f"the sample submission {name}"), _content(path)
    for path in exercise.hidden_tests:
        yield Text(f"隐藏测试 {path.name} 里", f"the hidden test {path.name}"), _content(path)
    yield Text(" variant.py 里", "variant.py"), _content(exercise.folder / "variant.py")
    for text in references:
        yield Text("参考答案里", "the solution"), text


def _content(path: Path) -> str:
    return (as_text(path.read_bytes()) or "") if path.is_file() else ""


def _lines(text: str) -> Iterator[str]:
    """The lines as they say the same: without a comment behind them, spaces and signs of a comment or list before."""
    for line in _plain(text).split("\n"):
        yield " ".join(_AROUND.sub("", line).split())


def _plain(text: str) -> str:
    """The cells of a notebook as one text; every other text as it is."""
    try:
        cells = json.loads(text)["cells"] if text.lstrip().startswith("{") else None
        return text if cells is None else "\n".join("".join(cell["source"]) for cell in cells)
    except (ValueError, KeyError, TypeError):
        return text


def _says_something(line: str) -> bool:
    return len(line) >= _TELLING and not _BOILERPLATE.match(line)


def _written(value: Any) -> str:
    """As it would stand in an answers file, without quotes."""
    return str(value).lower() if isinstance(value, bool) else str(value)
