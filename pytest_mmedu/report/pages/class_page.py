"""全班的网页 | The page of a class, for the teacher: what to teach again, how the scores lie, every student.

It holds names and what may be a copy: it is not for students. Nothing on it changes a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from pytest_mmedu.alike.findings import Alike, Kind
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.json_file import write_whole
from pytest_mmedu.report.pages.class_figures import CheckFigures, Counting, Figures, Seen, TestFigures
from pytest_mmedu.report.pages.class_lines import SEEN, css_word, line_of
from pytest_mmedu.report.pages.rendering import pieces
from pytest_mmedu.report.terminal import UNICODE_MARKS
from pytest_mmedu.text import Lang, Text, printable

TEACH_AGAIN = 3  # checks that are told first
LEAST_RATE = 0.1  # that is worth teaching again
HEAT = 10
KINDS: Mapping[Kind, Text] = {
    "program": Text("程序", "program"),
    "log": Text("训练日志", "training log"),
    "weights": Text("权重文件", "file of weights"),
}
NOTHING_RUN = Text("没有程序要运行", "there was no program to run")


def class_page(exercise_title: Text, rows: Iterable[Row], *, lang: Lang, alike: Sequence[Alike] | None = None) -> str:
    """The whole page. `alike` is what submissions have in common; None where they were not compared."""
    return "".join(class_pieces(exercise_title, rows, lang=lang, alike=alike))


def write_class_page(
    path: Path, exercise_title: Text, rows: Iterable[Row], *, lang: Lang, alike: Sequence[Alike] | None = None
) -> None:
    """Write the page piece by piece: the old one stays until the new one is whole.

    Raises:
        OutputError: says why it cannot be written.
    """
    write_whole(path, class_pieces(exercise_title, rows, lang=lang, alike=alike))


def class_pieces(
    exercise_title: Text, rows: Iterable[Row], *, lang: Lang, alike: Sequence[Alike] | None = None
) -> Iterator[str]:
    """The page as it is written; every row is read once."""
    counting, lines = Counting(), []
    for row in rows:
        counting.add(row)
        lines.append(line_of(row))
    figures = counting.figures()
    return pieces(
        "class_page.html.jinja",
        lang=lang,
        title=Text(f"全班 · {exercise_title.zh}", f"The class · {exercise_title.en}"),
        styles=("class_page.css",),
        scripts=("class_page.js",),
        exercise=exercise_title,
        figures=figures,
        tallest=max((part.count for part in figures.bins), default=0),
        again=teach_again(figures),
        lines=lines,
        tests=figures.tests,
        nodeids=[test.nodeid for test in figures.tests],
        late=any(line.hours_late for line in lines),
        changed=any(line.override is not None for line in lines),
        alike=alike,
        heat=heat,
        percent=percent,
        not_judged=not_judged,
        pages={line.student: line.page for line in lines if line.page},
        seen=SEEN,
        marks=UNICODE_MARKS,
        css_word=css_word,
        kinds=KINDS,
        nothing_run=NOTHING_RUN,
        as_written=printable,
    )


def teach_again(figures: Figures) -> list[tuple[CheckFigures, TestFigures]]:
    """The few checks that the largest shares missed."""
    return [one for one in figures.hardest_first if one[0].rate >= LEAST_RATE][:TEACH_AGAIN]


def heat(share: float) -> int:
    """0 to HEAT; 0 only where there is nothing at all."""
    return max(1, round(HEAT * share)) if share > 0 else 0


def percent(share: float) -> str:
    """Never 0 % where there is one, never 100 % where one is missing."""
    rounded = round(100 * share)
    if 0 < share < 1:
        rounded = min(99, max(1, rounded))
    return f"{rounded}%"


def not_judged(check: CheckFigures) -> int:
    """Students about whom the check says nothing."""
    without: tuple[Seen, ...] = ("undecidable", "blocked", "error", "not run")
    return sum(check.counts.get(one, 0) for one in without)
