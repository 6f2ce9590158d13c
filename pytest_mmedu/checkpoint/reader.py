"""读权重文件 | A .pth file as facts: epoch, classes, shapes, finite or not. Nothing that it holds is ever run.

No torch, no numpy: the file's shell and pickle are read by `shells` and `restricted`, which refuse
whatever `torch.save` does not write. Memory stays small whatever the file declares, for weights are read in pieces.
"""

from __future__ import annotations

import hashlib
import pickle
import struct
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from pytest_mmedu import rules
from pytest_mmedu.checkpoint.finite import all_finite
from pytest_mmedu.checkpoint.restricted import UnsafePickle, UnusualPickle
from pytest_mmedu.checkpoint.shells import LegacyShell, ZipShell
from pytest_mmedu.checkpoint.stand_ins import Foreign, Storage, Tensor, TooMuchDeclared
from pytest_mmedu.checkpoint.suspects import SAVE_WEIGHTS, broken, unsafe, unusual, what_it_is
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.text import Text, printable

LARGEST_FILE = 2 * 10**9
_HEAD = 4096
_MOST_META = 100_000
Shell = ZipShell | LegacyShell


@dataclass(frozen=True)
class Checkpoint:
    """What a checkpoint says and holds. `meta` is plain data; what is none of it stands there as its kind's name.

    `shapes` and `dtypes` are those of the weights alone. `fingerprint` depends on the weights and nothing else, so it
    is the same for one training saved twice, while `sha256` is that of the file. `optimizer` is what that was set to:
    lr, momentum, …; empty where the file does not keep it.
    """

    path: Path
    sha256: str
    size: int
    fingerprint: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    not_finite: tuple[str, ...] = ()
    optimizer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def finite(self) -> bool:
        return not self.not_finite

    @property
    def classes(self) -> tuple[str, ...] | None:
        """The names of the classes: mmcv notes them as CLASSES, mmengine as dataset_meta."""
        named = self.meta.get("CLASSES")
        if named is None and isinstance(about := self.meta.get("dataset_meta"), dict):
            named = about.get("classes", about.get("CLASSES"))
        if not isinstance(named, list) or not all(isinstance(name, str) for name in named):
            return None
        return tuple(named)

    @property
    def epoch(self) -> int | None:
        return _count(self.meta.get("epoch"))

    @property
    def iter(self) -> int | None:
        return _count(self.meta.get("iter"))

    @property
    def head_size(self) -> int | None:
        """How many classes the network tells apart: the rows of its last fully connected layer."""
        matrices = [shape for name, shape in self.shapes.items() if name.endswith("weight") and len(shape) == 2]
        return matrices[-1][0] if matrices else None

    @property
    def parameters(self) -> int:
        """How many numbers the weights are."""
        total = 0
        for shape in self.shapes.values():
            count = 1
            for length in shape:
                count *= length
            total += count
        return total


def read_checkpoint(path: Path) -> Checkpoint:
    """The facts of a .pth file; CheckpointError says what the file really is where it is none."""
    try:
        if not path.exists():
            raise _missing(path)
        if not path.is_file():
            raise broken(path, "不是文件", "is not a file")
        facts = path.stat()
        if facts.st_size > LARGEST_FILE:
            raise broken(path, "太大，超过 2 GB", "is larger than 2 GB")
        return _known(path, facts.st_size, facts.st_mtime_ns, facts.st_ino)
    except OSError as error:
        zh, en = f"打不开（{error.strerror or error}）", f"cannot be opened ({error.strerror or error})"
        raise broken(path, zh, en) from error


@lru_cache(maxsize=8)
def _known(path: Path, size: int, _changed: int, _inode: int) -> Checkpoint:
    """Several checks ask about the same file, one after another."""
    with path.open("rb") as file:
        return _read(path, file, size)


def _read(path: Path, file: BinaryIO, size: int) -> Checkpoint:
    shell, tensors, meta, optimizer = opened(path, file, size)
    not_finite, digests = _scan(shell, tensors)
    return Checkpoint(
        path=path,
        sha256=_sha256(file),
        size=size,
        fingerprint=_fingerprint(tensors, digests),
        meta=meta,
        shapes={name: tensor.shape for name, tensor in tensors.items()},
        dtypes={name: tensor.storage.dtype for name, tensor in tensors.items()},
        not_finite=tuple(name for name, tensor in tensors.items() if tensor.storage.key in not_finite),
        optimizer=optimizer,
    )


def opened(path: Path, file: BinaryIO, size: int) -> tuple[Shell, dict[str, Tensor], dict[str, Any], dict[str, Any]]:
    """The shell, the weights by name as they are described in it, the meta data, and the optimizer's settings.

    No weight is read yet.
    """
    head = file.read(_HEAD)
    if head.startswith(b"PK\3\4"):
        shell: Shell = ZipShell(path, file, size)
    elif head.startswith(b"\x80"):
        shell = LegacyShell(path, file, size)
    else:
        raise what_it_is(path, head, size)
    root = _root(path, shell)
    shell.check_sizes()
    return shell, *_weights(path, root), _optimizer(root)


def _root(path: Path, shell: Shell) -> Any:
    try:
        return shell.root()
    except UnsafePickle as error:
        raise unsafe(path, error.name) from error
    except UnusualPickle as error:
        raise unusual(path, error.opcode) from error
    except TooMuchDeclared as error:
        raise broken(
            path,
            f"声明了 {error.declared} 个数，实际只有 {error.held} 个",
            f"declares {error.declared} numbers and holds {error.held}",
        ) from error
    except CheckpointError:
        raise
    except (pickle.UnpicklingError, *_DAMAGE) as error:
        raise broken(path, "已损坏，读不出内容", "is damaged and cannot be read") from error


# What a damaged pickle makes Python's own reader raise.
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


def _weights(path: Path, root: Any) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors by name, and the meta data, of mmcv's form or of a bare state_dict."""
    if not isinstance(root, dict):
        raise broken(path, "里没有权重", "holds no weights", SAVE_WEIGHTS)
    state = root.get("state_dict", root.get("model", root))
    named = state.items() if isinstance(state, dict) else ()
    tensors = {name: value for name, value in named if isinstance(name, str) and isinstance(value, Tensor)}
    if not tensors:
        raise broken(path, "里没有权重", "holds no weights", SAVE_WEIGHTS)
    budget = [_MOST_META]
    meta = _plain(root.get("meta"), budget)
    return tensors, meta if isinstance(meta, dict) else {}


def _optimizer(root: Any) -> dict[str, Any]:
    """What the first group of the optimizer is set to: lr, momentum, betas; not the weights that it moves."""
    state = root.get("optimizer") if isinstance(root, dict) else None
    groups = state.get("param_groups") if isinstance(state, dict) else None
    first = groups[0] if isinstance(groups, list) and groups else None
    if not isinstance(first, dict):
        return {}
    plain = _plain({name: value for name, value in first.items() if name != "params"}, [_MOST_META])
    return plain if isinstance(plain, dict) else {}


def _plain(value: Any, budget: list[int], depth: int = 0) -> Any:
    """Data that can be shown and compared: bounded in depth and number, for lists can hold themselves."""
    budget[0] -= 1
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if depth > 20 or budget[0] < 0:
        return "…"
    if isinstance(value, dict):
        return {printable(str(key)): _plain(each, budget, depth + 1) for key, each in value.items() if _short(key)}
    if isinstance(value, (list, tuple, Set)):
        return [_plain(each, budget, depth + 1) for each in value]
    return "<object>" if isinstance(value, Foreign) else f"<{type(value).__name__.lower()}>"


def _short(key: Any) -> bool:
    return isinstance(key, str) or (type(key) is int and abs(key) < 10**12)


def _scan(shell: Shell, tensors: Mapping[str, Tensor]) -> tuple[set[str], dict[str, bytes]]:
    """Reads every storage once: keys of those of the weights that hold NaN or Infinity, and a digest of each."""
    of_weights = {tensor.storage.key for tensor in tensors.values()}
    not_finite: set[str] = set()
    digests: dict[str, bytes] = {}
    for key, storage in shell.storages.items():
        digest, fine = _scan_one(shell, storage)
        if key in of_weights:
            digests[key] = digest
            if not fine:
                not_finite.add(key)
    return not_finite, digests


def _scan_one(shell: Shell, storage: Storage) -> tuple[bytes, bool]:
    digest, fine = hashlib.blake2b(digest_size=32), True
    for piece in shell.read(storage):
        digest.update(piece)
        fine = fine and all_finite(piece, storage.dtype)
    return digest.digest(), fine


def _fingerprint(tensors: Mapping[str, Tensor], digests: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        about = (name, tensor.storage.dtype, tensor.offset, tensor.shape, tensor.strides)
        whole.update(repr(about).encode("utf-8", "backslashreplace") + digests[tensor.storage.key])
    return whole.hexdigest()


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(2**20):
        digest.update(piece)
    return digest.hexdigest()


def _count(value: Any) -> int | None:
    return value if rules.whole(value, 0, 10**12) else None


def _missing(path: Path) -> CheckpointError:
    if path.is_symlink():  # mmcv's latest.pth is a link: copied alone, it leads nowhere
        target = printable(path.readlink().name, 80)
        todo = Text(f"请把 {target} 也交上。", f"Hand in {target} as well.")
        return broken(path, f"只是指向 {target} 的链接", f"is only a link to {target}", todo, code=-102)
    todo = Text("请核对文件名和文件夹。", "Check the name and the folder.")
    return broken(path, "不存在", "does not exist", todo, code=-102)
