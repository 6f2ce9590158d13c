"""报告何时有效 | What a report depends on: the content of the submission, whose it is, the exercise, and this kit.

Equal keys give equal reports, so that nothing is graded twice; one byte more or less gives another key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from pytest_mmedu import __version__, toml_text
from pytest_mmedu.cache import key_of, sha256_of
from pytest_mmedu.dataset import find_dataset, fingerprint
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.exercise.load import EXERCISE_FILE, SUBMISSIONS_FILE, Exercise
from pytest_mmedu.submission.plain_files import LARGEST_SUM, list_files

_UNREADABLE = "unreadable"
# In the exercise's folder, but no part of the judging.
_NOT_JUDGING = {SUBMISSIONS_FILE, "submissions", "__pycache__"}


def content_of(submission: Path) -> str:
    """Sha256 of the names and contents of all files that grading looks at."""
    if not submission.is_dir():
        return _sha256(submission) if _is_read(submission) else _UNREADABLE
    digest = hashlib.sha256()
    for one in list_files(submission)[0]:
        digest.update(f"{one.path}\0{_sha256(submission / one.path)}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def exercise_key(exercise: Exercise, isolation: str | None = None) -> str:
    """For all submissions of one grading. The late rule is not in it: it changes no report."""
    settings = exercise.folder / EXERCISE_FILE
    told = toml_text.parse(settings.read_bytes().decode("utf-8-sig")) if settings.is_file() else {}
    told.pop("late", None)
    files = {path.as_posix(): _sha256(exercise.folder / path) for path in _files(exercise.folder, PurePosixPath())}
    return key_of(__version__, told, files, _dataset(exercise), isolation)


def report_key(exercise: str, content: str, student: str) -> str:
    """`exercise` and `content` are what the two functions above give; `student` is the id of whose work it is."""
    return key_of(exercise, content, student)


def _files(folder: Path, inside: PurePosixPath) -> Iterator[PurePosixPath]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in _NOT_JUDGING or path.suffix == ".md" or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path, inside / path.name)
        elif path.is_file() and path.name != EXERCISE_FILE:
            yield inside / path.name


def _dataset(exercise: Exercise) -> str:
    """Of one that lies outside the exercise; what is shipped or missing is told by the kit's version and the name."""
    if exercise.dataset is None or (exercise.folder / exercise.dataset).is_dir():
        beside = exercise.dataset and exercise.folder / exercise.dataset
        return fingerprint(beside) if beside else ""
    try:
        return fingerprint(find_dataset(exercise.dataset))
    except DatasetError:
        return _UNREADABLE


def _is_read(path: Path) -> bool:
    """A file that is a terabyte of nothing takes no place on a disk, and hours to read."""
    try:
        return path.stat().st_size <= LARGEST_SUM
    except OSError:
        return False


def _sha256(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return _UNREADABLE
