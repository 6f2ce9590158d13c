"""Files that are no checkpoint: each is named for what it really is, in both languages."""

from __future__ import annotations

import os
import random
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError
from tests.handmade import pickled, raw_floats, root_of, small_weights, write_checkpoint, write_legacy, write_zip

COPY = ("请从 save_fold 里重新复制一份交上。", "Copy it again from the save folder and hand that in.")
FILE = ("请上传 .pth 文件本身。", "Upload the .pth file itself.")
WEIGHTS = (
    "请交训练自动保存的 .pth，不要用 torch.save(model)。",
    "Hand in the .pth that the training saves by itself, not one of torch.save(model).",
)
UNPACK = ("请先解压，交上里面的 .pth 文件。", "Unpack it and hand in the .pth inside.")
FLOATS = [raw_floats(values) for _, values in small_weights().values()]


@dataclass(frozen=True)
class Case:
    """`make` writes the file; its sentence goes on after the file's name."""

    name: str
    make: Callable[[Path], object]
    zh: str
    en: str
    todo: tuple[str, str] = COPY
    code: int | None = None


def content(raw: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(raw)


def honest(path: Path) -> bytes:
    return write_checkpoint(path, small_weights(), {"epoch": 1}).read_bytes()


def cut(start: int | None, stop: int | None) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(honest(path)[start:stop])


def flipped(mark: bytes) -> Callable[[Path], object]:
    """One bit wrong in what follows `mark`: torch would not notice, for it does not look at the check sums."""

    def make(path: Path) -> object:
        raw = bytearray(honest(path))
        raw[raw.index(mark) + len(mark) + 4] ^= 1
        return path.write_bytes(raw)

    return make


def deflated(path: Path) -> object:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickled(root_of(small_weights(), None)))
        archive.writestr("archive/data/0", bytes(2**20))
    return path


def plain_zip(path: Path) -> object:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("homework/readme.txt", "hello")
    return path


def other_layout(path: Path) -> object:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled({}))
        archive.writestr("../evil.py", "")
    return path


OTHERS = {
    "safetensors": b'\x58\x01\0\0\0\0\0\0{"backbone.features.0.weight":{"dtype":"F32"',
    "ONNX": b"\x08\x06\x12\x07pytorch\x1a\x03",
    "HDF5 (Keras)": b"\x89HDF\r\n\x1a\n\0",
    "TensorFlow Lite": b"\x1c\0\0\0TFL3\x14\0",
    "NumPy": b"\x93NUMPY\x01\0v\0{'descr': '<f4'",
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}


def other(name: str, begins: bytes) -> Case:
    zh, en = f"是 {name} 文件，不是训练保存的 .pth", f"is a file of {name}, not the .pth that a training saves"
    return Case(name, content(begins + b"\1" * 90), zh, en)


LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 501234\n"
CASES = (
    Case("empty", content(b""), "是空文件", "is empty"),
    Case(
        "lfs",
        content(LFS),
        "只是 Git LFS 的指针，里面没有权重",
        "is only a Git LFS pointer and holds no weights",
        (
            "真正的文件没有传上来：运行 git lfs push，或用网盘交。",
            "The file itself was not uploaded: run git lfs push, or hand it in another way.",
        ),
    ),
    Case(
        "link",
        content(b"epoch_5.pth"),
        "只是指向 epoch_5.pth 的链接，里面没有权重",
        "is only a link to epoch_5.pth and holds no weights",
        ("请把 epoch_5.pth 也交上。", "Hand in epoch_5.pth as well."),
    ),
    Case(
        "page",
        content(b"\n<!DOCTYPE html>\n<html lang='zh'>" + b"x" * 3000),
        "是网页，不是权重",
        "is a web page, not weights",
        (
            "多半是下载时存成了网页：请下载文件本身。",
            "The page was saved in place of the file: download the file itself.",
        ),
    ),
    Case("rar", content(b"Rar!\x1a\x07\x01\x00" + b"\1" * 90), "是 RAR 压缩包", "is an archive of type RAR", UNPACK),
    Case("gzip", content(b"\x1f\x8b\x08" + b"\1" * 90), "是 gzip 压缩包", "is an archive of type gzip", UNPACK),
    *(other(name, begins) for name, begins in OTHERS.items()),
    Case(
        "zeros",
        content(bytes(5000)),
        "开头全是零，下载或复制没有完成",
        "begins with zeros only: a copy that did not finish",
    ),
    Case("text", content("准确率 0.9\n".encode() * 40), "是文本文件，不是权重", "is a text file, not weights", FILE),
    Case("random", content(random.Random(1).randbytes(4000)), "的内容不是权重", "does not hold weights"),
    Case("half", cut(0, 700), "不完整：后半截丢了", "is incomplete: its end is missing"),
    Case("a byte short", cut(0, -1), "不完整：后半截丢了", "is incomplete: its end is missing"),
    Case("ten bytes", cut(0, 10), "不完整：后半截丢了", "is incomplete: its end is missing"),
    Case("weights flipped", flipped(b"archive/data/0"), "里的 archive/data/0 已损坏", "is damaged at archive/data/0"),
    Case("pickle flipped", flipped(b"data.pkl"), "里的 archive/data.pkl 已损坏", "is damaged at archive/data.pkl"),
    Case(
        "plain zip",
        plain_zip,
        "是普通压缩包，里面没有 torch 存的权重",
        "is a plain zip without weights of torch",
        FILE,
    ),
    Case(
        "deflated",
        deflated,
        "里的 archive/data.pkl 是压缩过的，torch 不会这样存",
        "has archive/data.pkl compressed, which torch never does",
        FILE,
    ),
    Case("layout", other_layout, "里的文件摆放方式不是 torch 的", "is laid out as torch never does"),
    Case(
        "TorchScript",
        lambda path: write_zip(path, pickled({}), **{"constants.pkl": b""}),
        "存的是 TorchScript 模型，不是权重",
        "holds a TorchScript model, not weights",
        WEIGHTS,
    ),
    Case("no weights", lambda path: write_zip(path, pickled({"a": 1})), "里没有权重", "holds no weights", WEIGHTS),
    Case("a list", lambda path: write_zip(path, pickled([1, 2])), "里没有权重", "holds no weights", WEIGHTS),
    Case(
        "plain pickle",
        content(pickled({"lr": 0.1})),
        "是 pickle，但不是 torch 存的权重",
        "is a pickle, but not weights",
        WEIGHTS,
    ),
    Case("no pickle", lambda path: write_zip(path, b""), "已损坏，读不出内容", "is damaged and cannot be read"),
    Case(
        "half a pickle",
        lambda path: write_zip(path, b"\x80\x02}q"),
        "已损坏，读不出内容",
        "is damaged and cannot be read",
    ),
    Case(
        "storage missing",
        lambda path: write_zip(path, pickled(root_of(small_weights(), None)), FLOATS[:2]),
        "声明有 12 字节的权重，实际只有 0 字节",
        "declares 12 bytes of weights and holds 0",
    ),
    Case(
        "storage short",
        lambda path: write_zip(path, pickled(root_of(small_weights(), None)), [FLOATS[0], FLOATS[1][:8], FLOATS[2]]),
        "声明有 24 字节的权重，实际只有 8 字节",
        "declares 24 bytes of weights and holds 8",
    ),
    Case(
        "legacy cut",
        lambda path: path.write_bytes(write_legacy(path, small_weights(), {"epoch": 1}).read_bytes()[:-6]),
        "声明有 12 字节的权重，实际只有 6 字节",
        "declares 12 bytes of weights and holds 6",
    ),
    Case(
        "missing",
        lambda path: None,
        "不存在",
        "does not exist",
        ("请核对文件名和文件夹。", "Check the name and the folder."),
        -102,
    ),
    Case("folder", lambda path: path.mkdir(), "不是文件", "is not a file"),
)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_named_for_what_it_is(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "latest.pth"
    case.make(path)
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(path)
    error = caught.value
    assert (error.seen.zh, error.seen.en) == (f"latest.pth {case.zh}。", f"latest.pth {case.en}.")
    assert (error.todo.zh, error.todo.en) == case.todo
    assert (error.code, error.place) == (case.code, "latest.pth")


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights on Windows")
def test_a_link_that_leads_nowhere_names_its_target(tmp_path: Path) -> None:
    path = tmp_path / "latest.pth"
    path.symlink_to("epoch_5.pth")
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(path)
    assert caught.value.text.en == "latest.pth is only a link to epoch_5.pth. Hand in epoch_5.pth as well."


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights on Windows")
def test_mmcvs_own_link_is_followed(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "epoch_5.pth", small_weights(), {"epoch": 5})
    (tmp_path / "latest.pth").symlink_to("epoch_5.pth")
    assert read_checkpoint(tmp_path / "latest.pth").epoch == 5


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "latest.pth")
    with pytest.raises(CheckpointError, match="is not a file"):
        read_checkpoint(tmp_path / "latest.pth")


def test_a_name_cannot_forge_lines(tmp_path: Path) -> None:
    path = tmp_path / "x\x1b[2Jy.pth"
    try:
        path.write_bytes(b"")
    except OSError:
        pytest.skip("this file system does not take such a name")
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(path)
    assert "\x1b" not in str(caught.value)


def test_corpus_stub_is_cut_off(corpus: Path) -> None:
    """A real hand-in: latest.pth, cut at 65,536 bytes."""
    with pytest.raises(CheckpointError, match="is incomplete: its end is missing"):
        read_checkpoint(corpus / "ckpt" / "ckpt_stub-001.pth")


def test_corpus_checkpoints_of_the_real_mmedu(corpus: Path) -> None:
    folder = corpus / "made" / "mmedu-2.0.0" / "lenet_d3_bs8_e5" / "checkpoints"
    best = read_checkpoint(folder / "best_accuracy_top-1_epoch_4.pth")
    last = read_checkpoint(folder / "epoch_5.pth")
    assert (best.epoch, best.iter, last.epoch, last.iter) == (4, 48, 5, 60)
    assert (best.classes, best.head_size, best.finite) == (("0", "1", "2"), 3, True)
    assert best.fingerprint != last.fingerprint


_READ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.mark.parametrize("write", [write_checkpoint, write_legacy])
@_READ
@given(data=st.data())
def test_no_damage_raises_anything_else(write: Callable[..., Path], data: st.DataObject, tmp_path: Path) -> None:
    """Cut anywhere, bytes changed anywhere: read or refused, nothing else."""
    raw = bytearray(write(tmp_path / "x.pth", small_weights(), {"epoch": 1, "CLASSES": ["a", "b", "c"]}).read_bytes())
    for _ in range(data.draw(st.integers(0, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "y.pth"
    path.write_bytes(raw[: data.draw(st.one_of(st.none(), st.integers(0, len(raw))))])
    try:
        found = read_checkpoint(path).shapes != {}
    except CheckpointError as error:
        found = error.seen.zh.startswith("y.pth ")
    assert found
