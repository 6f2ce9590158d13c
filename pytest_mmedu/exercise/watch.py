"""保存就批改 | Grade whenever something is saved: the first exercise that is not done comes first."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from pytest_mmedu.errors import MMEduError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.saved_files import SavedFiles
from pytest_mmedu.exercise.session import Invocation, no_report, started, too_long
from pytest_mmedu.exercise.verify import find_exercises
from pytest_mmedu.report.layout import for_console
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import console_lang, heading, show_card
from pytest_mmedu.text import Lang, Text

STOPPED = Text("已停止。", "Stopped.")
AGAIN = Text("有新的保存，重新批改。", "Something was saved: grading again.")


class SavedMeanwhile(Exception):
    """What is being graded is not what there is any more."""


def watch(
    folders: Sequence[Path], *, cache: Path | str | None = None, isolation: str | None = None, lang: Lang
) -> None:
    """Grade the exercises in the folders until somebody presses Ctrl-C. Each is its own submission.

    Raises:
        ExerciseError: there is no exercise in them.
    """
    exercises = find_exercises(folders)
    saved = SavedFiles(exercises)
    grade = partial(grade_one, cache=cache, isolation=isolation, session=partial(_session, saved))
    course = Course(exercises, lambda exercise: grade(exercise, exercise), lang)
    try:
        now: Sequence[Path] = ()
        while True:
            try:
                course.go_on(now)
            except SavedMeanwhile:
                _say(AGAIN, lang)
            now = saved.wait()
    except KeyboardInterrupt:
        _say(STOPPED, lang)


def _session(saved: SavedFiles, invocation: Invocation, folder: Path, limit: float) -> Text | None:
    """As `fresh_session`, given up when something is saved.

    It looks again and again instead of waiting: on Windows nobody hears Ctrl-C during a long wait.
    """
    end = time.monotonic() + limit
    with started(invocation, folder) as process:
        while time.monotonic() < end:
            try:
                return no_report(process.wait(saved.pause), folder)
            except subprocess.TimeoutExpired:
                if saved.since():
                    raise SavedMeanwhile from None
    return too_long(limit)


@dataclass
class Course:
    """Several exercises, one after another. `done` are those that earned everything when they were graded last."""

    exercises: Sequence[Path]
    grade: Callable[[Path], Report]
    lang: Lang
    done: set[Path] = field(default_factory=set)

    def go_on(self, saved: Sequence[Path] = ()) -> None:
        """Grade what was saved, then the others, up to the first one that is not done; tell how far that is."""
        click.clear()  # does nothing where nobody watches
        self.done.difference_update(saved)
        waiting = [*saved, *(one for one in self.exercises if one not in self.done and one not in saved)]
        for exercise in waiting:
            if not self._graded(exercise):
                break
            self.done.add(exercise)
        done, all_of_them = len(self.done), len(self.exercises)
        _say(
            Text(
                f"完成 {done}/{all_of_them} 个练习。保存文件就再批改一次，按 Ctrl-C 结束。",
                f"{done} of {all_of_them} exercises done. Save a file to grade again, press Ctrl-C to end.",
            ),
            self.lang,
        )

    def _graded(self, exercise: Path) -> bool:
        """Whether it has earned everything; what is wrong with the exercise itself is a sentence like any other."""
        _say(Text(f"正在批改 {exercise.name} ……", f"Grading {exercise.name} ..."), self.lang)
        try:
            title = load_exercise(exercise).title
            report = self.grade(exercise)
        except MMEduError as error:
            _say(error.text, self.lang)
            return False
        click.echo(for_console(heading(title, console_lang(self.lang, _encoding())), _encoding()))
        show_card(report, self.lang)
        click.echo()
        return report.all_earned


def _say(text: Text, lang: Lang) -> None:
    click.echo(for_console(text.in_lang(console_lang(lang, _encoding())), _encoding()))


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"
