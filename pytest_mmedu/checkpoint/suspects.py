"""这到底是什么文件 | What a file really is that calls itself a checkpoint and is none."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.text import Text, printable

_ARCHIVES = {b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
# How the files of other software begin, as a pattern; a length or a version stands first in some.
_OTHERS = {
    "safetensors": rb".{4}\0{4}\{",
    "ONNX": rb"\x08[\x01-\x20][\x12\x3a]",
    "HDF5 (Keras)": rb"\x89HDF\r\n",
    "TensorFlow Lite": rb".{4}TFL3",
    "NumPy": rb"\x93NUMPY",
    "PNG": rb"\x89PNG\r\n",
    "JPEG": rb"\xff\xd8\xff",
    "PDF": rb"%PDF-",
}
_LFS = b"version https://git-lfs.github.com/spec/"
_UNFAMILIAR = ("torch._utils.", "torch._tensor.", "torch.storage.", "numpy.", "mmcv.", "mmengine.", "datetime.")
_WHOLE_MODEL = ("torch.nn.", "__main__.", "mmcls.", "mmpretrain.", "torchvision.", "timm.", "torch.jit.")

SAVE_AGAIN = Text("请从 save_fold 里重新复制一份交上。", "Copy it again from the save folder and hand that in.")
UPLOAD_FILE = Text("请上传 .pth 文件本身。", "Upload the .pth file itself.")
SAVE_WEIGHTS = Text(
    "请交训练自动保存的 .pth，不要用 torch.save(model)。",
    "Hand in the .pth that the training saves by itself, not one of torch.save(model).",
)


def broken(path: Path, zh: str, en: str, todo: Text = SAVE_AGAIN, *, code: int | None = None) -> CheckpointError:
    """`zh` and `en` go on after the file's name."""
    name = printable(path.name, 80)
    return CheckpointError(Text(f"{name} {zh}。", f"{name} {en}."), todo, code=code, place=name)


def what_it_is(path: Path, head: bytes, size: int) -> CheckpointError:
    """For a file that begins like no checkpoint: `head` are its first bytes."""
    if size == 0:
        return broken(path, "是空文件", "is empty")
    if head.startswith(_LFS):
        return _pointer(path, head)
    if size < 512 and (target := _link_target(head)):
        return broken(
            path,
            f"只是指向 {target} 的链接，里面没有权重",
            f"is only a link to {target} and holds no weights",
            Text(f"请把 {target} 也交上。", f"Hand in {target} as well."),
        )
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head")):
        return broken(path, "是网页，不是权重", "is a web page, not weights", _download())
    for mark, kind in _ARCHIVES.items():
        if head.startswith(mark):
            todo = Text("请先解压，交上里面的 .pth 文件。", "Unpack it and hand in the .pth inside.")
            return broken(path, f"是 {kind} 压缩包", f"is an archive of type {kind}", todo)
    for name, begins in _OTHERS.items():
        if re.match(begins, head, re.DOTALL):
            zh, en = f"是 {name} 文件，不是训练保存的 .pth", f"is a file of {name}, not the .pth that a training saves"
            return broken(path, zh, en)
    if not head.strip(b"\0"):
        return broken(path, "开头全是零，下载或复制没有完成", "begins with zeros only: a copy that did not finish")
    if _is_text(head):
        return broken(path, "是文本文件，不是权重", "is a text file, not weights", UPLOAD_FILE)
    return broken(path, "的内容不是权重", "does not hold weights")


def _pointer(path: Path, head: bytes) -> CheckpointError:
    todo = Text(
        "真正的文件没有传上来：运行 git lfs push，或用网盘交。",
        "The file itself was not uploaded: run git lfs push, or hand it in another way.",
    )
    return broken(path, "只是 Git LFS 的指针，里面没有权重", "is only a Git LFS pointer and holds no weights", todo)


def _link_target(head: bytes) -> str | None:
    """`epoch_5.pth`: what git on Windows writes in place of mmcv's symlink."""
    match = re.fullmatch(rb"\s*([^\s\0]{1,200}\.pth)\s*", head)
    return printable(match[1].decode("utf-8", "replace"), 80) if match else None


def _download() -> Text:
    return Text(
        "多半是下载时存成了网页：请下载文件本身。",
        "The page was saved in place of the file: download the file itself.",
    )


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and sum(byte < 9 or 13 < byte < 32 for byte in head) * 50 < len(head)


def unsafe(path: Path, name: str) -> CheckpointError:
    """A pickle that wants to call `name`: a whole model, or code that has no place in weights."""
    shown = printable(name, 80)
    if name.startswith(_WHOLE_MODEL):
        return broken(
            path,
            f"存的是整个模型（{shown}），不是权重",
            f"holds a whole model ({shown}), not its weights",
            SAVE_WEIGHTS,
        )
    if name.startswith(_UNFAMILIAR):
        return broken(
            path,
            f"里有不认识的内容（{shown}），没有读取",
            f"holds something unfamiliar ({shown}) and was not read",
            SAVE_WEIGHTS,
        )
    return broken(
        path,
        f"夹带了会执行的代码（{shown}），已拒绝读取",
        f"carries code that would run ({shown}) and was not read",
        SAVE_WEIGHTS,
    )


def unusual(path: Path, opcode: str) -> CheckpointError:
    """A pickle that torch.save would not write: nested without end, swollen, or of another kind."""
    return broken(
        path,
        f"的内容不像 torch 存的（{opcode}），没有读取",
        f"holds what torch.save never writes ({opcode}) and was not read",
        SAVE_WEIGHTS,
    )
