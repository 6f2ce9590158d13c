"""SVG 曲线图 | Loss and accuracy curves as an SVG file, without any plotting library."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pytest_mmedu.errors import OutputError
from pytest_mmedu.report.log_rows import Point
from pytest_mmedu.text import Lang, Text, printable

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 36, 40
_COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#8c564b")
_MOST_POINTS = 2000


@dataclass(frozen=True)
class Panel:
    """One diagram: a title and its curves by name."""

    title: Text
    curves: Mapping[str, Sequence[Point]]
    x_title: Text = Text("轮", "epoch")  # noqa: RUF009 a frozen value


def svg(panels: Sequence[Panel], lang: Lang) -> str:
    """The panels one below another."""
    height = HEIGHT * len(panels)
    body = (f'<g transform="translate(0 {HEIGHT * i})">{_panel(panel, lang)}</g>' for i, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>'
        + "\n".join(body)
        + "</svg>\n"
    )


def write_svg(path: Path, panels: Sequence[Panel], lang: Lang) -> None:
    """Writes beside the target first, so that a full disk leaves no half picture."""
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_text(svg(panels, lang), "utf-8")
        beside.replace(path)
    except OSError as error:
        reason = printable(error.strerror or str(error), 80)
        seen = Text(f"图写不进 {path.name}（{reason}）。", f"The plot cannot be written to {path.name} ({reason}).")
        raise OutputError(seen, Text("请换一个能写入的位置。", "Choose a place that can be written to.")) from None


def _panel(panel: Panel, lang: Lang) -> str:
    points = [point for curve in panel.curves.values() for point in curve]
    x_low, x_high = value_range(x for x, _ in points)
    y_low, y_high = value_range(y for _, y in points)
    x_scale = (WIDTH - _LEFT - _RIGHT) / (x_high - x_low)
    y_scale = (HEIGHT - _TOP - _BOTTOM) / (y_high - y_low)

    def place(point: Point) -> tuple[float, float]:
        return _LEFT + (point[0] - x_low) * x_scale, HEIGHT - _BOTTOM - (point[1] - y_low) * y_scale

    parts = [f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(panel.title.in_lang(lang))}</text>']
    for y in ticks(y_low, y_high):
        _, at = place((x_low, y))
        parts.append(f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{WIDTH - _RIGHT}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(x_low, x_high):
        at, _ = place((x, y_low))
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM + 18}" text-anchor="middle">{x:g}</text>')
    parts.append(f'<text x="{WIDTH - _RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{panel.x_title.in_lang(lang)}</text>')
    for i, (name, curve) in enumerate(panel.curves.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, _fewer(curve)))
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        at = WIDTH - _RIGHT - 110 * (len(panel.curves) - 1 - i)
        parts.append(f'<text x="{at}" y="18" text-anchor="end" fill="{colour}">{escape(printable(name, 24))}</text>')
    return "".join(parts)


def value_range(values: Iterable[float]) -> tuple[float, float]:
    """From the lowest to the highest, never of no width."""
    found = list(values)
    low, high = min(found), max(found)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def ticks(low: float, high: float) -> Iterator[float]:
    """Round numbers, about five."""
    rough = (high - low) / 5
    unit = 10 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    first = math.ceil(low / step)
    return (round(number * step, 10) for number in range(first, first + 12) if number * step <= high)


def _fewer(points: Sequence[Point]) -> Sequence[Point]:
    step = -(-len(points) // _MOST_POINTS)
    return points[::step]
