"""关于作业的证据 | What a page shows of a submission: what its checks have read by then, nothing is run for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from pytest_mmedu.report.kept_curves import curves_of
from pytest_mmedu.report.own_lines import own_lines
from pytest_mmedu.report.page_evidence import (
    MOST_CLASSES,
    MOST_EVALUATIONS,
    MOST_TRAININGS,
    Evidence,
    LookedAt,
    TrainingCurves,
    WrongPicture,
)
from pytest_mmedu.result import Result
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.remembering import Looked, Remembering
from pytest_mmedu.text import printable

if TYPE_CHECKING:
    from pytest_mmedu.checks.subject import Subject
    from pytest_mmedu.handed_in import HandedIn

_MOST_NAMED = 200  # classes


def evidence_of(handed_in: HandedIn, results: Iterable[Result]) -> Evidence:
    """`results` are those of the checks: their places say which lines of the student's belong to them."""
    known = handed_in.__dict__  # what was needed so far; asking for more would run the student's program
    subject: Subject | None = known.get("subject")
    submission, looker = known.get("submission"), known.get("looker")
    looked = looker.looked if isinstance(looker, Remembering) else []
    return Evidence(
        curves=tuple(_curves(subject))[:MOST_TRAININGS] if subject else (),
        lines=own_lines(submission, results) if isinstance(submission, Submission) else (),
    ).and_(Evidence(evaluations=tuple(_evaluations(looked, handed_in.exercise.held_out))))


def _curves(subject: Subject) -> Iterator[TrainingCurves]:
    trainings: Sequence[tuple[int, Subject]] = list(enumerate(subject.trainings, 1)) or [(0, subject)]
    for number, one in trainings[:MOST_TRAININGS]:
        found = curves_of(one.log, number) if one.log is not None else None
        if found is not None:
            yield found


def _evaluations(looked: Iterable[Looked], held_out: str | None) -> Iterator[LookedAt]:
    unique = {(one.weights, one.split): one for one in looked}
    for one in list(unique.values())[:MOST_EVALUATIONS]:
        yield _evaluation(one, held_out=one.split == held_out)


def _evaluation(one: Looked, *, held_out: bool) -> LookedAt:
    classes = one.evaluator.images.classes
    pairs = list(zip(one.found.labels, one.found.predictions, strict=True))
    known = len(classes) <= _MOST_NAMED
    return LookedAt(
        weights=printable(one.weights, 80),
        split=printable(one.split, 80),
        held_out=held_out,
        classes=tuple(printable(name, 40) for name in classes) if known else (),
        n=len(pairs),
        right=sum(label == predicted for label, predicted in pairs),
        confusion=_confusion(pairs, len(classes)) if len(classes) <= MOST_CLASSES else (),
        pictures=() if held_out or not known else tuple(_wrong(one, pairs)),
    )


def _confusion(pairs: Iterable[tuple[int, int | None]], size: int) -> tuple[tuple[int, ...], ...]:
    counts = [[0] * size for _ in range(size)]
    for label, predicted in pairs:
        if predicted is not None and predicted < size:  # a network may know more classes than there are
            counts[label][predicted] += 1
    return tuple(map(tuple, counts))


def _wrong(one: Looked, pairs: Sequence[tuple[int, int | None]]) -> Iterator[WrongPicture]:
    """Pictures that the student has anyway: those of a split that his program gets."""
    from pytest_mmedu.report.thumbnails import wrong_pictures

    judged = zip(one.pictures(), pairs, strict=True)
    yield from wrong_pictures((path, label, guess) for path, (label, guess) in judged if label != guess)
