"""Checkpoints made by hand, opcode by opcode: honest ones without torch, and ones that torch would never write."""

from __future__ import annotations

import math
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Weights = Mapping[str, tuple[tuple[int, ...], Sequence[float]]]


@dataclass(frozen=True)
class Call:
    """`module name` called with arguments, as the pickle says it."""

    name: str
    args: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Name:
    """A name alone."""

    name: str


@dataclass(frozen=True)
class Stored:
    """A persistent id: how torch names a storage."""

    pid: tuple[Any, ...]


@dataclass(frozen=True)
class Raw:
    """Opcodes as they are."""

    code: bytes


def encode(value: Any) -> bytes:
    """A value in opcodes of protocol 2, without the frame of a whole pickle."""
    if value is None or isinstance(value, bool):
        return {None: b"N", True: b"\x88", False: b"\x89"}[value]
    if isinstance(value, int):
        return b"J" + struct.pack("<i", value) if abs(value) < 2**31 else _long(value)
    if isinstance(value, float):
        return b"G" + struct.pack(">d", value)
    if isinstance(value, str):
        text = value.encode()
        return b"X" + struct.pack("<I", len(text)) + text
    if isinstance(value, list):
        return b"](" + b"".join(map(encode, value)) + b"e"
    if isinstance(value, tuple):
        return b"(" + b"".join(map(encode, value)) + b"t"
    if isinstance(value, dict):
        return b"}(" + b"".join(encode(key) + encode(each) for key, each in value.items()) + b"u"
    if isinstance(value, Call):
        return encode(Name(value.name)) + encode(value.args) + b"R"
    if isinstance(value, Name):
        return b"c" + value.name.replace(" ", "\n").encode() + b"\n"
    if isinstance(value, Stored):
        return encode(value.pid) + b"Q"
    assert isinstance(value, Raw)
    return value.code


def _long(value: int) -> bytes:
    size = value.bit_length() // 8 + 1
    return b"\x8a" + bytes([size]) + value.to_bytes(size, "little", signed=True)


def pickled(value: Any) -> bytes:
    return b"\x80\x02" + encode(value) + b"."


def tensor(key: str, count: int, shape: tuple[int, ...], *, strides: tuple[int, ...] | None = None) -> Call:
    """A tensor of float32 as torch pickles it."""
    steps = [math.prod(shape[at + 1 :]) for at in range(len(shape))]
    storage = Stored(("storage", Name("torch FloatStorage"), key, "cpu", count))
    hooks = Call("collections OrderedDict")
    return Call("torch._utils _rebuild_tensor_v2", (storage, 0, shape, strides or tuple(steps), False, hooks))


def root_of(weights: Weights, meta: Mapping[str, Any] | None) -> dict[str, Any]:
    named = enumerate(weights.items())
    state = {name: tensor(str(at), len(values), shape) for at, (name, (shape, values)) in named}
    return {"state_dict": state} if meta is None else {"meta": dict(meta), "state_dict": state}


def write_zip(path: Path, pickle: bytes, storages: Sequence[bytes] = (), **others: bytes) -> Path:
    """torch's zip around a pickle."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.pkl", pickle)
        for at, raw in enumerate(storages):
            archive.writestr(f"archive/data/{at}", raw)
        for name, raw in others.items():
            archive.writestr(f"archive/{name}", raw)
        archive.writestr("archive/version", b"3\n")
    return path


def raw_floats(values: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(values)}f", *values)


def write_checkpoint(path: Path, weights: Weights, meta: Mapping[str, Any] | None = None) -> Path:
    """An honest checkpoint in mmcv's form."""
    storages = [raw_floats(values) for _, values in weights.values()]
    return write_zip(path, pickled(root_of(weights, meta)), storages)


def small_weights(classes: int = 3, first: float = 0.5) -> Weights:
    return {
        "backbone.conv.weight": ((2, 1, 1, 1), [first, -0.25]),
        "head.fc.weight": ((classes, 2), [0.125] * (2 * classes)),
        "head.fc.bias": ((classes,), [0.0] * classes),
    }


def write_legacy(path: Path, weights: Weights, meta: Mapping[str, Any] | None = None, *, root: Any = None) -> Path:
    """The same in the format before zip: five pickles, then the storages with their lengths."""
    storages = [raw_floats(values) for _, values in weights.values()]
    system = {"protocol_version": 1001, "little_endian": True}
    pickles = [0x1950A86A20F9469CFC6C, 1001, system, root_of(weights, meta) if root is None else root]
    pickles.append([str(at) for at in range(len(storages))])
    raw = [struct.pack("<q", len(storage) // 4) + storage for storage in storages]
    path.write_bytes(b"".join(map(pickled, pickles)) + b"".join(raw))
    return path
