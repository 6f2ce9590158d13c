"""A damaged picture is named with its path; a GIF counts as damaged, whatever its name says."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pytest_mmedu.dataset import pictures, read_dataset
from pytest_mmedu.dataset.pictures import LOOK_BYTES, look, problem_of, size_of
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text

CUT_OFF = Text("文件损坏或不完整", "it is damaged or cut off")
NO_PICTURE = Text("内容不是图片", "its content is no picture")
GIF = Text("它是 GIF，MMEdu 不支持", "it is a GIF, which MMEdu does not take")


def gif(path: Path) -> None:
    Image.new("P", (4, 4)).save(path, format="GIF")


def huge(path: Path) -> None:
    """A PNG of a few bytes that claims 60000 x 60000 pixels."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 9) + b"IDAT" + b"\0" * 13)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize(
    ("name", "damage", "why"),
    [
        ("a.PNG", cut, CUT_OFF),
        ("a.jpeg", cut, CUT_OFF),
        ("a.bmp", cut, CUT_OFF),
        ("a.png", lambda path: path.write_bytes(b""), Text("文件是空的", "the file is empty")),
        ("a.jpg", lambda path: path.write_text("<html>404</html>", encoding="utf-8"), NO_PICTURE),
        ("a.png", gif, GIF),
        ("a.gif", gif, GIF),
        ("a.png", huge, Text("像素太多", "it has too many pixels")),
        ("a.png", lambda path: path.unlink(), CUT_OFF),
    ],
)
def test_why_a_picture_cannot_be_used(
    tmp_path: Path, draw: Callable[[Path, int], Path], name: str, damage: Callable[[Path], object], why: Text
) -> None:
    path = draw(tmp_path / name, 3)
    damage(path)
    assert problem_of(path) == why
    assert look(path) is None


@pytest.mark.parametrize("name", ["a.png", "a.JPG", "a.jpeg", "a.bmp", "a.ppm", "a.tif"])
def test_a_good_picture_has_no_problem(tmp_path: Path, draw: Callable[[Path, int], Path], name: str) -> None:
    path = draw(tmp_path / name, 3)
    assert problem_of(path) is None
    shrunk = look(path)
    assert shrunk is not None
    assert len(shrunk) == LOOK_BYTES


def test_the_first_damaged_picture_is_named_when_asked_to_look(pets: Path) -> None:
    cut(pets / "val_set" / "dog" / "1.png")
    assert read_dataset(pets).findings == ()
    with pytest.raises(DatasetError) as caught:
        read_dataset(pets, check=True)
    assert (caught.value.code, caught.value.place) == (-201, "val_set/dog/1.png")
    assert caught.value.text == Text(
        "图片 val_set/dog/1.png 用不了：文件损坏或不完整。请换一张，或把它删掉。",
        "The picture val_set/dog/1.png cannot be used: it is damaged or cut off. Replace it or delete it.",
    )


def test_a_gif_is_damaged_even_though_nothing_else_would_read_it(pets: Path) -> None:
    gif(pets / "training_set" / "owl" / "x.gif")
    with pytest.raises(DatasetError) as caught:
        read_dataset(pets, check=True)
    assert caught.value.place == "training_set/owl/x.gif"


@given(st.binary(max_size=300), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"BM", b"P6\n"]))
def test_no_content_makes_the_check_crash(tmp_path_factory: pytest.TempPathFactory, tail: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "odd.png"
    path.write_bytes(head + tail)
    problem = problem_of(path)
    assert problem is None or (problem.zh and problem.en)


@pytest.mark.parametrize("form", ["PCX", "EPS", "ICO"])
def test_other_formats_are_not_opened_at_all(tmp_path: Path, form: str) -> None:
    """Pillow would start another program for some of them."""
    path = tmp_path / "a.png"
    Image.new("RGB", (16, 16)).save(path, format=form)
    assert problem_of(path) == NO_PICTURE
    assert size_of(path) is None


def test_a_picture_that_is_far_too_large_is_not_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    Image.new("L", (30, 40)).save(path)
    assert problem_of(path) is None
    monkeypatch.setattr(pictures, "_MOST_PIXELS", 1199)
    assert problem_of(path) == Text("像素太多", "it has too many pixels")
    assert look(path) is None
