"""痕迹 | What is compared of one submission: fingerprints of its programs, logs and weights. Nothing is run.

A log is compared by runs of loss and step time together. A file of weights is compared as the file that it is, and only
where it holds the moment it was saved: mmcv writes that into each.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from itertools import pairwise
from pathlib import Path, PurePosixPath

from pytest_mmedu.alike.findings import Kind
from pytest_mmedu.alike.winnowing import Mark, code_of, grams, winnow
from pytest_mmedu.checkpoint.reader import opened
from pytest_mmedu.errors import InputError, MMEduError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.submission.opened import open_submission
from pytest_mmedu.submission.plain_files import Entry, belongs_to_exercise, list_files
from pytest_mmedu.submission.source import read_source

KIND_OF: dict[str, Kind] = {
    ".py": "program", ".ipynb": "program", ".json": "log", ".log": "log", ".txt": "log", ".pth": "weights",
}  # fmt: skip
# Larger ones and further ones of a kind are not compared: a class is looked through in one go.
LARGEST: dict[Kind, int] = {"program": 5_000_000, "log": 5_000_000, "weights": 500_000_000}
MOST_FILES = 10
MOST_MARKS = 300  # of one file; of more, the smallest: two files keep the same ones
RECORDS = 4  # in one fingerprint of a log
_LEAST_DIGITS = 8  # that the times in a fingerprint have: 0.01, 0.01, 0.02 may come twice
_END = 1 << 20
Row = tuple[int, str, str]  # line, loss, time of the step


@dataclass(frozen=True, slots=True)
class Trace:
    """The fingerprints of one file, as columns: a class has many. `file` is its path in the submission."""

    student: str
    kind: Kind
    file: str
    codes: array[int]
    firsts: array[int]
    lasts: array[int]

    def marks(self) -> Iterator[Mark]:
        return map(Mark, self.codes, self.firsts, self.lasts)


def trace_of(student: str, kind: Kind, file: str, marks: Iterable[Mark]) -> Trace:
    """Of many marks those with the smallest codes, in the order of their lines."""
    kept = sorted(nsmallest(MOST_MARKS, marks, key=lambda mark: mark.code), key=lambda mark: mark.first)
    columns = zip(*((mark.code, mark.first, mark.last) for mark in kept), strict=True) if kept else ((), (), ())
    codes, firsts, lasts = columns
    return Trace(student, kind, file, array("Q", codes), array("L", firsts), array("L", lasts))


def traces_of(student: str, path: Path, place: Callable[[], Path]) -> Iterator[Trace]:
    """The traces of a submission; `place` gives an empty folder to unpack to. What cannot be read leaves none."""
    for kind, file, name in _files_of(path, place):
        marks = list(winnow(list(grams_of(kind, file)))) if kind == "program" else list(grams_of(kind, file))
        if marks:
            yield trace_of(student, kind, name, marks)


def codes_handed_out(places: Iterable[Path]) -> frozenset[int]:
    """Whatever could be compared in these folders: what everybody was given, and the usual ways to do the exercise."""
    found: set[int] = set()
    for folder in places:
        for path in sorted(one for one in folder.rglob("*") if one.is_file() and not one.is_symlink()):
            kind = KIND_OF.get(path.suffix.lower())
            if kind is not None and path.stat().st_size <= LARGEST[kind]:
                found.update(mark.code for mark in grams_of(kind, path))
    return frozenset(found)


def grams_of(kind: Kind, path: Path) -> list[Mark]:
    """All that a file could have in common with another; nothing where it is not what its name says."""
    try:
        if kind == "program":
            return list(grams(read_source(path).text))
        return log_grams(read_log(path)) if kind == "log" else _weights(path)
    except (MMEduError, OSError, MemoryError, RecursionError):
        return []


def file_in(path: Path, name: str, place: Callable[[], Path]) -> Path:
    """The file that a trace names, in the same submission once more."""
    opened_path = open_submission(path, place).path
    return opened_path / name if opened_path.is_dir() else opened_path


def log_grams(log: TrainLog) -> list[Mark]:
    """Runs of consecutive records, where these have times that say something."""
    rows = [
        (line, f"{loss:.4f}", f"{time:.5f}")
        for part in (*log.earlier, log)
        for line, loss, time in zip(part.train.line, part.train.loss, part.train.time, strict=True)
        if loss is not None and time is not None
    ]
    runs = (rows[at : at + RECORDS] for at in range(len(rows) - RECORDS + 1))
    return [_log_mark(run) for run in runs if _tells(run)]


def _log_mark(run: Sequence[Row]) -> Mark:
    return Mark(code_of(f"{loss} {time}" for _, loss, time in run), run[0][0], run[-1][0])


def _tells(run: Sequence[Row]) -> bool:
    times, losses = {time for _, _, time in run}, [loss for _, loss, _ in run]
    digits = sum(len(time.replace(".", "").strip("0")) for time in times)
    return digits >= _LEAST_DIGITS and any(one != other for one, other in pairwise(losses))


def _weights(path: Path) -> list[Mark]:
    """One mark for the whole file: its size, its beginning and its end, where a zip keeps the checksums of the rest."""
    size = path.stat().st_size
    with path.open("rb") as file:
        _, _, meta, _ = opened(path, file, size)
        if not isinstance(meta.get("time"), str):
            return []
        file.seek(0)
        digest = blake2b(file.read(_END), digest_size=8)
        file.seek(max(0, size - _END))
        digest.update(file.read(_END))
    digest.update(size.to_bytes(8, "little"))
    return [Mark(int.from_bytes(digest.digest(), "little"), 1, 1)]


def _files_of(path: Path, place: Callable[[], Path]) -> Iterator[tuple[Kind, Path, str]]:
    try:
        folder = open_submission(path, place).path
        entries = list_files(folder)[0] if folder.is_dir() else [_alone(folder)]
    except (InputError, OSError):
        return
    left = dict.fromkeys(LARGEST, MOST_FILES)
    for entry in entries:
        kind = KIND_OF.get(entry.path.suffix.lower())
        if kind is None or entry.size > LARGEST[kind] or belongs_to_exercise(entry.path) or not left[kind]:
            continue
        left[kind] -= 1
        yield kind, folder / entry.path if folder.is_dir() else folder, entry.path.as_posix()


def _alone(file: Path) -> Entry:
    return Entry(PurePosixPath(file.name), file.stat().st_size)
