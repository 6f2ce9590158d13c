"""收集训练结果 | The trainings that a program left in its work area, copied as plain files only.

Everything in them is a claim. Links are not followed, save mmcls's own `latest.pth` to its neighbour.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.text import Text, printable

_LARGEST_FILE = 600_000_000
_LARGEST_SUM = 2_000_000_000
_MOST_FILES = 400
_MOST_RUNS = 50
_MOST_LOOKED_AT = 50_000
_MARKS = re.compile(r".*\.log\.json|(epoch|iter)_\d+\.pth|latest\.pth|best_.+\.pth")
# In this order: what is judged first is kept when there is too much.
_KEPT = (r".*\.log\.json", r"run\.json", r".*\.log", r"best_.+\.pth", r"latest\.pth", r".*\.pth", r".*\.(py|json|txt)")

Stamp = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """One training: where the copy lies, and whether the program says that it ended."""

    folder: str
    finished: bool
    notes: tuple[Text, ...]


def stamps(work: Path) -> dict[str, Stamp]:
    """Size and time of every file: what is different afterwards was written by the program."""
    return {path: (facts.st_size, facts.st_mtime_ns) for path, facts in _plain_files(work)}


def collect(work: Path, before: Mapping[str, Stamp], finished: Collection[str], out: Path) -> list[Found]:
    """Copy each training's folder to `out/0`, `out/1`, …: the oldest first."""
    new = {path for path, stamp in stamps(work).items() if before.get(path) != stamp}
    folders = {str(Path(path).parent) for path in new if _MARKS.fullmatch(Path(path).name)}
    ordered = sorted(folders, key=lambda folder: (_age(folder, new), folder))
    found = []
    for number, folder in enumerate(ordered[:_MOST_RUNS]):
        notes = _copy(Path(folder), new, out / str(number))
        found.append(Found(str(number), folder in finished, tuple(notes)))
    return found


def _age(folder: str, new: Iterable[str]) -> int:
    return max(Path(path).stat().st_mtime_ns for path in new if str(Path(path).parent) == folder)


def _plain_files(work: Path) -> Iterator[tuple[str, os.stat_result]]:
    looked_at = 0
    for folder, _, names in os.walk(work):
        for name in names:
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT:
                return
            path = os.path.join(folder, name)  # noqa: PTH118 - names that are not text must stay as they are
            try:
                facts = os.lstat(path)
            except OSError:
                continue
            if stat.S_ISREG(facts.st_mode):
                yield path, facts


def _copy(folder: Path, new: Collection[str], out: Path) -> list[Text]:
    """The new files of the folder, the important ones first, within the caps."""
    out.mkdir(parents=True)
    names = sorted((path.name for path in folder.iterdir() if _rank(path.name) is not None), key=_order)
    total, left_out = 0, []
    for name in names:
        source = _behind(folder / name)
        if source is None or str(source) not in new:
            continue
        size = source.stat().st_size
        total += size
        if size > _LARGEST_FILE or total > _LARGEST_SUM or len(list(out.iterdir())) >= _MOST_FILES:
            left_out.append(name)
            continue
        shutil.copyfile(source, out / name, follow_symlinks=False)
    return [_left_out(left_out)] if left_out else []


def _behind(path: Path) -> Path | None:
    """The plain file itself, or the one beside it that `latest.pth` names."""
    if path.name == "latest.pth" and path.is_symlink():
        path = path.with_name(path.readlink().name)
    return path if path.is_file() and not path.is_symlink() else None


def _rank(name: str) -> int | None:
    return next((place for place, pattern in enumerate(_KEPT) if re.fullmatch(pattern, name)), None)


def _order(name: str) -> tuple[int, int, str]:
    """Among the epochs the last ones first."""
    number = re.fullmatch(r"(?:epoch|iter)_(\d{1,9})\.pth", name)
    return _rank(name) or 0, -int(number[1]) if number else 0, name


def _left_out(names: list[str]) -> Text:
    shown = printable(names[0], 40)
    return Text(
        f"训练留下的文件太多或太大，有 {len(names)} 个没有收（如 {shown}）。",
        f"The training left too many or too large files; {len(names)} were not collected ({shown} for one).",
    )
