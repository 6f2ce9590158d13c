"""关于作业的事实 | What the report says about a submission: its name, how it was run, what its notes are."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.cache import sha256_of
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.report.build import Facts
from pytest_mmedu.report.report import SubmissionName
from pytest_mmedu.submission.find import Submission

if TYPE_CHECKING:
    from pytest_mmedu.answered import Answers
    from pytest_mmedu.handed_in import HandedIn
    from pytest_mmedu.submission.functions import Called


def facts_of(handed_in: HandedIn) -> Facts:
    """As far as they are known by now: nothing is run or read for them alone."""
    found = handed_in.submission if isinstance(handed_in.submission, Submission) else None
    source = found.source_file if found else None
    about = Facts(
        exercise_id=handed_in.exercise.id,
        exercise_title=handed_in.exercise.title,
        submission=SubmissionName(handed_in.path.name, _checksum(source) if source else None),
        notes=(*found.notes, *handed_in.without_part) if found else (),
    )
    known = _of_answers(handed_in).and_(about).and_(_of_run(handed_in))
    for called in handed_in.called:
        known = known.and_(_of_calls(handed_in, called))
    return known


def _checksum(path: Path) -> str | None:
    with suppress(OSError):
        return sha256_of(path)
    return None


def _of_answers(handed_in: HandedIn) -> Facts:
    """What was answered is the submission where nothing else is asked for."""
    answers: Answers | None = handed_in.__dict__.get("answers")
    if answers is None:
        return Facts()
    if not handed_in.exercise.answers_only or answers.sha256 is None:
        return Facts(notes=answers.notes)
    return Facts(submission=SubmissionName(handed_in.path.name, answers.sha256), notes=answers.notes)


def _of_run(handed_in: HandedIn) -> Facts:
    done = handed_in.__dict__.get("done")
    if done is None or isinstance(done, NoRun):
        return Facts()
    versions = {name: str(value) for run in done.runs for name, value in run.environment.items()}
    return Facts(
        refused=done.refused,
        from_cache=done.from_cache if done.runs else None,
        notes=(*done.notes, *handed_in.cache.notes),
        versions=versions,
    ).and_(_of_box(handed_in, done.isolation, done.from_cache))


def _of_calls(handed_in: HandedIn, called: Called) -> Facts:
    ran = called.isolation not in ("", "artefacts")
    return Facts(
        refused=called.refused,
        from_cache=called.from_cache if ran else None,
        notes=(*called.notes, *handed_in.cache.notes),
    ).and_(_of_box(handed_in, called.isolation, called.from_cache))


def _of_box(handed_in: HandedIn, isolation: str, from_cache: bool) -> Facts:
    """What a level holds on this machine is known where it was tried: not for a run from the cache."""
    if from_cache or not isolation or isolation != handed_in.level.level:
        return Facts(isolation=isolation)
    tool, _, version = handed_in.level.tool.partition(" ")
    held = handed_in.level.guarantees
    return Facts(isolation=isolation, guarantees=held, versions={tool: version} if held and tool else {})
