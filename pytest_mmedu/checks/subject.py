"""检查的对象 | What a check looks at: the parameters asked for, and what the training left."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_mmedu.asked import Asked
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text

if TYPE_CHECKING:  # a check of parameters alone needs neither Pillow nor a log reader
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.logs import TrainLog


@dataclass(frozen=True, slots=True)
class NoRun:
    """Why there is nothing to judge: "failed" is the student's (a crash, `...` left), "error" ours or the machine's."""

    outcome: Literal["failed", "error"]
    seen: Text
    hint: Text
    place: str | None = None


@dataclass(frozen=True)
class Subject:
    """`run` is None exactly when `no_run` says why. `submission` is the handed-in folder, for relative places."""

    asked: Asked = field(default_factory=Asked)
    run: Run | None = None
    no_run: NoRun | None = None
    log: TrainLog | None = None
    images: ImageFolder | None = None
    submission: Path | None = None
