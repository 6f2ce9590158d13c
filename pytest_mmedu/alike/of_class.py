"""比较全班 | Look through a class: the traces of each submission, the pairs that are alike, both excerpts."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pytest_mmedu.alike.excerpts import shown
from pytest_mmedu.alike.findings import Alike
from pytest_mmedu.alike.pairing import Pair, alike_pairs
from pytest_mmedu.alike.traces import Trace, codes_handed_out, traces_of
from pytest_mmedu.temporary import remove, temporary


def alike_in(students: Iterable[tuple[str, Path]], *, handed_out: Sequence[Path] = ()) -> tuple[Alike, ...]:
    """What submissions have in common that was not handed out, the most alike first; `students` are names and places.

    handed_out  folders with what everybody has, and with the usual ways to do the exercise: the exercise's own folder,
                whose sample submissions nobody is named for
    """
    places: dict[str, Path] = {}
    with temporary("alike") as room:
        traces: list[Trace] = []
        for name, path in students:
            places[name] = path
            with _emptied(room) as fresh:
                traces += traces_of(name, path, fresh)
        return tuple(_shown(alike_pairs(traces, codes_handed_out(handed_out), len(places)), places, room))


def _shown(pairs: Iterable[Pair], places: Mapping[str, Path], room: Path) -> Iterator[Alike]:
    for pair in pairs:
        with _emptied(room) as fresh:
            yield shown(pair, places, fresh)


@contextmanager
def _emptied(room: Path) -> Iterator[Callable[[], Path]]:
    """Folders for what a submission has packed; they are gone before the next one is looked at."""
    made: list[Path] = []

    def fresh() -> Path:
        made.append(Path(tempfile.mkdtemp(dir=room)))
        return made[-1]

    try:
        yield fresh
    finally:
        for folder in made:
            remove(folder)
