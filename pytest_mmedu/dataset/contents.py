"""数据集里有哪些文件 | Which files an image folder holds: names only, no picture is opened. And their fingerprint."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text, printable

SPLITS = ("training_set", "val_set", "test_set")
TEXT_FILES = ("classes.txt", "val.txt", "test.txt")
# What mmcls takes for a picture; the case does not matter.
SUFFIXES = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif")
_SYSTEM = {"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin"}


@dataclass
class Listing:
    """One split. `by_class`: folder name -> names of the pictures, relative to that folder, in order.

    ignored  what systems and editors leave behind, by name
    others   files that are no pictures by their name, relative to the split
    loose    files that lie in no class folder
    """

    folder: Path
    exists: bool = False
    by_class: dict[str, list[str]] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)
    others: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)


def list_split(root: Path, split: str) -> Listing:
    """What lies in `root/split`; a split that is not there has `exists` False and nothing else."""
    found = Listing(root / split, (root / split).is_dir())
    if not found.exists:
        return found
    for entry in _entries(found.folder):
        if _is_system(entry.name):
            found.ignored[entry.name] += 1
        elif _leads_to(entry.is_dir):
            found.by_class[entry.name] = sorted(_pictures(entry.name, found))
        else:
            found.loose.append(entry.name)
    return found


def _pictures(name: str, found: Listing) -> Iterator[str]:
    """The pictures below one class folder. Deeper folders count, as in mmcls; links to folders are not followed."""
    waiting = [""]
    while waiting:
        inner = waiting.pop()
        for entry in _entries(found.folder / name / inner):
            path = inner + entry.name
            if _is_system(entry.name):
                found.ignored[entry.name] += 1
            elif entry.name.lower().endswith(SUFFIXES) and _leads_to(entry.is_file):
                yield path
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(f"{path}/")
            else:
                found.others.append(f"{name}/{path}")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise unreadable(folder, error) from error


def _leads_to(kind: Callable[[], bool]) -> bool:
    """A link in a circle is neither a file nor a folder; asking it raises."""
    try:
        return kind()
    except OSError:
        return False


def _is_system(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM


def unreadable(path: Path, error: OSError) -> DatasetError:
    """The system refuses a file or a folder of the data set."""
    shown, why = printable(str(path)), error.strerror or type(error).__name__
    seen = Text(f"打不开 {shown}（{why}）。", f"Cannot open {shown} ({why}).")
    todo = Text("请核对文件是否存在、是否允许读取。", "Check that it is there and that you may read it.")
    return DatasetError(seen, todo, code=-201)


def fingerprint(folder: Path) -> str:
    """Sha256 of everything that a training reads: names of classes, pictures, text files. System files do not count."""
    digest = hashlib.sha256()
    for name in sorted(_counted(folder)):
        content = b"" if name.endswith(b"/") else _content(folder, name)
        digest.update(b"%s\0%d\0" % (name, len(content)))
        digest.update(content)
    return digest.hexdigest()


def _counted(folder: Path) -> Iterator[bytes]:
    """Relative names with "/", as bytes: their order is then the same on every system. Folders end in "/"."""
    for name in TEXT_FILES:
        if (folder / name).is_file():
            yield name.encode()
    for split in SPLITS:
        for name, pictures in list_split(folder, split).by_class.items():
            head = f"{split}/{name}/"
            yield head.encode("utf-8", "surrogatepass")
            for picture in pictures:
                yield (head + picture).encode("utf-8", "surrogatepass")


def _content(folder: Path, name: bytes) -> bytes:
    path = folder / name.decode("utf-8", "surrogatepass")
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
