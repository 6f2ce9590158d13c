"""运行缓存 | The run cache: what was made once for a key is found again, whole or not at all.

    <root>/<key>/manifest.json     sizes and sha256 of all files below files/; written last, checked on every hit
    <root>/<key>/files/...         what `make` wrote
    <root>/<key>.lock              held while an entry is made: two processes at once make it once
    <root>/<key>.part/             being made, or left by a process that was killed; never looked at, removed next time

An entry that was cut off or edited counts as missing and is made anew, and a note says so.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import CacheError
from pytest_mmedu.text import Text

MANIFEST = "manifest.json"
FILES = "files"
DEFAULT_LIMIT_MB = 4096
_MB = 1 << 20
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache of pytest-mmedu; see bford.info/cachedir\n"
_FULL = (errno.ENOSPC, errno.EDQUOT)


def default_cache() -> Path:
    """The user's cache folder, as the system has it."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("pytest-mmedu", appauthor=False)) / "runs"


def key_of(*parts: Any) -> str:
    """A name for plain data: equal for equal parts, whatever the order of dict keys, in every process.

    Raises:
        TypeError: a part that is neither plain data, a dataclass of it, nor a path.
    """
    text = json.dumps([_canonical(part) for part in parts], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(value: Any) -> Any:
    """Plain JSON in which 1, 1.0, True and "1" stay different."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, os.PathLike):
        return {"path": Path(value).as_posix()}
    if isinstance(value, bytes):
        return {"bytes": hashlib.sha256(value).hexdigest()}
    if is_dataclass(value) and not isinstance(value, type):
        return {"of": type(value).__name__, "fields": _canonical(asdict(value))}
    if isinstance(value, Mapping):
        return {"dict": sorted(([_canonical(key), _canonical(item)] for key, item in value.items()), key=repr)}
    if isinstance(value, (list, tuple)):
        return [_canonical(item) for item in value]
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


class RunCache:
    """A folder of entries by key. `notes` gathers what a person should know, an entry remade for example."""

    def __init__(self, root: Path, *, limit_mb: int = DEFAULT_LIMIT_MB) -> None:
        self.root = Path(root).expanduser().absolute()
        self.limit_mb = limit_mb
        self.notes: list[Text] = []

    def get_or_make(self, key: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
        """The folder of an entry, and whether it was there already. `make` fills an empty folder.

        What `make` raises goes on to the caller and leaves no entry.

        Raises:
            CacheError: the cache cannot be written, or the disk is full.
        """
        found = self.find(key)
        if found is not None:
            return found, True
        entry = self.root / key
        with self._said_in_a_sentence():
            self._make_root()
        with self._locked(key):
            if self._whole(entry):
                return entry / FILES, True
            self._make(entry, make)
        self._keep_within_limit(entry)
        return entry / FILES, False

    def find(self, key: str) -> Path | None:
        """The folder of a whole entry, else None: no lock, for an entry comes whole, and no permission to write."""
        entry = self.root / key
        if not _as_written(entry):
            return None
        _used_now(entry)
        return entry / FILES

    def _make_root(self) -> None:
        """With the tag by which backups, and our own reading of submissions, know a cache folder."""
        self.root.mkdir(parents=True, exist_ok=True)
        tag = self.root / "CACHEDIR.TAG"
        if not tag.exists():
            with suppress(OSError):  # a cache that can be read but not written still serves
                tag.write_text(_TAG, "ascii")

    def _make(self, entry: Path, make: Callable[[Path], None]) -> None:
        part = entry.with_name(f"{entry.name}.part")
        with self._said_in_a_sentence():
            self._remove(part)
            (part / FILES).mkdir(parents=True)
        try:
            make(part / FILES)
            with self._said_in_a_sentence():
                _write_manifest(part)
                self._remove(entry)
                part.rename(entry)
        finally:
            self._remove(part, missing_ok=True)

    def _whole(self, entry: Path) -> bool:
        """Whether an entry is as it was made; marks it as used."""
        if not entry.exists():
            return False
        if not _as_written(entry):
            self.notes.append(
                Text(
                    f"缓存 {entry.name[:8]} 不完整或被改过，已重新生成。",
                    f"Cache entry {entry.name[:8]} was cut off or edited and has been made anew.",
                )
            )
            return False
        _used_now(entry)
        return True

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        import filelock

        lock = filelock.FileLock(self.root / f"{key}.lock")
        with self._said_in_a_sentence():
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _keep_within_limit(self, newest: Path) -> None:
        """Removes the entries that were not used for the longest time, never the one just made."""
        import filelock

        entries = sorted(self._entries(), key=lambda found: found[1])
        room = self.limit_mb * _MB - sum(size for _, _, size in entries)
        for entry, _, size in entries:
            if room >= 0:
                break
            if entry == newest:
                continue
            with suppress(filelock.Timeout, OSError), filelock.FileLock(f"{entry}.lock", timeout=0):
                self._remove(entry)
                room += size

    def _entries(self) -> Iterator[tuple[Path, float, int]]:
        """Entry, time of last use, bytes."""
        for manifest in self.root.glob(f"*/{MANIFEST}"):
            with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
                files = json.loads(manifest.read_text("utf-8"))["files"]
                size = sum(int(facts["size"]) for facts in files.values())
                yield manifest.parent, manifest.stat().st_mtime, size

    def _remove(self, folder: Path, *, missing_ok: bool = False) -> None:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder, ignore_errors=missing_ok)

    @contextmanager
    def _said_in_a_sentence(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._cannot_use(error) from error

    def _cannot_use(self, error: OSError) -> CacheError:
        if error.errno in _FULL:
            seen = Text(f"缓存 {self.root} 所在的磁盘满了。", f"The disk of the cache {self.root} is full.")
            todo = Text("请清理磁盘，或换一个缓存位置。", "Free some space, or keep the cache elsewhere.")
            return CacheError(seen, todo)
        why = error.strerror or type(error).__name__
        seen = Text(f"不能使用缓存 {self.root}（{why}）。", f"The cache {self.root} cannot be used ({why}).")
        return CacheError(seen, Text("请换一个缓存位置。", "Keep the cache elsewhere."))


def _used_now(entry: Path) -> None:
    with suppress(OSError):  # a cache that can be read but not written still serves
        os.utime(entry / MANIFEST)


def _write_manifest(part: Path) -> None:
    files = {name: _facts(path) for name, path in _files(part / FILES)}
    (part / MANIFEST).write_text(json.dumps({"files": files}, indent=1), "utf-8")


def _as_written(entry: Path) -> bool:
    """Exactly the files of the manifest, with their sizes and checksums."""
    try:
        wanted = json.loads((entry / MANIFEST).read_text("utf-8"))["files"]
        found = dict(_files(entry / FILES))
        sizes = {name: path.stat().st_size for name, path in found.items()}
        if sizes != {name: facts["size"] for name, facts in wanted.items()}:  # cheap, and tells most damage
            return False
        return all(_facts(path) == wanted[name] for name, path in found.items())
    except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return False


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _facts(path: Path) -> dict[str, Any]:
    return {"size": path.stat().st_size, "sha256": sha256_of(path)}


def sha256_of(path: Path) -> str:
    """The checksum of a file, read in blocks: a checkpoint may be larger than the memory. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_MB):
            digest.update(block)
    return digest.hexdigest()
