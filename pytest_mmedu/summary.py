"""结束时 | The end of a session: one report per exercise, written where it was asked for, and its card shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pytest_mmedu.errors import MMEduError
from pytest_mmedu.exchange import gather, gather_evidence
from pytest_mmedu.grader import Grader
from pytest_mmedu.report.build import Facts, build
from pytest_mmedu.report.layout import clean, for_console, number, spread
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.repository_path import finder
from pytest_mmedu.report.terminal import card_for, heading
from pytest_mmedu.report.writers import ReportFile, View, write_all
from pytest_mmedu.score import Declared, score
from pytest_mmedu.text import Text, choose_lang, printable

if TYPE_CHECKING:
    from pytest_mmedu.report.page_evidence import Evidence

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
        _with_evidence(build(tests, grader.seen, _facts(grader, exercise), seconds=seconds), grader, exercise)
        for exercise, tests in declared_by_exercise(grader).items()
    ]


def _with_evidence(report: Report, grader: Grader, exercise: str) -> Report:
    """Only for a report that is written; what the workers saw included."""
    if not grader.wants_evidence:
        return report
    try:
        return replace(report, evidence=evidence_for(grader, exercise))
    except Exception as error:  # noqa: BLE001 - whatever a stranger's files do to the pictures, the points stay
        what = printable(f"{type(error).__name__}: {error}")
        note = Text(f"曲线和图片没有收进报告：{what}", f"Curves and pictures are missing: {what}")
        return replace(report, notes=(*report.notes, note))


def evidence_for(grader: Grader, exercise: str) -> Evidence | None:
    """What this process knows of the submission, and on the controller what the workers left."""
    from pytest_mmedu.submission_evidence import evidence_of

    handed_in = grader.handed_in.get(Path(exercise))
    own = handed_in and evidence_of(handed_in, grader.judgements.get(exercise, ()))
    left = gather_evidence(grader.exchange, exercise) if grader.exchange and not grader.is_worker else None
    return own.and_(left) if own and left else own or left


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
    wanted = grader.options.report
    if wanted and not reports:
        yield NO_REPORT
    lang = choose_lang(grader.options.lang)
    for exercise, report in zip(declared_by_exercise(grader), reports, strict=True):
        files = [_of_exercise(file, report) if len(reports) > 1 else file for file in wanted]
        if files != list(wanted):
            yield from (Text(f"报告写在 {file.path.name}。", f"The report is in {file.path.name}.") for file in files)
        view = View(lang, finder(grader.options.submission or Path(exercise)))
        for problem in write_all(files, report, view):
            grader.report_missing = True
            yield problem


def _of_exercise(file: ReportFile, report: Report) -> ReportFile:
    """r.json of an exercise among several: r.01_first_training.json."""
    return file._replace(path=file.path.with_name(f"{file.path.stem}.{report.exercise.id}{file.path.suffix}"))


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
