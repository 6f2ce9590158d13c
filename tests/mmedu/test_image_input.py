"""What inference accepts as a picture, and the sentence for everything else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pytest_mmedu.errors import ImageError
from pytest_mmedu.mmedu.image_input import is_folder, pictures_of


def picture(path: Path, colour: str = "red", mode: str = "RGB") -> Path:
    Image.new("RGB", (6, 4), colour).convert(mode).save(path)
    return path


def problem(image: Any) -> ImageError:
    with pytest.raises(ImageError) as caught:
        pictures_of(image)
    return caught.value


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a.jpg", "a.jpeg", "a.bmp", "图 1.png"])
@pytest.mark.parametrize("kind", [str, Path])
def test_a_picture_file(tmp_path: Path, name: str, kind: Callable[[Path], Any]) -> None:
    file = picture(tmp_path / name)
    assert [(one.name, one.file) for one in pictures_of(kind(file))] == [(name, file)]
    assert not is_folder(kind(file))


def test_a_folder_gives_its_pictures_by_name_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b.png", "a.jpg", "C.BMP"):
        picture(tmp_path / name)
    for name in (".DS_Store", "Thumbs.db", "._a.jpg", "labels.txt"):
        (tmp_path / name).write_bytes(b"not a picture")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    assert [one.name for one in pictures_of(str(tmp_path))] == ["C.BMP", "a.jpg", "b.png"]
    assert is_folder(str(tmp_path))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "CMYK"])
def test_an_opened_picture_of_any_mode_becomes_rgb(mode: str) -> None:
    pytest.importorskip("numpy")
    [one] = pictures_of(Image.new("RGB", (6, 4), "white").convert(mode))
    assert one.pixels is not None
    assert one.pixels.shape == (4, 6, 3)
    assert int(one.pixels.min()) == 255
    assert one.file is None


@pytest.mark.parametrize("shape", [(4, 6), (4, 6, 1), (4, 6, 3), (4, 6, 4)])
def test_an_array_becomes_rgb(shape: tuple[int, ...]) -> None:
    numpy = pytest.importorskip("numpy")
    [one] = pictures_of(numpy.full(shape, 7, dtype="uint8"))
    assert one.pixels is not None
    assert one.pixels.shape == (4, 6, 3)


def test_no_such_file(tmp_path: Path) -> None:
    error = problem(str(tmp_path / "no.png"))
    assert error.code == -103
    assert error.text.zh == f"没有图片 {tmp_path / 'no.png'}。请核对路径；相对路径从运行程序的文件夹算起。"
    assert error.text.en == (
        f"There is no picture {tmp_path / 'no.png'}. Check the path: relative ones start at the folder you run in."
    )


def test_a_file_that_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    error = problem(tmp_path / "a.gif")
    assert str(error).startswith("Error Code: -203. ")
    assert error.text.zh == "a.gif 不是图片文件。支持 png、jpg、jpeg、bmp 图片。请换一张图片，或另存为 png。"
    assert error.text.en == (
        "a.gif is not a picture file. Pictures may be png, jpg, jpeg or bmp. Choose another one, or save it as png."
    )


@pytest.mark.parametrize("name", ["a.png", "a.PNG", "a.jpeg", "a.bmp"])
def test_a_damaged_picture(tmp_path: Path, name: str) -> None:
    whole = picture(tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    error = problem(tmp_path / name)
    assert error.code == -203
    assert error.text.zh.startswith(f"图片 {name} 打不开：")
    assert error.text.en.startswith(f"The picture {name} cannot be opened: ")
    assert error.text.zh.endswith("。请换一张图片，或重新保存一次。")
    assert error.text.en.endswith(". Choose another picture, or save it again.")


def test_one_damaged_picture_of_a_folder_is_named(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture at all")
    error = problem(tmp_path)
    assert error.text.zh == "图片 b.png 打不开：内容不是图片。请换一张图片，或重新保存一次。"
    assert error.text.en == (
        "The picture b.png cannot be opened: its content is no picture. Choose another picture, or save it again."
    )


def test_a_folder_without_pictures(tmp_path: Path) -> None:
    error = problem(tmp_path)
    assert error.code == -103
    assert error.seen.zh == f"文件夹 {tmp_path} 里没有图片。"
    assert error.seen.en == f"The folder {tmp_path} holds no picture."
    assert error.todo.zh == "请换一个直接放着图片的文件夹。"
    assert error.todo.en == "Choose a folder that holds pictures itself."


def test_a_folder_of_folders_names_them(tmp_path: Path) -> None:
    (tmp_path / "rock").mkdir()
    (tmp_path / "paper").mkdir()
    error = problem(tmp_path)
    assert error.todo.zh == "里面还有文件夹 paper、rock：请选其中一个。"
    assert error.todo.en == "It has the folders paper, rock: choose one of them."


ALLOWED_ZH = "它可以是图片或文件夹的路径、numpy 数组、用 PIL 打开的图片。请写 image='图片的路径'。"
ALLOWED_EN = (
    "It may be the path of a picture or a folder, a numpy array, or a picture opened with PIL. "
    "Write image='path of the picture'."
)


@pytest.mark.parametrize(
    ("image", "zh", "en"),
    [
        (None, "没有给出要识别的图片。", "There is no picture to classify."),
        (3, "image 收到的是 int。", "image got a int."),
        (["a.png"], "image 收到的是 list。", "image got a list."),
        ("", "image 收到的是 str。", "image got a str."),
        ("a\0.png", "image 收到的是 str。", "image got a str."),
    ],
)
def test_neither_path_nor_picture(image: Any, zh: str, en: str) -> None:
    error = problem(image)
    assert error.code == -304
    assert error.text.zh == zh + ALLOWED_ZH
    assert error.text.en == f"{en} {ALLOWED_EN}"


@pytest.mark.parametrize(
    ("shape", "kind"), [((4,), "uint8"), ((4, 6, 2), "uint8"), ((0, 6), "uint8"), ((4, 6), "float64")]
)
def test_an_array_that_is_no_picture(shape: tuple[int, ...], kind: str) -> None:
    numpy = pytest.importorskip("numpy")
    error = problem(numpy.zeros(shape, dtype=kind))
    assert error.code == -304
    assert error.text.zh == (
        f"数组的形状是 {shape}，类型是 {kind}。图片数组应为（高, 宽）或（高, 宽, 3），类型 uint8，取值 0–255。"
        "可以先存成图片，再传入图片的路径。"
    )
    assert error.text.en == (
        f"The array has the shape {shape} and the type {kind}. A picture is (height, width) or (height, width, 3), "
        "of type uint8, from 0 to 255. Or save it as a picture and give the path."
    )
