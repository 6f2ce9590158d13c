"""起始权重在哪里 | Where the weights that a training starts from lie: handed in, or left by an earlier training."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from pytest_mmedu.checks.facts import chosen_value
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.text import printable

_DEFAULT_FOLD = "checkpoints/cls_model"  # in the folder above that of the program


def start_file(subject: Subject, value: str) -> Path | None:
    """The file as the program would find it, else one of that name among what was handed in."""
    named, earlier = _parts(value), origin(subject, value)
    if earlier is not None and earlier.run is not None:
        path = earlier.run.folder / named.name
        return path if path.is_file() else None
    folders = [subject.submission, subject.run.folder if subject.run is not None else None]
    for folder in folders:
        for inside in (PurePosixPath(value.replace("\\", "/")), PurePosixPath(named.name)):
            if folder is not None and (folder / inside).is_file():
                return folder / inside
    return None


def origin(subject: Subject, value: str) -> Subject | None:
    """The earlier training of the same program that saved where the path `value` leads."""
    folder = _parts(value).parent.parts
    for earlier in reversed(subject.trainings[:-1]):
        fold = chosen_value(earlier, "save_fold")
        parts = _parts(fold if isinstance(fold, str) else _DEFAULT_FOLD).parts
        if parts and folder[-len(parts) :] == parts:
            return earlier
    return None


def short(value: str) -> str:
    """The path as it was written; of one from the root of a disk, which differs at every grading, the end alone."""
    written = value.replace("\\", "/")
    whole = PurePosixPath(written).is_absolute() or PureWindowsPath(written).is_absolute()
    return printable("/".join(PurePosixPath(written).parts[-2:]) if whole else value, 80)


def _parts(path: str) -> PurePosixPath:
    """Without what leads upwards: `../checkpoints/a.pth` ends as `checkpoints/a.pth` does."""
    return PurePosixPath(*(part for part in PurePosixPath(path.replace("\\", "/")).parts if part != ".."))
