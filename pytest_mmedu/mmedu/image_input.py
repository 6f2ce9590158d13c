"""待识别的图片 | The pictures given to inference: a file, a folder, an array, an opened picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_mmedu.dataset.pictures import problem_of
from pytest_mmedu.errors import ImageError
from pytest_mmedu.mmedu.arguments import plain_path
from pytest_mmedu.text import Text, listing, printable

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp")
_ALLOWED = Text("支持 png、jpg、jpeg、bmp 图片。", "Pictures may be png, jpg, jpeg or bmp.")


@dataclass(frozen=True)
class Picture:
    """`name` is its file's name; a picture in memory has `pixels` (RGB, uint8) instead of a `file`."""

    name: str
    file: Path | None = None
    pixels: Any = None


def is_folder(image: Any) -> bool:
    return isinstance(image, (str, Path)) and Path(image).expanduser().is_dir()


def pictures_of(image: Any) -> list[Picture]:
    """The pictures that `image` stands for, those of a folder sorted by name.

    Raises:
        ImageError: -103 nothing there, -203 not a picture file, -304 neither path nor picture.
    """
    kind = type(image).__module__.partition(".")[0]
    if kind == "numpy":
        return [Picture("numpyimg.jpg", pixels=_checked_array(image))]
    if kind == "PIL":
        return [Picture("pilimg.jpg", pixels=_opened(image))]
    image = plain_path(image)
    if not isinstance(image, str) or not image.strip() or "\0" in image:
        raise _wrong_kind(image)
    path = Path(image).expanduser()
    return _in_folder(path) if path.is_dir() else [_file(path)]


def _file(path: Path) -> Picture:
    if not path.is_file():
        raise ImageError(
            Text(f"没有图片 {printable(str(path))}。", f"There is no picture {printable(str(path))}."),
            Text(
                "请核对路径；相对路径从运行程序的文件夹算起。",
                "Check the path: relative ones start at the folder you run in.",
            ),
            code=-103,
        )
    if path.suffix.lower() not in SUFFIXES:
        raise ImageError(
            Text(f"{printable(path.name)} 不是图片文件。", f"{printable(path.name)} is not a picture file."),
            Text("请换一张图片，或另存为 png。", "Choose another one, or save it as png."),
            allowed=_ALLOWED,
            code=-203,
        )
    return _sound(path)


def _sound(path: Path) -> Picture:
    why = problem_of(path)
    if why is not None:
        raise _damaged(path.name, why)
    return Picture(path.name, file=path)


def _in_folder(folder: Path) -> list[Picture]:
    entries = sorted(folder.iterdir(), key=lambda path: path.name)  # Windows sorts paths without case
    # Hidden files: macOS leaves `._1.png` beside 1.png, which is no picture.
    found = [path for path in entries if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    if found:
        return [_sound(path) for path in found]
    inside = [path.name for path in entries if path.is_dir() and not path.name.startswith(".")]
    todo = Text("请换一个直接放着图片的文件夹。", "Choose a folder that holds pictures itself.")
    if inside:
        names = listing(printable(name, 40) for name in inside[:5])
        todo = Text(f"里面还有文件夹 {names.zh}：请选其中一个。", f"It has the folders {names.en}: choose one of them.")
    shown = printable(str(folder))
    raise ImageError(
        Text(f"文件夹 {shown} 里没有图片。", f"The folder {shown} holds no picture."),
        todo,
        allowed=_ALLOWED,
        code=-103,
    )


def _wrong_kind(image: Any) -> ImageError:
    kind = type(image).__name__
    seen = Text(f"image 收到的是 {kind}。", f"image got a {kind}.")
    if image is None:
        seen = Text("没有给出要识别的图片。", "There is no picture to classify.")
    return ImageError(
        seen,
        Text("请写 image='图片的路径'。", "Write image='path of the picture'."),
        allowed=Text(
            "它可以是图片或文件夹的路径、numpy 数组、用 PIL 打开的图片。",
            "It may be the path of a picture or a folder, a numpy array, or a picture opened with PIL.",
        ),
        code=-304,
    )


def _checked_array(array: Any) -> Any:
    """An array as RGB: grey gets three channels, transparency is dropped."""
    import numpy as np

    shape: tuple[int, ...] = getattr(array, "shape", ())
    right_shape = len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))
    if not right_shape or 0 in shape or array.dtype != np.uint8:
        raise ImageError(
            Text(
                f"数组的形状是 {shape}，类型是 {array.dtype}。",
                f"The array has the shape {shape} and the type {array.dtype}.",
            ),
            Text("可以先存成图片，再传入图片的路径。", "Or save it as a picture and give the path."),
            allowed=Text(
                "图片数组应为（高, 宽）或（高, 宽, 3），类型 uint8，取值 0–255。",
                "A picture is (height, width) or (height, width, 3), of type uint8, from 0 to 255.",
            ),
            code=-304,
        )
    if len(shape) == 2:
        array = array[:, :, None]
    return np.repeat(array, 3, axis=2) if array.shape[2] == 1 else array[:, :, :3]


def _opened(image: Any) -> Any:
    """A PIL picture of any mode as an RGB array."""
    import numpy as np
    from PIL import Image

    if not isinstance(image, Image.Image):
        raise _wrong_kind(image)
    try:
        return np.asarray(image.convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:  # Pillow decodes late and raises any of these
        raise _damaged("image", Text("文件损坏或不完整", "it is damaged or cut off")) from error


def _damaged(name: str, why: Text) -> ImageError:
    shown = printable(name)
    return ImageError(
        Text(f"图片 {shown} 打不开：{why.zh}。", f"The picture {shown} cannot be opened: {why.en}."),
        Text("请换一张图片，或重新保存一次。", "Choose another picture, or save it again."),
        code=-203,
    )
