"""摘录 | The same place in two files, side by side, as the students wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from pytest_mmedu.alike.findings import Alike, Excerpt
from pytest_mmedu.alike.pairing import Pair
from pytest_mmedu.alike.traces import Trace, file_in
from pytest_mmedu.alike.winnowing import Mark
from pytest_mmedu.checkpoint.reader import opened
from pytest_mmedu.errors import MMEduError
from pytest_mmedu.submission.source import read_source
from pytest_mmedu.text import printable

MOST_LINES = 16
LONGEST_LINE = 200
_GAP = 3  # lines between two fingerprints that still belong together

Span = tuple[int, int]


def shown(pair: Pair, places: Mapping[str, Path], fresh: Callable[[], Path]) -> Alike:
    """The pair as a teacher sees it. `places` says where the submissions are, `fresh` gives folders to unpack to."""
    first, second = common_place(pair)
    sides = (
        _excerpt(pair.first, first, places, fresh),
        _excerpt(pair.second, second, places, fresh),
    )
    return Alike(pair.first.kind, pair.students, pair.share, sides)


def common_place(pair: Pair) -> tuple[Span, Span]:
    """The longest run of lines that has fingerprints in common, in both files."""
    there = {mark.code: mark for mark in reversed(list(pair.second.marks()))}
    both = [(mark, there[mark.code]) for mark in pair.first.marks() if mark.code in pair.common]
    longest = max(_runs(both), key=len)
    return _span([mark for mark, _ in longest]), _span([mark for _, mark in longest])


def _runs(both: Sequence[tuple[Mark, Mark]]) -> Iterator[list[tuple[Mark, Mark]]]:
    run: list[tuple[Mark, Mark]] = []
    for here, there in both:
        if run and not (_follows(run[-1][0], here) and _follows(run[-1][1], there)):
            yield run
            run = []
        run.append((here, there))
    yield run


def _follows(before: Mark, mark: Mark) -> bool:
    return before.first <= mark.first <= before.last + _GAP


def _span(marks: Sequence[Mark]) -> Span:
    return min(mark.first for mark in marks), max(mark.last for mark in marks)


def _excerpt(trace: Trace, span: Span, places: Mapping[str, Path], fresh: Callable[[], Path]) -> Excerpt:
    """Without lines where the file has gone in the meantime."""
    try:
        file = file_in(places[trace.student], trace.file, fresh)
        place, lines = _of_weights(file) if trace.kind == "weights" else _of_text(trace, file, span)
    except (MMEduError, OSError):
        place, lines = "", []
    name = printable(trace.file, LONGEST_LINE)
    return Excerpt(trace.student, place or name, tuple(printable(line.expandtabs(4), LONGEST_LINE) for line in lines))


def _of_text(trace: Trace, file: Path, span: Span) -> tuple[str, list[str]]:
    first, last = span
    if trace.kind == "program":
        source = read_source(file, trace.file)
        lines = source.text.split("\n")[first - 1 : last]
        place = source.place(first)
    else:
        with file.open(encoding="utf-8", errors="replace") as opened_file:
            lines = [line.rstrip("\n") for line in islice(opened_file, first - 1, last)]
        place = f"{printable(trace.file)}:{first}"
    left_out = len(lines) - MOST_LINES
    return place, [*lines[:MOST_LINES], *([f"… (+{left_out})"] if left_out > 0 else [])]


def _of_weights(file: Path) -> tuple[str, list[str]]:
    """What the file says about itself."""
    size = file.stat().st_size
    with file.open("rb") as opened_file:
        _, _, meta, _ = opened(file, opened_file, size)
    said = [f"{name}: {meta[name]}" for name in ("time", "epoch", "iter", "seed") if name in meta]
    return "", [f"size: {size}", *said]
