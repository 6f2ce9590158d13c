"""自带的数据集 | The data sets that come with the kit: found by name, in a checkout and in an installed wheel."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import DatasetError
from pytest_mmedu.one_computer import of_one_computer
from pytest_mmedu.text import Text, listing, printable

_PACKAGE = Path(__file__).resolve().parent.parent
# The wheel carries the folder inside the package; in a checkout it lies beside the package.
# Where a program is graded: the folder that stands for a shipped data set, with some of its pictures held back, or for
# a place on the computer of whoever wrote the program.
INSTEAD: dict[str, Path] = {}
_PLACES = (_PACKAGE / "datasets_tiny", _PACKAGE.parent / "datasets_tiny")


@dataclass(frozen=True)
class DataCard:
    """What `data.toml` says about a shipped data set. `pictures` is the count per split."""

    name: str
    title: Text
    classes: tuple[str, ...]
    pictures: dict[str, int]
    picture: str
    licence: str
    source: str
    changes: str
    script: str
    fingerprint: str


@cache
def _folders() -> dict[str, Path]:
    for place in _PLACES:
        found = {card.parent.name: card.parent for card in sorted(place.glob("*/data.toml"))}
        if found:
            return found
    return {}


def shipped_datasets() -> tuple[str, ...]:
    """The names that `find_dataset` knows."""
    return tuple(_folders())


def data_card(name: str) -> DataCard:
    """Title, licence and source of a shipped data set."""
    from pytest_mmedu import toml_text

    facts = toml_text.parse((_folders()[name] / "data.toml").read_text("utf-8"))
    title = Text(facts.pop("title_zh"), facts.pop("title_en"))
    return DataCard(title=title, classes=tuple(facts.pop("classes")), **facts)


def find_dataset(name_or_path: str | os.PathLike[str]) -> Path:
    """The folder meant: a real one first, then a shipped data set of that name. DatasetError -201 or -101 else."""
    if not isinstance(name_or_path, (str, os.PathLike)) or not str(name_or_path).strip():
        raise _not_a_path(name_or_path)
    if str(name_or_path) in INSTEAD and of_one_computer(str(name_or_path)):
        return INSTEAD[str(name_or_path)]  # even if this computer happens to have such a place as well
    folder = Path(name_or_path).expanduser()
    try:
        if folder.is_dir():
            return folder
        is_file = folder.is_file()
    except (OSError, ValueError):  # too long, or with a NUL: Python before 3.14 raises for some of these
        is_file = False
    if is_file:
        raise _a_file(folder)
    if str(name_or_path) in INSTEAD:
        return INSTEAD[str(name_or_path)]
    if str(name_or_path) in _folders():
        return _folders()[str(name_or_path)]
    raise _no_such_folder(str(name_or_path))


def shipped_dataset(name: str) -> Path:
    """The shipped data set itself, whatever lies in the folder that one works in. DatasetError -101 without it."""
    if name not in _folders():
        raise _no_such_folder(name)
    return _folders()[name]


def shipped_name(folder: Path) -> str | None:
    """The name under which this folder comes with the kit, None where it is somebody's own."""
    return next((name for name, place in _folders().items() if place == folder), None)


def copies(folder: Path, libraries: Iterable[str]) -> tuple[Path, ...]:
    """The folder, and the same shipped data set wherever else it lies: installing a checkout leaves it there twice."""
    name = shipped_name(folder)
    if name is None:
        return (folder,)
    places = (*_PLACES, *(Path(library, _PACKAGE.name, "datasets_tiny") for library in libraries))
    return tuple(dict.fromkeys((folder, *(place / name for place in places if (place / name).is_dir()))))


def _not_a_path(value: Any) -> DatasetError:
    shown = printable(repr(value), 60)
    return DatasetError(
        Text(f"数据集路径收到 {shown}。", f"The path of the data set got {shown}."),
        Text("请把路径写在引号里。", "Write the path in quotes."),
        allowed=Text("应为文件夹路径（字符串）。", "It takes the path of a folder (a string)."),
        code=-201,
    )


def _a_file(path: Path) -> DatasetError:
    shown = printable(str(path))
    todo = Text("请写数据集文件夹的路径。", "Give the path of the data set folder.")
    if path.suffix.lower() in (".zip", ".rar", ".7z", ".gz", ".tar"):
        todo = Text("请先解压，再写解压出来的文件夹。", "Unpack it first, then give the folder.")
    seen = Text(f"{shown} 是文件，不是文件夹。", f"{shown} is a file, not a folder.")
    return DatasetError(seen, todo, code=-101)


def _no_such_folder(path: str) -> DatasetError:
    shown, names = printable(path), listing(shipped_datasets())
    return DatasetError(
        Text(f"找不到数据集文件夹 {shown}。", f"There is no data set folder {shown}."),
        Text(
            "请核对路径；相对路径从运行程序的文件夹算起。",
            "Check the path; a relative one starts at the folder in which the program runs.",
        ),
        allowed=Text(f"自带的数据集有 {names.zh}。", f"The kit brings {names.en}."),
        code=-101,
    )
