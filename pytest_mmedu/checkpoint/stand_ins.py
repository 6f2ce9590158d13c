"""替身 | Stand-ins for the names in a checkpoint's pickle: what an honest one may name, and what is made of it.

Nothing here is torch's, numpy's or the student's; whatever is not in the table `ALLOWED` is refused by its name.
"""

from __future__ import annotations

import collections
import struct
from dataclasses import dataclass
from typing import Any

ITEM_SIZES = {
    "float64": 8,
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "int64": 8,
    "int32": 4,
    "int16": 2,
    "int8": 1,
    "uint8": 1,
    "bool": 1,
    "complex64": 8,
    "complex128": 16,
}
_STORAGES = {
    "Double": "float64",
    "Float": "float32",
    "Half": "float16",
    "BFloat16": "bfloat16",
    "Long": "int64",
    "Int": "int32",
    "Short": "int16",
    "Char": "int8",
    "Byte": "uint8",
    "Bool": "bool",
    "ComplexFloat": "complex64",
    "ComplexDouble": "complex128",
}


@dataclass(frozen=True, slots=True)
class Storage:
    """A flat block of numbers, stored in the file under `key`."""

    key: str
    dtype: str
    count: int

    @property
    def bytes(self) -> int:
        return self.count * ITEM_SIZES[self.dtype]


@dataclass(frozen=True, slots=True)
class Tensor:
    """A view of a storage. Made only where everything that it declares lies inside the storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class Foreign:
    """Stands for an object of a harmless kind whose content is of no use here: a path, a date, a config."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Foreign:
        return object.__new__(cls)

    def __setstate__(self, state: Any) -> None: ...

    def __setitem__(self, key: Any, value: Any) -> None: ...

    def append(self, value: Any) -> None: ...

    def extend(self, values: Any) -> None: ...

    def __repr__(self) -> str:
        return "<object>"


class NumpyType:
    """`numpy.dtype`: its code ("f8") and, from its state, the byte order."""

    def __init__(self, code: str, *_: Any) -> None:
        self.code, self.order = str(code), "="

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.order = state[1] if state[1] in ("<", ">") else "="


_NUMPY_CODES = {"f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b"}
_NUMPY_CODES |= {"u8": "Q", "u4": "I", "u2": "H", "u1": "B", "b1": "?"}


def _numpy_scalar(kind: NumpyType, raw: bytes) -> Any:
    return struct.unpack(kind.order + _NUMPY_CODES[kind.code], raw)[0]


def _encode(text: str, encoding: str) -> bytes:
    """How protocol 2 writes bytes. Only this one encoding: others could blow a short text up."""
    if encoding != "latin1":
        raise ValueError("bytes are written as latin1")
    return text.encode("latin-1")


def _tensor(
    storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any, **__: Any
) -> Tensor:
    """Refuses a tensor that declares more than its storage holds: 1.7 KB can declare 10^12 numbers by a stride of 0."""
    numbers = (offset, *shape, *strides)
    if len(shape) != len(strides) or len(shape) > 16 or not all(type(n) is int and 0 <= n < 2**48 for n in numbers):
        raise ValueError("a tensor of an impossible shape")
    count = 1
    for length in shape:
        count *= length
    last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides, strict=True))
    if count and (count > storage.count or last >= storage.count):
        raise TooMuchDeclared(count, storage.count)
    return Tensor(storage, offset, tuple(shape), tuple(strides))


class TooMuchDeclared(ValueError):
    """A tensor of `declared` numbers in a storage of `held`."""

    def __init__(self, declared: int, held: int) -> None:
        super().__init__(f"{declared} numbers declared, {held} held")
        self.declared, self.held = declared, held


def _size(lengths: Any = ()) -> tuple[int, ...]:
    if not all(type(length) is int for length in lengths):
        raise ValueError("a size is made of whole numbers")
    return tuple(lengths)


def _parameter(value: Any, *_: Any) -> Tensor:
    if not isinstance(value, Tensor):
        raise ValueError("a parameter is a tensor")
    return value


def _foreign(*_: Any) -> Foreign:
    return Foreign()


def _device(*parts: Any) -> str:
    return ":".join(str(part)[:20] for part in parts[:2] if isinstance(part, (str, int)))


_NUMPY: dict[str, Any] = {"scalar": _numpy_scalar, "_reconstruct": _foreign}
_PATHS, _SYSTEMS = ("pathlib", "pathlib._local"), ("Posix", "Windows")  # the second is where Python 3.13 has them
ALLOWED: dict[str, Any] = {
    "collections OrderedDict": collections.OrderedDict,
    "collections defaultdict": lambda *_: {},
    "torch._utils _rebuild_tensor_v2": _tensor,
    "torch._utils _rebuild_parameter": _parameter,
    "torch Size": _size,
    "torch device": _device,
    "_codecs encode": _encode,
    "numpy dtype": NumpyType,
    "numpy ndarray": Foreign,
    **{f"numpy.{core}.multiarray {name}": made for core in ("core", "_core") for name, made in _NUMPY.items()},
    **{f"torch {name}Storage": dtype for name, dtype in _STORAGES.items()},
    **{f"torch {dtype}": dtype for dtype in ITEM_SIZES},
    **{f"{module} {name}": made for module in ("builtins", "__builtin__") for name, made in (
        ("set", frozenset), ("frozenset", frozenset), ("range", _foreign), ("xrange", _foreign), ("complex", complex),
        ("dict", dict), ("list", list), ("getattr", _foreign),
    )},
    **dict.fromkeys(
        (
            "mmengine.logging.history_buffer HistoryBuffer",
            "mmengine.config.config ConfigDict",
            "mmcv.utils.config ConfigDict",
            "addict.addict Dict",
            "argparse Namespace",
            "datetime datetime",
            *(f"{module} {pure}{system}Path" for module in _PATHS for pure in ("", "Pure") for system in _SYSTEMS),
        ),
        Foreign,
    ),
}  # fmt: skip
