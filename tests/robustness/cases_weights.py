"""Checkpoints that were handed in: honest ones of every kind, broken, strange and hostile ones, and what is said.

Made opcode by opcode: nothing here needs torch, and nothing here would torch ever write.
"""

from __future__ import annotations

import math
import pickle
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.handmade import (
    Call,
    Raw,
    Weights,
    encode,
    pickled,
    raw_floats,
    root_of,
    tensor,
    write_checkpoint,
    write_legacy,
    write_zip,
)

NAME = "best_accuracy_top-1_epoch_4.pth"
META: Mapping[str, Any] = {"epoch": 4, "iter": 48, "CLASSES": ["circle", "square", "triangle"]}
Make = Callable[[Path, Path], object]
LENET = {
    "backbone.features.0": (6, 1, 5, 5),
    "backbone.features.3": (16, 6, 5, 5),
    "backbone.features.6": (120, 16, 5, 5),
    "backbone.classifier.0": (84, 120),
    "backbone.classifier.2": (3, 84),
}


@dataclass(frozen=True)
class Sent:
    """`make(path, marker)` writes the file; what is hostile would make the marker if it were run.

    `points` of 100, a quarter for each check; `says`: words of what the checks say that do not pass.
    """

    make: Make
    points: int = 0
    says: tuple[str, str] = ("", "")


def lenet(**changes: tuple[int, ...] | None) -> Weights:
    """Whole weights of LeNet that always see the first class; `changes` gives a layer another shape, None drops it."""
    weights: dict[str, tuple[tuple[int, ...], list[float]]] = {}
    for layer, shape in {**LENET, **{f"backbone.{name}": shape for name, shape in changes.items()}}.items():
        if shape is not None:
            weights[f"{layer}.weight"] = (shape, [0.0] * math.prod(shape))
            weights[f"{layer}.bias"] = ((shape[0],), [1.0] + [0.0] * (shape[0] - 1))
    return weights


def first(value: float) -> Weights:
    whole = dict(lenet())
    shape, numbers = whole["backbone.features.0.weight"]
    return {**whole, "backbone.features.0.weight": (shape, [value, *numbers[1:]])}


def plain(weights: Weights, meta: Mapping[str, Any] = META) -> Make:
    return lambda path, _: write_checkpoint(path, weights, meta)


def named(**more: Any) -> Make:
    """Honest weights with something more in the meta data."""
    return plain(lenet(), {**META, **more})


def calls(name: str) -> Make:
    """Honest weights, and a call in the meta data."""
    return lambda path, marker: plain(lenet(), {**META, "hook": Call(name, (f"touch {marker}",))})(path, marker)


def old_with_a_call(path: Path, marker: Path) -> None:
    """The older format, whose first pickle torch 1.x would run before it knows what the file is."""
    write_legacy(path, lenet(), root=Raw(encode(Call("posix system", (f"touch {marker}",)))))


class Opens:
    def __init__(self, marker: Path) -> None:
        self._marker = str(marker)

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self._marker, "w")


def altered(change: Callable[[bytes], bytes]) -> Make:
    def make(path: Path, marker: Path) -> None:
        plain(lenet())(path, marker)
        path.write_bytes(change(path.read_bytes()))

    return make


def flipped(raw: bytes) -> bytes:
    """One bit of one weight: torch reads it without a word."""
    at = raw.index(b"data/0") + 200
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def raw(content: bytes) -> Make:
    return lambda path, _: path.write_bytes(content)


def bfloat16(path: Path, _: Path) -> None:
    root = root_of(lenet(), META)
    code = pickled(root).replace(b"ctorch\nFloatStorage\n", b"ctorch\nBFloat16Storage\n")
    storages = [b"".join(raw_floats([value])[2:] for value in values) for _, values in lenet().values()]
    write_zip(path, code, storages)


def bomb(path: Path, _: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickled(root_of(lenet(), META)))
        archive.writestr("archive/data/0", bytes(256 * 2**20))


def declares(shape: tuple[int, ...], strides: tuple[int, ...] | None = None, count: int = 4) -> Make:
    code = pickled({"state_dict": {"w": tensor("0", count, shape, strides=strides)}})
    return lambda path, _: write_zip(path, code, [raw_floats([0.0] * 4)])


def twice(path: Path, marker: Path) -> None:
    """torch would read the first data.pkl, Python the last."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(Call("posix system", (f"touch {marker}",))))
        archive.writestr("archive/DATA.pkl", pickled(root_of(lenet(), META)))
        for at, (_, values) in enumerate(lenet().values()):
            archive.writestr(f"archive/data/{at}", raw_floats(values))
    path.write_bytes(path.read_bytes().replace(b"archive/DATA.pkl", b"archive/data.pkl"))


def pickle_of(code: bytes) -> Make:
    return lambda path, _: write_zip(path, b"\x80\x02" + code + b".")


def swollen(path: Path, _: Path) -> None:
    """One long text in the memo, taken again as often as opcodes are allowed."""
    text = encode("x" * (24 * 2**20)) + b"q\x00"
    copy = b"c_codecs\nencode\n" + b"h\x00" + encode("latin1") + b"\x86R"
    write_zip(path, b"\x80\x02](" + text + copy * 40_000 + b"e.")


def wide_note(path: Path, marker: Path) -> None:
    """One character of a long text takes four bytes in memory, so all of them do."""
    named(note="x" * (31 * 2**20) + "\U0001f600")(path, marker)


def wide_names(path: Path, _: Path) -> None:
    name = "x" * (15 * 2**20) + "\U0001f600"
    state = {name + end: tensor("0", 1, (1,)) for end in "ab"}
    write_zip(path, pickled({"state_dict": state}), [raw_floats([0.0])])


def carries(name: str) -> tuple[str, str]:
    return f"夹带了会执行的代码（{name}），已拒绝读取", f"carries code that would run ({name}) and was not read"


def unusual(opcode: str) -> tuple[str, str]:
    return (
        f"的内容不像 torch 存的（{opcode}），没有读取",
        f"holds what torch.save never writes ({opcode}) and was not read",
    )


NO_NAN = ("backbone.features.0.weight 里有 NaN 或 Infinity", "NaN or Infinity in backbone.features.0.weight")
NO_LENET = ("不是 LeNet 的权重", "does not hold weights of LeNet")
INCOMPLETE = ("不完整：后半截丢了", "is incomplete: its end is missing")
FLOAT64 = Call("numpy dtype", ("f8", False, True))
SCALAR = Call("numpy._core.multiarray scalar", (FLOAT64, Raw(encode(Call("_codecs encode", ("abcdefgh", "latin1"))))))
ARRAY = Call("numpy._core.multiarray _reconstruct", (Raw(b"cnumpy\nndarray\n"), (0,), Raw(b"X\x01\0\0\0b")))

CODE: dict[str, Sent] = {
    "S15 os.system": Sent(calls("posix system"), 0, carries("posix.system")),
    "S15 eval": Sent(calls("__builtin__ eval"), 0, carries("__builtin__.eval")),
    "S15 a download": Sent(
        calls("torch.hub load_state_dict_from_url"), 0, carries("torch.hub.load_state_dict_from_url")
    ),
    "S15 a call in the older format": Sent(old_with_a_call, 0, carries("posix.system")),
    "S15 a plain pickle": Sent(
        lambda path, marker: path.write_bytes(pickle.dumps(Opens(marker), 2)), 0, carries(f"{open.__module__}.open")
    ),
    "S15 a whole model": Sent(
        lambda path, _: write_zip(path, pickled(Call("mmcls.models ImageClassifier"))),
        0,
        (
            "存的是整个模型（mmcls.models.ImageClassifier），不是权重",
            "holds a whole model (mmcls.models.ImageClassifier)",
        ),
    ),
    "two data.pkl": Sent(
        twice, 0, ("里有两个同名的文件，不是 torch 存的", "has two entries of one name: not torch's work")
    ),
}
KINDS: dict[str, Sent] = {
    "honest": Sent(plain(lenet()), 100),
    "honest, in the older format": Sent(lambda path, _: write_legacy(path, lenet(), META), 100),
    "S16 a number of numpy's": Sent(named(score=SCALAR), 100),
    "S16 an array of numpy's": Sent(named(scores=ARRAY), 100),
    "S16 a config": Sent(named(cfg=Call("mmcv.utils.config ConfigDict")), 100),
    "S16 a range": Sent(named(gpu_ids=Call("__builtin__ xrange", (0, 1, 1))), 100),
    "S16 a class of nobody's": Sent(named(x=Call("numpy.random RandomState")), 0, ("里有不认识的内容", "unfamiliar")),
    "S18 half as precise": Sent(bfloat16, 100),
    "S18 NaN": Sent(plain(first(float("nan"))), 50, NO_NAN),
    "S18 infinite": Sent(plain(first(float("inf"))), 50, NO_NAN),
    "S18 another shape": Sent(plain(lenet(**{"features.0": (6, 3, 5, 5)})), 75, NO_LENET),
    "S18 a layer too few": Sent(plain(lenet(**{"features.3": None})), 75, NO_LENET),
    "S18 a layer too many": Sent(plain(lenet(**{"features.9": (2, 2, 1, 1)})), 75, NO_LENET),
    "S18 of other classes": Sent(
        plain(lenet(**{"classifier.2": (7, 84)})),
        50,
        ("权重 7 类，数据集 3 类", "7 classes in the weights, 3 in the data"),
    ),
}
BROKEN: dict[str, Sent] = {
    "S17 empty": Sent(raw(b""), 0, ("是空文件", "is empty")),
    "S17 half": Sent(altered(lambda all: all[: len(all) // 2]), 0, INCOMPLETE),
    "S17 one byte short": Sent(altered(lambda all: all[:-1]), 0, INCOMPLETE),
    "S17 random": Sent(raw(bytes(range(255, 0, -1)) * 40), 0, ("的内容不是权重", "does not hold weights")),
    "S17 a page": Sent(
        raw(b"<!DOCTYPE html><title>Log in</title>"), 0, ("是网页，不是权重", "is a web page, not weights")
    ),
    "S17 one bit": Sent(altered(flipped), 0, ("里的 archive/data/0 已损坏", "is damaged at archive/data/0")),
}
BOMBS: dict[str, Sent] = {
    "a zip bomb": Sent(bomb, 0, ("压缩过的，torch 不会这样存", "compressed, which torch never does")),
    "a huge tensor": Sent(
        declares((2**20, 2**20), count=2**40), 0, ("声明有 4398046511104 字节的权重", "declares 4398046511104 bytes")
    ),
    "strides of zero": Sent(
        declares((10**6, 10**6), (0, 0)),
        0,
        ("声明了 1000000000000 个数，实际只有 4 个", "declares 1000000000000 numbers"),
    ),
    "a deep pickle": Sent(pickle_of(b"}" + b")" + b"\x85" * 500_000 + b"Ns"), 0, unusual("TUPLE1")),
    "too many steps": Sent(pickle_of(b"N0" * 160_000 + b"N"), 0, unusual("NONE")),
    "a memo of billions": Sent(pickle_of(b"Nr" + struct.pack("<I", 2**31 - 1)), 0, unusual("LONG_BINPUT")),
    "a swollen text": Sent(swollen, 0, ("已损坏，读不出内容", "is damaged and cannot be read")),
}
# Read like any other, and what is the most that reading can be made to take.
WIDE: dict[str, Sent] = {"a wide note": Sent(wide_note, 100), "wide names": Sent(wide_names)}
WEIGHTS: dict[str, Sent] = {**CODE, **KINDS, **BROKEN, **BOMBS}
