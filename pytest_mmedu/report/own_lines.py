"""学生自己的那几行 | The student's own lines that verdicts speak of, read from the files that were handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath, PureWindowsPath

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.report.page_evidence import LONGEST_LINE, MOST_PLACES, OwnLines
from pytest_mmedu.result import Result
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.plain_files import belongs_to_exercise
from pytest_mmedu.submission.source import Source, read_source
from pytest_mmedu.text import printable

_PLACE = re.compile(r"(?P<name>[^:]+?)(\[(?P<cell>\d{1,6})\])?:(?P<line>\d{1,7})")
_WRITTEN_BY_HAND = {".py", ".ipynb", ".toml", ".yaml", ".yml", ".json"}
_LOG = ".log.json"
_MOST_FILES = 8


def own_lines(submission: Submission, results: Iterable[Result]) -> tuple[OwnLines, ...]:
    """The line of each place, with its neighbours where points are missing; those first, if there are too many."""
    ordered = sorted(results, key=lambda result: result.outcome == "passed")
    around: dict[str, int] = {}
    for result in ordered:
        if result.place is not None:
            around.setdefault(result.place, 0 if result.outcome == "passed" else 1)
    files: dict[str, Source | None] = {}
    found = (_at(place, beside, submission, files) for place, beside in around.items())
    return tuple([one for one in found if one is not None][:MOST_PLACES])


def _at(place: str, beside: int, submission: Submission, files: dict[str, Source | None]) -> OwnLines | None:
    """None for a place that is in no file of the student's, a log of the training for example."""
    named = _PLACE.fullmatch(place)
    if named is None:
        return None
    name = named["name"]
    if name not in files and len(files) < _MOST_FILES:
        files[name] = _read(submission, name)
    source = files.get(name)
    if source is None:
        return None
    return _cut(source, place, int(named["cell"] or 0), int(named["line"]), beside)


def _cut(source: Source, place: str, cell: int, line: int, beside: int) -> OwnLines | None:
    texts = source.text.split("\n")
    if source.cells is not None:
        texts = [text for text, (of, _) in zip(texts, source.cells, strict=False) if of == cell]
    if not 0 < line <= len(texts):
        return None
    first, last = max(1, line - beside), min(len(texts), line + beside)
    lines = tuple(printable(text.expandtabs(4).rstrip(), LONGEST_LINE) for text in texts[first - 1 : last])
    return OwnLines(printable(place, 400), first, line, lines)


def _read(submission: Submission, name: str) -> Source | None:
    path = submission.source_file if name == submission.source_name else _inside(submission.folder, name)
    if path is None or path.suffix.lower() not in _WRITTEN_BY_HAND or path.name.lower().endswith(_LOG):
        return None
    try:
        return read_source(path)
    except SubmissionError:
        return None


def _inside(folder: Path, name: str) -> Path | None:
    """A plain file of the submission: no link leads out of it, and nothing of the exercise's own is shown."""
    windows, parts = PureWindowsPath(name), PurePosixPath(name).parts
    if windows.drive or windows.root or ".." in parts or belongs_to_exercise(PurePosixPath(name)):
        return None
    path = folder
    for part in parts:
        path = path / part
        if path.is_symlink():
            return None
    return path if path.is_file() else None
