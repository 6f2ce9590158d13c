"""小图 | Small copies of wrongly classified pictures: made anew from their pixels, bounded in number and bytes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_mmedu.report.page_evidence import MOST_PICTURE_CHARACTERS, MOST_PICTURES, WrongPicture

if TYPE_CHECKING:
    from PIL.Image import Image

_SIDE = 96
_LARGEST_FILE = 4_000_000
_LARGEST_SIDE = 4096  # what a file of a few bytes can ask for
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
_MOST_TRIED = 3 * MOST_PICTURES

# A picture with the number of its class and the one that the network took it for.
Wrong = tuple[Path, int, int | None]


def wrong_pictures(wrong: Iterable[Wrong]) -> Iterator[WrongPicture]:
    """At most a dozen, of each class in turn. One that cannot be read is left out."""
    made = 0
    for path, label, predicted in _in_turn(list(wrong))[:_MOST_TRIED]:
        small = _small(path) if made < MOST_PICTURES else None
        if small is not None:
            kind, data, width, height = small
            made += 1
            yield WrongPicture(label, predicted, width, height, kind, data)


def _in_turn(wrong: Sequence[Wrong]) -> list[Wrong]:
    """The first of each class, then the second of each: a class that is often wrong leaves room for the others."""
    turn: dict[int, int] = {}
    order = []
    for place, (_, label, _) in enumerate(wrong):
        turn[label] = turn.get(label, 0) + 1
        order.append((turn[label], label, place))
    return [wrong[place] for _, _, place in sorted(order)]


def _small(path: Path) -> tuple[Literal["png", "jpeg"], str, int, int] | None:
    from PIL import Image, UnidentifiedImageError

    try:
        if path.stat().st_size > _LARGEST_FILE:
            return None
        with Image.open(path, formats=_FORMATS) as opened:
            if max(opened.size) > _LARGEST_SIDE:
                return None
            small = opened.convert("L" if opened.mode in ("1", "L") else "RGB")
        small.thumbnail((_SIDE, _SIDE))
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
    return _encoded(small)


def _encoded(small: Image) -> tuple[Literal["png", "jpeg"], str, int, int] | None:
    """Exact where that is short enough; nothing but the pixels goes along."""
    forms: tuple[tuple[Literal["png", "jpeg"], dict[str, int | bool]], ...]
    forms = (("png", {"optimize": True}), ("jpeg", {"quality": 75}))
    for kind, options in forms:
        sink = io.BytesIO()
        small.save(sink, kind.upper(), **options)
        data = base64.b64encode(sink.getvalue()).decode("ascii")
        if len(data) <= MOST_PICTURE_CHARACTERS:
            return kind, data, *small.size
    return None
