"""继承的配置 | A config with its `_base_` parents: those handed in, and those that come with mmcls.

A parent that is neither is "inherited, unknown": whatever may come from it is not guessed at.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from pytest_mmedu.asked import NOT_PLAIN
from pytest_mmedu.config_tree import ConfigTree, Node, Table
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.config.formats import OneFile, read_form
from pytest_mmedu.submission.config.merging import merged, resolved
from pytest_mmedu.submission.source import Source, read_source
from pytest_mmedu.text import Text, printable

_MOST_FILES = 50
_MOST_TEXT = 2_000_000  # characters in all
_SHIPPED = "mmcls:"
_PACKAGED = re.compile(r"[\w.]+::")
_NEWER = ("optim_wrapper", "train_dataloader", "train_cfg", "val_evaluator", "param_scheduler", "default_hooks")


@dataclass
class _Reader:
    """`folder` is the submission; with `alone` nothing beside the one file belongs to it."""

    folder: Path
    alone: bool = False
    chain: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    files: int = 0
    text: int = 0
    newer: bool = False

    def read(self, source: Source, shown: str, where: _Where) -> Table:
        """One file over its parents."""
        if where.key in self.chain:
            raise _circle(self.chain[self.chain.index(where.key) :], shown)
        self._count(source, shown)
        one = read_form(source)
        self.newer = self.newer or any(name in one.table.entries for name in _NEWER)
        self.chain.append(where.key)
        base = self._base(one, where)
        self.chain.pop()
        table = resolved(one.table, base)
        assert isinstance(table, Table)
        return merged(table, base)

    def _base(self, one: OneFile, where: _Where) -> Table:
        entries: dict[str, Node] = {}
        why = NOT_PLAIN if one.unreadable_bases else None
        for name in one.bases:
            found = self._find(name, where)
            if found is None:
                self.unknown.append(name)
                why = why or _inherited(name)
                continue
            table = self.read(read_source(found.path, found.shown), found.shown, found)
            entries.update(table.entries)
            why = why or table.open
        return Table(entries, None, why)

    def _count(self, source: Source, shown: str) -> None:
        self.files += 1
        self.text += len(source.text)
        if self.files > _MOST_FILES or self.text > _MOST_TEXT:
            seen = Text("配置继承的文件太多。", "The config has too many parents.")
            todo = Text("_base_ 只写需要的几个文件。", "Name in _base_ the few files that are needed.")
            raise SubmissionError(seen, todo, place=shown)

    def _find(self, name: str, where: _Where) -> _Where | None:
        if "\0" in name:
            return None
        path = name.replace("\\", "/")
        package = _PACKAGED.match(path)
        if package is None and not where.shipped and not self.alone:
            found = self._handed_in(path, where)
            if found is not None:
                return found
        return self._shipped(path[package.end() :] if package else path, where)

    def _handed_in(self, path: str, where: _Where) -> _Where | None:
        """A plain file of the submission; never one outside of it, never through a link."""
        if path.startswith("/") or re.match(r"[A-Za-z]:", path):
            return None
        inside = posixpath.normpath(posixpath.join(where.inside, path))
        if inside.startswith(".."):
            return None
        file = self.folder
        for word in inside.split("/"):
            file = file / word
            if file.is_symlink():
                return None
        return _Where(file, printable(inside), posixpath.dirname(inside)) if file.is_file() else None

    def _shipped(self, path: str, where: _Where) -> _Where | None:
        for inside in _inside_mmcls(path, where):
            if self.newer and not inside.startswith("_base_/models/"):
                continue  # of the same name in mmpretrain, and of another content
            file = _mmcls_file(inside)
            if file is not None:
                return _Where(file, f"{_SHIPPED}{inside}", posixpath.dirname(inside), shipped=True)
        return None


@dataclass(frozen=True)
class _Where:
    """A file: how it is shown, and the folder (in the submission, or among mmcls's configs) that it lies in."""

    path: Path
    shown: str
    inside: str
    shipped: bool = False

    @property
    def key(self) -> str:
        return self.shown


def read_config(path: Path, folder: Path, *, alone: bool = False, source: Source | None = None) -> ConfigTree:
    """The config in `path`, a file of the submission `folder`, with its parents merged. Nothing is run.

    Raises:
        SubmissionError: a syntax error in it or in a parent, parents in a circle, more than any config holds.
    """
    inside = path.relative_to(folder).as_posix()
    shown = printable(inside)
    reader = _Reader(folder, alone)
    root = reader.read(source or read_source(path, shown), shown, _Where(path, shown, posixpath.dirname(inside)))
    return ConfigTree(root, shown, tuple(dict.fromkeys(reader.unknown)), None if alone else folder)


def shipped_parent(name: str) -> Path | None:
    """The file that comes with mmcls for a parent that somebody names by its place in mmcls's own configs."""
    path = _PACKAGED.sub("", name.replace("\\", "/"), count=1)
    found = (_mmcls_file(inside) for inside in _inside_mmcls(path, None))
    return next((file for file in found if file is not None), None)


def _inside_mmcls(path: str, where: _Where | None) -> Iterator[str]:
    """Where the file would lie among mmcls's configs: by `_base_`, by `configs`, by its last two names."""
    words = [word for word in path.split("/") if word not in ("", ".", "..")]
    if where is not None and where.shipped:
        yield posixpath.normpath(posixpath.join(where.inside, path))
        return
    for mark, skipped in (("_base_", 0), ("configs", 1)):
        if mark in words:
            yield "/".join(words[words.index(mark) + skipped :])
            return
    if len(words) >= 2:
        yield "/".join(words[-2:])


def _mmcls_file(inside: str) -> Path | None:
    if inside.startswith(("..", "/")):
        return None
    spec = find_spec("mmcls")
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        for folder in (Path(place, ".mim", "configs"), Path(place).parent / "configs"):
            file = folder / inside
            if file.is_file() and file.suffix == ".py":
                return file
    return None


def _inherited(name: str) -> Text:
    shown = printable(name, 60)
    return Text(f"继承自 {shown}，没有交，不知道", f"inherited from {shown}, which was not handed in: unknown")


def _circle(chain: list[str], shown: str) -> SubmissionError:
    names = " → ".join([*chain, shown])
    seen = Text(f"配置互相继承，绕成了圈：{names}。", f"The configs inherit from one another in a circle: {names}.")
    todo = Text("检查每个文件的 _base_。", "Check the _base_ of each file.")
    return SubmissionError(seen, todo, place=shown)
