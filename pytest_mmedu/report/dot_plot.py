"""终端里的小图 | A small curve in a terminal: braille dots, or stars where the console has none."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pytest_mmedu.report.log_rows import Point
from pytest_mmedu.text import pad

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille character, row by row

_LABEL = 9


def plot(points: Sequence[Point], *, columns: int = 60, rows: int = 7, unicode: bool = True) -> list[str]:
    """Lines, the highest and lowest value drawn at their left edge, the range of x below; none for a single point."""
    if len(points) < 2:
        return []
    wide, high = (2, 4) if unicode else (1, 1)
    points = _means(points, columns * wide)
    cells = _cells(points, columns * wide, rows * high)
    lines = [
        "".join(_char(cells, column * wide, row * high, unicode) for column in range(columns)).rstrip()
        for row in range(rows)
    ]
    low, top = (choose(value for _, value in points) for choose in (min, max))
    labels = {0: shown(top)} | ({rows - 1: shown(low)} if low < top else {})
    edge, corner = ("│", "└") if unicode else ("|", "+")
    drawn = [f"{pad(labels.get(i, ''), _LABEL, right=True)} {edge}{line}" for i, line in enumerate(lines)]
    start, end = (str(math.ceil(points[i][0])) for i in (0, -1))
    base = corner + ("─" if unicode else "-") * columns
    return [*drawn, " " * 10 + base, " " * 11 + start + pad(end, columns - len(start), right=True)]


def shown(value: float) -> str:
    """Four digits that count: 0.0123, 1.234, 93.75, 478.6; two where an exponent needs the room."""
    text = f"{value:.4g}"
    return text if len(text) <= _LABEL else f"{value:.2g}"


def _cells(points: Sequence[Point], width: int, height: int) -> set[tuple[int, int]]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x_span, y_span = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    places = [((x - min(xs)) / x_span * (width - 1), (max(ys) - y) / y_span * (height - 1)) for x, y in points]
    return {cell for start, end in pairwise(places) for cell in _segment(start, end)}


def _segment(start: Point, end: Point) -> Iterator[tuple[int, int]]:
    """The cells of a straight line."""
    steps = max(1, math.ceil(max(abs(end[0] - start[0]), abs(end[1] - start[1]))))
    for i in range(steps + 1):
        yield tuple(round(a + (b - a) * i / steps) for a, b in zip(start, end, strict=True))  # type: ignore[misc]


def _means(points: Sequence[Point], width: int) -> list[Point]:
    """Of more points than there are columns of dots, neighbours taken together by their mean."""
    size = -(-len(points) // width)
    groups = [points[i : i + size] for i in range(0, len(points), size)]
    return [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]


def _char(cells: set[tuple[int, int]], x: int, y: int, unicode: bool) -> str:
    if not unicode:
        return "*" if (x, y) in cells else " "
    bits = sum(_DOTS[j][i] for j in range(4) for i in range(2) if (x + i, y + j) in cells)
    return chr(0x2800 + bits) if bits else " "
