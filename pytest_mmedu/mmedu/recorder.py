"""记录与限额 | The seam for grading: what train() was called with, and how much of it is really run.

`hooks` are called with all parameters of every train(), before they are judged and before anything is trained:
also wrong values and unknown names arrive there. `finished` are called with the folder of a training that ended.
`replacements` are called with what a config had to do without when it was trained: a key and plain values.
`limits` caps the epochs and pictures afterwards, so that the record says what was asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.text import Text


@dataclass
class Limits:
    """`epochs` at most, and at most so many `images` of each split; None caps nothing."""

    epochs: int | None = None
    images: int | None = None


hooks: list[Callable[[dict[str, Any]], None]] = []
finished: list[Callable[[Path], None]] = []
replacements: list[Callable[[dict[str, Any]], None]] = []
limits = Limits()


def record(params: Mapping[str, Any]) -> None:
    """Tell every hook what this train() was called with; each gets a copy of its own."""
    for hook in tuple(hooks):
        hook(dict(params))


def finish(folder: Path) -> None:
    """Tell every listener where the training left its files."""
    for listener in tuple(finished):
        listener(folder)


def replace_in_config(one: Mapping[str, Any]) -> None:
    """Tell every listener of one thing in a config that was replaced."""
    for listener in tuple(replacements):
        listener(dict(one))


def cap_epochs(epochs: int) -> int:
    return epochs if limits.epochs is None else min(epochs, limits.epochs)


def cap_images(images: ImageFolder) -> ImageFolder:
    return images.at_most(limits.images)


def cap_note(asked: int) -> Text | None:
    """What to tell the student when fewer epochs are run than asked for."""
    run = cap_epochs(asked)
    if run == asked:
        return None
    from pytest_mmedu.text import Text

    return Text(
        f"评分时最多训练 {run} 轮（你写的是 {asked} 轮）。",
        f"Grading trains at most {run} epochs (you asked for {asked}).",
    )
