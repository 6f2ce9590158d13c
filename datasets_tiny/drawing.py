"""画小图片 | Draws small pictures: layers of plain colour, smooth edges, noise.

Of `random` only random() is used, and no sine, cosine or root: the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

SIDE = 32  # pixels
FINE = 2  # points per pixel and direction

Colour = tuple[float, ...]  # one number for a grey picture, three for a coloured one
Within = Callable[[float, float], bool]  # is the point of the unit plane covered? y grows downwards
Layer = tuple[Within, Colour]


@dataclass(frozen=True)
class Place:
    """Where the unit circle of a drawing lies in the picture. `turn` is the tangent of half its angle."""

    x: float
    y: float
    radius: float
    turn: float

    @classmethod
    def drawn_by(cls, chance: Random, radius: tuple[float, float], shift: float, turn: float) -> Place:
        """A place near the middle; a radius from `radius`, at most `shift` pixels away, turned either way."""
        x, y = (SIDE / 2 + between(chance, -shift, shift) for _ in "xy")
        return cls(x, y, between(chance, *radius), between(chance, -turn, turn))

    def points(self, column: int, row: int, fine: int = FINE) -> Iterator[tuple[float, float]]:
        """The points of one pixel in the unit plane."""
        square = self.turn * self.turn
        cos, sin = (1 - square) / (1 + square), 2 * self.turn / (1 + square)
        for point in range(fine * fine):
            dx = (column + (point % fine + 0.5) / fine - self.x) / self.radius
            dy = (row + (point // fine + 0.5) / fine - self.y) / self.radius
            yield cos * dx - sin * dy, sin * dx + cos * dy


def between(chance: Random, low: float, high: float) -> float:
    """A number from `low` to `high`."""
    return low + (high - low) * chance.random()


def picture(ground: Colour, layers: Sequence[Layer], place: Place, noise: float, chance: Random) -> list[bytes]:
    """32 rows of pixels: the layers one upon the other, the last on top, on the ground."""
    return [
        b"".join(_pixel(_mixed(ground, layers, place, column, row), noise, chance) for column in range(SIDE))
        for row in range(SIDE)
    ]


def _mixed(ground: Colour, layers: Sequence[Layer], place: Place, column: int, row: int) -> Colour:
    """The mean colour of the pixel's points."""
    seen = [_top(ground, layers, x, y) for x, y in place.points(column, row)]
    return tuple(sum(values) / len(seen) for values in zip(*seen, strict=True))


def _top(ground: Colour, layers: Sequence[Layer], x: float, y: float) -> Colour:
    return next((colour for within, colour in reversed(layers) if within(x, y)), ground)


def _pixel(colour: Colour, noise: float, chance: Random) -> bytes:
    return bytes(min(255, max(0, round(value + between(chance, -noise, noise)))) for value in colour)
