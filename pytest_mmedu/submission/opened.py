"""打开作业里的压缩包 | A submission that is an archive, or holds some, as one plain folder that is ours alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.archive_names import bare_name, is_archive
from pytest_mmedu.submission.plain_files import Entry, list_files
from pytest_mmedu.submission.snapshot import copy_file
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.submission.archives import Allowance

_MOST_ARCHIVES = 10


class Opened(NamedTuple):
    """Where the submission's plain files lie: where they were handed in, or in a folder of ours."""

    path: Path
    notes: tuple[Text, ...] = ()


def open_submission(path: Path, place: Callable[[], Path]) -> Opened:
    """The submission without its archives; `place` gives the empty folder to write to, and is asked only if needed.

    Archives within an archive are opened as well, those within them are not.

    Raises:
        SubmissionError: the submission is one archive, and it cannot be opened.
    """
    if path.is_symlink() or not path.exists():
        return Opened(path)
    if path.is_file():
        return _from_archive(path, place) if is_archive(path) else Opened(path)
    files, notes = list_files(path)
    archives = [one for one in files if is_archive(one.path)]
    if not archives:
        return Opened(path)
    folder = place()
    for one in files:
        if not is_archive(one.path):
            copy_file(path / one.path, folder / one.path)
    from pytest_mmedu.submission.archives import Allowance

    left = Allowance()
    notes += _open_all(path, archives, folder, left)
    notes += _open_inner(folder, left)
    return Opened(folder, notes)


def _from_archive(archive: Path, place: Callable[[], Path]) -> Opened:
    from pytest_mmedu.submission.archives import Allowance, unpack

    folder, left = place(), Allowance()
    notes = unpack(archive, folder, left)
    return Opened(folder, (*notes, *_open_inner(folder, left)))


def _open_inner(folder: Path, left: Allowance) -> tuple[Text, ...]:
    """The archives that came out of the archives; what comes out of these stays closed."""
    inner = [one for one in list_files(folder)[0] if is_archive(one.path)]
    return _open_all(folder, inner, folder, left)


def _open_all(source: Path, archives: Sequence[Entry], folder: Path, left: Allowance) -> tuple[Text, ...]:
    """Each into a folder of its own name; one that cannot be opened costs only itself."""
    from pytest_mmedu.submission.archives import unpack

    notes: list[Text] = []
    for one in archives[:_MOST_ARCHIVES]:
        try:
            notes += unpack(source / one.path, _free(folder / one.path), left)
        except SubmissionError as error:
            notes.append(error.seen)
        if source == folder:
            (source / one.path).unlink()
    if len(archives) > _MOST_ARCHIVES:
        notes.append(_too_many(archives))
    return tuple(notes)


def _free(archive: Path) -> Path:
    """`hw/` for `hw.zip`, `hw.zip contents/` where there is such a folder already."""
    folder = archive.with_name(bare_name(archive) or "archive")
    return archive.with_name(f"{archive.name} contents") if folder.exists() else folder


def _too_many(archives: Sequence[Entry]) -> Text:
    first = printable(PurePosixPath(archives[_MOST_ARCHIVES].path).as_posix(), 60)
    return Text(
        f"有 {len(archives)} 个压缩包，只打开了前 {_MOST_ARCHIVES} 个（没有打开 {first} 等）。",
        f"There are {len(archives)} archives; only the first {_MOST_ARCHIVES} were opened (not {first} and others).",
    )
