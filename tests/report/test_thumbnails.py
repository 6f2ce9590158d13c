"""Small copies of wrong pictures: few, small, of their pixels alone, and never a reason to fail."""

from __future__ import annotations

import base64
import io
import random
from pathlib import Path

from PIL import Image, PngImagePlugin

from pytest_mmedu.report.page_evidence import MOST_PICTURE_CHARACTERS, MOST_PICTURES
from pytest_mmedu.report.thumbnails import wrong_pictures


def drawn(path: Path, side: int = 28, mode: str = "L") -> Path:
    Image.linear_gradient("L").resize((side, side)).convert(mode).save(path)
    return path


def opened(data: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_small_picture_is_kept_exactly(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.png")
    [one] = wrong_pictures([(path, 2, 1)])
    assert (one.label, one.predicted, one.width, one.height, one.kind) == (2, 1, 28, 28, "png")
    assert opened(one.data).tobytes() == Image.open(path).tobytes()


def test_a_large_noisy_one_is_made_small_in_pixels_and_in_bytes(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (300, 200), random.Random(1).randbytes(300 * 200 * 3))
    noise.save(tmp_path / "a.png")
    [one] = wrong_pictures([(tmp_path / "a.png", 0, None)])
    assert (one.width, one.height, one.kind) == (96, 64, "jpeg")
    assert len(one.data) <= MOST_PICTURE_CHARACTERS
    assert opened(one.data).size == (96, 64)


def test_nothing_but_the_pixels_goes_along(tmp_path: Path) -> None:
    facts = PngImagePlugin.PngInfo()
    facts.add_text("Author", "the teacher's name")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=facts)
    [one] = wrong_pictures([(tmp_path / "a.png", 0, 1)])
    assert b"teacher" not in base64.b64decode(one.data)


def test_every_class_has_its_turn_before_one_has_a_second(tmp_path: Path) -> None:
    path = drawn(tmp_path / "a.png")
    wrong = [(path, 0, 1)] * 30 + [(path, 1, 0), (path, 2, 0)]
    labels = [one.label for one in wrong_pictures(wrong)]
    assert len(labels) == MOST_PICTURES
    assert sorted(labels[:3]) == [0, 1, 2]


def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    broken = [tmp_path / name for name in ("empty.png", "text.png", "cut.png", "huge.png", "missing.png")]
    broken[0].write_bytes(b"")
    broken[1].write_text("no picture", "utf-8")
    broken[2].write_bytes(drawn(tmp_path / "whole.png", 64).read_bytes()[:-40])
    Image.new("1", (30_000, 1)).save(broken[3])
    good = drawn(tmp_path / "palette.gif", mode="P")
    assert [one.label for one in wrong_pictures([*((path, 0, 1) for path in broken), (good, 1, 0)])] == [1]
