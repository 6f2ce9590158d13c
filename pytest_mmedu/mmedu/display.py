"""结果图 | The classified picture with its class written below, kept in a folder and shown where somebody can see it.

Nothing here waits: MMEdu's own window blocks until a key is pressed, for ever where there is no screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.errors import OutputError
from pytest_mmedu.mmedu.printing import say
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from PIL.Image import Image as PilImage
    from PIL.ImageFont import FreeTypeFont, ImageFont

    from pytest_mmedu.mmedu.image_input import Picture
    from pytest_mmedu.mmedu.predictions import Prediction

_SMALLEST = 224  # pixels on a side: an 8 x 8 digit is enlarged so that the text fits
_STRIP = 24
_CHINESE_FONTS = ("msyh.ttc", "simhei.ttf", "PingFang.ttc", "NotoSansCJK-Regular.ttc", "wqy-zenhei.ttc")


def show_results(pictures: Sequence[Picture], predictions: Sequence[Prediction], folder: Path, *, window: bool) -> None:
    """Keep every picture with its class in `folder`; with `window` also show it, where that is possible.

    The prediction is worth more than its picture: what cannot be written is told, and the program goes on.
    """
    try:
        files = [save_result(picture, found, folder) for picture, found in zip(pictures, predictions, strict=True)]
    except OutputError as error:
        say(error.text)
        return
    if window and somebody_watches():
        open_window(files[0])


def save_result(picture: Picture, prediction: Prediction, folder: Path) -> Path:
    """Write the picture with its class into `folder`; return the file."""
    target = folder / picture.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draw_result(picture, prediction).save(target)
    except OSError as error:
        shown = printable(str(target))
        raise OutputError(
            Text(f"结果图写不进 {shown}。", f"The result picture cannot be written to {shown}."),
            Text(
                "请用 save_fold 换一个可以写入的文件夹，或写 show=False。",
                "Choose a writable folder with save_fold, or use show=False.",
            ),
        ) from error
    return target


def draw_result(picture: Picture, prediction: Prediction) -> PilImage:
    """The picture, large enough to see, above a strip with class and confidence."""
    from PIL import Image, ImageDraw

    image = _open(picture)
    scale = max(1, -(-_SMALLEST // max(image.size)))
    image = image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)
    canvas = Image.new("RGB", (max(image.width, _SMALLEST), image.height + _STRIP), "white")
    canvas.paste(image, (0, 0))
    label, font = _label_and_font(prediction)
    ImageDraw.Draw(canvas).text((6, image.height + 4), label, fill="black", font=font)
    return canvas


def _open(picture: Picture) -> PilImage:
    from PIL import Image

    if picture.file is None:
        return Image.fromarray(picture.pixels)
    with Image.open(picture.file) as image:
        drawn: PilImage = image.convert("RGB")
        return drawn


def _label_and_font(prediction: Prediction) -> tuple[str, FreeTypeFont | ImageFont]:
    """A class name that no font at hand can draw is replaced by its number."""
    from PIL import ImageFont

    name, score = str(prediction["pred_class"]), f"{prediction['pred_score']:.2f}"
    plain = ImageFont.load_default()
    if name.isascii():
        return f"{name}  {score}", plain
    for font in _CHINESE_FONTS:
        try:
            return f"{name}  {score}", ImageFont.truetype(font, 14)
        except OSError:
            continue
    return f"class {prediction['pred_label']}  {score}", plain


def somebody_watches() -> bool:
    """A person at a screen started this: not a grader, not a remote shell, not a test."""
    if not (sys.stdout and sys.stdout.isatty()):
        return False
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(file: Path) -> None:
    """Show the file in the machine's own viewer, which runs beside the program and does not stop it."""
    from PIL import Image

    with Image.open(file) as image:
        image.show()
