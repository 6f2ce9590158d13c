"""检查的对象 | What a check looks at: the parameters asked for, and what the training left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_mmedu.asked import Asked
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text

if TYPE_CHECKING:  # a check of parameters alone needs neither Pillow nor a log reader
    from pytest_mmedu.answered import Answers
    from pytest_mmedu.checks.evaluated import Evaluate
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.logs import TrainLog
    from pytest_mmedu.submission.functions import Called, Calls


@dataclass(frozen=True, slots=True)
class NoRun:
    """Why there is nothing to judge.

    failed       the student's: a crash, `...` left
    undecidable  something lies there, and nobody can know what it is worth
    error        ours, or the machine's
    """

    outcome: Literal["failed", "undecidable", "error"]
    seen: Text
    hint: Text
    place: str | None = None


@dataclass(frozen=True)
class Subject:
    """`run` is None exactly when `no_run` says why. `submission` is the handed-in folder, for relative places.

    `trainings` has each train() call of a program that makes several; the subject itself is then the last one.
    `answers` is None where the exercise asks for none.
    `evaluate` tells what weights really get right; None where nobody can.
    `call` gives what a function of the program returns; None where there is no program to call it in.
    `handed_in`: the run's files were sent in, and no judge saw the training that left them.
    `no_images` says why the student's own data set cannot be judged; None where there is one, or none is asked for.
    """

    asked: Asked = field(default_factory=Asked)
    run: Run | None = None
    no_run: NoRun | None = None
    log: TrainLog | None = None
    images: ImageFolder | None = None
    submission: Path | None = None
    trainings: tuple[Subject, ...] = ()
    answers: Answers | None = None
    evaluate: Evaluate | None = None
    handed_in: bool = False
    call: Callable[[Calls], Called] | None = None
    no_images: NoRun | None = None

    def training(self, number: int) -> Subject:
        """The training of this number, from 1, which knows those before it; one that says so where there are fewer."""
        each = self.trainings or (self,)
        if number <= len(each):
            earlier = each[:number] if self.trainings else ()
            return replace(each[number - 1], answers=self.answers, trainings=earlier)
        no_run = (None if self.trainings else self.no_run) or _too_few(len(each))
        return Subject(no_run=no_run, images=self.images, submission=self.submission, answers=self.answers)


def _too_few(count: int) -> NoRun:
    times = "once" if count == 1 else f"{count} times"
    return NoRun(
        "failed",
        Text(f"程序只训练了 {count} 次", f"the program trained only {times}"),
        Text("数一数：程序里要有几个 train()？", "How many train() calls does the program need? Count them."),
    )
