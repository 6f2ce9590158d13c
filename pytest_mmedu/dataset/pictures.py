"""图片本身 | The pictures themselves: which cannot be decoded. Needs Pillow, and only here."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pytest_mmedu.text import Text

# What mmcls may meet under its endings (a telephone's MPO comes as JPEG); Pillow knows more, some start other programs.
_READERS = ("Bmp", "Gif", "Jpeg", "Png", "Ppm", "Tiff", "WebP")
FORMATS = tuple(name.upper() for name in _READERS)
_MOST_PIXELS = 64_000_000  # a telephone's pictures have up to 50
_SIDE = 16
LOOK_BYTES = _SIDE * _SIDE
_TOO_LARGE = Text("像素太多", "it has too many pixels")


@cache
def know_formats() -> None:
    """Have Pillow read what it needs for FORMATS: asked for one that it has not met, it would read all it has."""
    for name in _READERS:
        importlib.import_module(f"PIL.{name}ImagePlugin")


def damaged(paths: Iterable[Path]) -> Iterator[tuple[Path, Text]]:
    """Each picture that cannot be decoded, and why; in order, one at a time."""
    for path in paths:
        why = problem_of(path)
        if why is not None:
            yield path, why


def problem_of(path: Path) -> Text | None:
    """Why this picture cannot be used, None when it can. A GIF counts as damaged, as in MMEdu."""
    from PIL import Image, UnidentifiedImageError

    know_formats()
    try:
        if not path.stat().st_size:
            return Text("文件是空的", "the file is empty")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns about harmless things: odd EXIF, a palette with transparency
            with Image.open(path, formats=FORMATS) as picture:
                if picture.format == "GIF":
                    return Text("它是 GIF，MMEdu 不支持", "it is a GIF, which MMEdu does not take")
                if picture.width * picture.height > _MOST_PIXELS:
                    return _TOO_LARGE
                picture.load()
    except UnidentifiedImageError:
        return Text("内容不是图片", "its content is no picture")
    except Image.DecompressionBombError:
        return _TOO_LARGE
    except Exception:  # noqa: BLE001 - a damaged file makes Pillow raise nearly anything: OSError, SyntaxError, struct.error
        return Text("文件损坏或不完整", "it is damaged or cut off")
    return None


def size_of(path: Path) -> tuple[int, int] | None:
    """Width and height as the head of the file says, without decoding the rest. None where it says nothing."""
    from PIL import Image

    know_formats()
    try:
        with Image.open(path, formats=FORMATS) as picture:
            width, height = picture.size
    except Exception:  # noqa: BLE001 - as above
        return None
    return width, height


def look(path: Path) -> bytes | None:
    """What a picture looks like from afar: 16x16 in grey, LOOK_BYTES bytes. None where it cannot be decoded."""
    if problem_of(path) is not None:
        return None
    from PIL import Image

    with Image.open(path, formats=FORMATS) as picture:
        shrunk: bytes = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes()
    return shrunk
