"""只看交上来的文件 | The level "artefacts": the program is read but not run; the trainings that lie beside it count.

A log and weights that were handed in are claims, more so than those of a run that the grader has watched.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pytest_mmedu.asked import Asked
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.run import read_run
from pytest_mmedu.submission import reasons
from pytest_mmedu.submission.collect import collect
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.isolation.boxes import Refused
from pytest_mmedu.submission.program import read_program
from pytest_mmedu.submission.running import SubmissionRun
from pytest_mmedu.submission.snapshot import take_snapshot
from pytest_mmedu.submission.trainings import trained, untrained, what_was_left
from pytest_mmedu.text import Text

ONLY_CLAIMS = Text(
    "程序没有运行，成绩来自交上来的日志和权重。",
    "The program was not run: the score comes from the log and weights that were handed in.",
)

NOT_HANDED_IN = NoRun(
    "failed",
    Text("没有交上这次训练的文件夹", "the folder of this training was not handed in"),
    Text("把 save_fold 指定的文件夹一起交上。", "Hand in the folder that save_fold names as well."),
)


def judge_artefacts(submission: Submission, refused: Refused, out: Path) -> SubmissionRun:
    """The trainings handed in, copied as plain files to `out`; without any, the reason why nothing was run.

    Raises:
        SubmissionError: a file was changed while it was being read.
    """
    snapshot = take_snapshot(submission)
    snapshot.copy_to(out / "handed_in")
    asked, not_read = _read(submission)
    found = collect(out / "handed_in", {}, _folders(submission, asked, out / "handed_in"), out / "runs")
    runs = tuple(read_run(out / "runs" / one.folder, digests=one.digests) for one in found)
    notes = tuple(dict.fromkeys((*submission.notes, *snapshot.notes, *(note for one in found for note in one.notes))))
    no_run = None if runs else not_read or NoRun("failed" if refused.chosen else "error", refused.why, refused.remedy)
    left = what_was_left((one.turns, run) for one, run in zip(found, runs, strict=True))
    there = (number if number in left else None for number in range(len(asked)))
    return SubmissionRun(
        runs=runs,
        no_run=no_run,
        asked=asked,
        trainings=untrained(asked, no_run) if no_run else trained(asked, there, left, NOT_HANDED_IN),
        isolation="artefacts",
        notes=(*notes, ONLY_CLAIMS) if runs else notes,
        refused=None if refused.chosen else refused.why + refused.remedy,
    )


def _folders(submission: Submission, asked: Sequence[Asked], copy: Path) -> list[str]:
    """Where each training of the program would have saved, if it had been run in the copy."""
    program = submission.source_file or submission.folder / "homework.py"
    place = copy / program.parent.relative_to(submission.folder)
    return [os.path.normpath(place / str(one["save_fold"].value)) for one in asked]


def _read(submission: Submission) -> tuple[tuple[Asked, ...], NoRun | None]:
    """What the program asks for, and why it could not have been run anyway: that is the student's to know first."""
    if submission.source_file is None:
        return (), None
    try:
        program = read_program(submission)
    except SubmissionError as error:
        return (), reasons.not_readable(error)
    return program.asked, reasons.not_filled_in(program)
