"""缓存的训练 | A training that is carried out once for the same parameters, pictures and software."""

from __future__ import annotations

import ast
import dataclasses
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.cache import RunCache, key_of, sha256_of
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import Run, read_run
from pytest_mmedu.train.settings import DEFAULTS, Settings
from pytest_mmedu.train.versions import versions

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

# Where a run is saved and read from changes nothing in it; the pictures' content has a fingerprint of its own.
_NOT_OF_THE_RUN = ("save_fold", "dataset")


def cached_train(
    params: TrainParams,
    images: ImageFolder,
    *,
    cache: RunCache,
    settings: Settings = DEFAULTS,
    watch: bool | None = None,
) -> Run:
    """`train()`, or what it left the last time: then `from_cache` is True and torch is not even imported.

    Raises:
        What `train()` raises, and CacheError.
    """

    def make(folder: Path) -> None:
        from pytest_mmedu.train.trainer import train

        train(params, images, folder, settings=settings, watch=watch)

    folder, found = cache.get_or_make(training_key(params, images, settings), make)
    return read_run(folder, from_cache=found)


def training_key(params: TrainParams, images: ImageFolder, settings: Settings) -> str:
    """Everything that decides the numbers of a run: what was asked for, files by content, software, machine type."""
    from pytest_mmedu.dataset import fingerprint

    asked = {name: value for name, value in dataclasses.asdict(params).items() if name not in _NOT_OF_THE_RUN}
    named = (params.checkpoint, settings.resume_from, params.backbone if params.backbone.endswith(".py") else None)
    files = [None if name is None else _content(Path(name)) for name in named]
    machine = {"machine": platform.machine(), "system": platform.system()}
    return key_of("training", asked, settings, files, _listed(images), fingerprint(images.root), versions(), machine)


def _listed(images: ImageFolder) -> dict[str, Any]:
    """Which pictures take part, in their order: a budget may leave some out."""
    splits: dict[str, Any] = {"classes": images.classes}
    for split, samples in images.splits.items():
        splits[split] = [(_place(sample.path, images.root), sample.label) for sample in samples]
    return splits


def _place(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _content(path: Path) -> list[str]:
    """Checksums of a file and of the config files that it builds on; "missing" where training will say so."""
    return [_checksum(file) for file in _with_bases(path, set())]


def _checksum(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError:
        return "missing"


def _with_bases(path: Path, seen: set[Path]) -> Iterator[Path]:
    path = path.expanduser().absolute()
    if path in seen:
        return
    seen.add(path)
    yield path
    if path.suffix == ".py":
        for base in _bases(path):
            yield from _with_bases(path.parent / base, seen)


def _bases(path: Path) -> list[str]:
    """`_base_ = [...]` of a config file, read without running it."""
    try:
        body = ast.parse(path.read_bytes()).body
        found = [
            ast.literal_eval(line.value)
            for line in body
            if isinstance(line, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "_base_" for t in line.targets)
        ]
    except (OSError, SyntaxError, ValueError):
        return []
    names = found[-1] if found else []
    return [names] if isinstance(names, str) else [str(name) for name in names]
