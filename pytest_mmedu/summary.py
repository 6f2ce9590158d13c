"""结束时 | The end of a session: one report per exercise, written where it was asked for, and its card shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from pytest_mmedu.errors import MMEduError, OutputError
from pytest_mmedu.exchange import gather
from pytest_mmedu.grader import Grader
from pytest_mmedu.report.build import Facts, build
from pytest_mmedu.report.json_file import write_report
from pytest_mmedu.report.layout import clean, for_console, number, spread
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import card_for, heading
from pytest_mmedu.score import Declared, score
from pytest_mmedu.text import Text, choose_lang

DECLARED = Text("分值", "Points")
TOTAL = Text("总分", "Total")
NO_REPORT = Text(
    "没有收集到有分值的测试，所以没有写成绩报告。", "No test with points was collected, so no report was written."
)


class Writes(Protocol):
    """What is used of pytest's terminal reporter."""

    def write_line(self, line: str, **markup: Any) -> None: ...


def declared_by_exercise(grader: Grader) -> Mapping[str, list[Declared]]:
    """Every declared test, from this process and from the workers, under the folder of its exercise."""
    folder = grader.exchange
    declared = {**(gather(folder) if folder else {}), **grader.declared}
    groups: dict[str, list[Declared]] = {}
    for one in declared.values():
        groups.setdefault(one.exercise, []).append(one)
    return groups


def reports_of(grader: Grader) -> list[Report]:
    """One report per exercise, in the order of collection."""
    seconds = time.monotonic() - grader.began
    return [
        build(tests, grader.seen, _facts(grader, exercise), seconds=seconds)
        for exercise, tests in declared_by_exercise(grader).items()
    ]


def _facts(grader: Grader, exercise: str) -> Facts:
    """What the tests learned; where they learned nothing, what exercise.toml says; and files that did not load."""
    folder = Path(exercise)
    facts = _named(folder, grader.facts.get(exercise, Facts())).and_(Facts(notes=_uncollected(grader, exercise)))
    return _owned(grader.options.submission or folder, grader.options.student, facts)


def _owned(submission: Path, given: str, facts: Facts) -> Facts:
    """Whose work it is; what the work itself says is a claim, and the notes say so."""
    from pytest_mmedu.exercise.personal import student_of

    try:
        student = student_of(submission, given)
    except MMEduError as error:
        return facts.and_(Facts(notes=(error.text,)))
    named = replace(facts, submission=replace(facts.submission, student=student.id))
    return named.and_(Facts(notes=student.notes))


def _named(folder: Path, facts: Facts) -> Facts:
    if facts.exercise_id is not None or not (folder / "exercise.toml").is_file():
        return facts
    from pytest_mmedu.exercise.load import load_exercise

    try:
        exercise = load_exercise(folder)
    except MMEduError as error:
        return facts.and_(Facts(notes=(error.text,)))
    return facts.and_(Facts(exercise_id=exercise.id, exercise_title=exercise.title))


def _uncollected(grader: Grader, exercise: str) -> tuple[Text, ...]:
    inside = (name for name in grader.uncollected if Path(exercise) in (grader.config.rootpath / name).parents)
    return tuple(
        Text(
            f"{name} 读不进来，它的分值不在总分里。",
            f"{name} could not be collected: its points are missing in the total.",
        )
        for name in sorted(set(inside))
    )


def write_reports(grader: Grader, reports: list[Report]) -> Iterator[Text]:
    """Write what was asked for; yields what has to be said about it, a sentence each."""
    for path in grader.options.report:
        if not reports:
            yield NO_REPORT
        for report in reports:
            file = path if len(reports) == 1 else path.with_name(f"{path.stem}.{report.exercise.id}{path.suffix}")
            if file != path:
                yield Text(f"报告写在 {file.name}。", f"The report is in {file.name}.")
            try:
                write_report(report, file)
            except OutputError as error:
                grader.report_missing = True
                yield error.text


def show_cards(grader: Grader, reports: list[Report], reporter: Writes) -> None:
    for report in reports:
        reporter.write_line("")
        reporter.write_line(for_console(heading(report.exercise.title, grader.lang), grader.encoding), bold=True)
        reporter.write_line(card_for(report, choose_lang(grader.options.lang), grader.encoding))


def show_declared(grader: Grader, reporter: Writes) -> None:
    """For `--collect-only`: what could be earned, since nothing was."""
    for tests in declared_by_exercise(grader).values():
        scored = score(tests, ())
        lines = [f" {DECLARED.in_lang(grader.lang)}"]
        lines += [
            spread(f"   {clean(one.declared.title.in_lang(grader.lang))}", number(float(one.points))) for one in scored
        ]
        lines += [spread(f" {TOTAL.in_lang(grader.lang)}", number(float(sum(one.points for one in scored))))]
        reporter.write_line("")
        for line in lines:
            reporter.write_line(for_console(line, grader.encoding))
