"""记录与限额 | The seam for grading: what train() was called with, and how much of it is really run.

`hooks` are called with all parameters of every train(), before they are judged and before anything is trained:
also wrong values and unknown names arrive there. `finished` are called with the folder of a training that ended.
`replacements` are called with what grading put in the place of something asked for: a key and plain values.
`limits` caps the epochs and pictures afterwards, so that the record says what was asked for.

It is read by the Python of the real MMEdu as well: written in Python 3.8, with the standard library alone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.text import Text


@dataclass
class Limits:
    """`epochs` at most, and at most so many `images` of each split; None caps nothing.

    `folder`: all that is trained is saved in it, because grading looks nowhere else.
    """

    epochs: int | None = None
    images: int | None = None
    folder: Path | None = None


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


def tell_replaced(one: Mapping[str, Any]) -> None:
    """Tell every listener of one thing that was replaced."""
    for listener in tuple(replacements):
        listener(dict(one))


def place_to_save(asked: str) -> Path:
    """Where a training saves: where it asks to, and inside of the limit's folder.

    `D:/models` or `/home/li/models` is on the computer of whoever wrote it. Where grading has no such drive, or may not
    write there, the verdict is the same as where it could.
    """
    place, folder = Path(asked).expanduser(), limits.folder
    of_windows = PureWindowsPath(asked)
    drive_here = bool(of_windows.drive) and os.name != "nt"  # elsewhere it would be a folder of that name
    if folder is None or (_inside(place, folder) and not drive_here):
        return place
    tell_replaced({"what": "save_fold", "name": asked})
    return folder.joinpath("elsewhere", *(part for part in of_windows.parts if part not in (of_windows.anchor, "..")))


def _inside(place: Path, folder: Path) -> bool:
    return Path(os.path.realpath(folder)) in Path(os.path.realpath(place)).parents


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
        f"批改时最多训练 {run} 轮（你写的是 {asked} 轮）。",
        f"Grading trains at most {run} epochs (you asked for {asked}).",
    )
