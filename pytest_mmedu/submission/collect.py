"""收集训练结果 | The trainings that a program left in its work area, copied as plain files only.

Everything in them is a claim. Links are not followed, save mmcls's own `latest.pth` to its neighbour.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.cache import sha256_of
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
    """A folder with a training: where the copy lies, and which of the trainings that ended saved there, from 0.

    `digests` freezes it: the sha256 of each file at the moment in which it was collected.
    """

    folder: str
    turns: tuple[int, ...]
    notes: tuple[Text, ...]
    digests: Mapping[str, str]

    @property
    def finished(self) -> bool:
        return bool(self.turns)


def stamps(work: Path) -> dict[str, Stamp]:
    """Size and time of every file: what is different afterwards was written by the program."""
    return {path: (facts.st_size, facts.st_mtime_ns) for path, facts in _plain_files(work)}


def collect(work: Path, before: Mapping[str, Stamp], finished: Collection[str], out: Path) -> list[Found]:
    """Copy each training's folder to `out/0`, `out/1`, …: the oldest first. `finished`: where each one saved."""
    new = {path for path, stamp in stamps(work).items() if before.get(path) != stamp}
    folders = {str(Path(path).parent) for path in new if _MARKS.fullmatch(Path(path).name)}
    ordered = sorted(folders, key=lambda folder: (_age(folder, new), folder))[:_MOST_RUNS]
    moved = _moved(ordered, finished)
    found, room = [], _LARGEST_SUM
    for number, folder in reversed(list(enumerate(ordered))):  # the last one is judged before all others
        copied, notes = _copy(Path(folder), new, out / str(number), room)
        room -= sum(size for _, size in copied.values())
        turns = tuple(turn for turn, saved in enumerate(finished) if moved.get(saved, saved) == folder)
        found.append(Found(str(number), turns, tuple(notes), {name: digest for name, (digest, _) in copied.items()}))
    return found[::-1]


def _moved(folders: Collection[str], finished: Collection[str]) -> dict[str, str]:
    """Where a program moved its trainings afterwards: as many folders are gone as there are that nobody saved to."""
    gone = list(dict.fromkeys(folder for folder in finished if folder not in folders))
    new = [folder for folder in folders if folder not in finished]
    return dict(zip(gone, new, strict=True)) if len(gone) == len(new) else {}


def _age(folder: str, new: Iterable[str]) -> int:
    return max(Path(path).stat().st_mtime_ns for path in new if str(Path(path).parent) == folder)


def _plain_files(work: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Without recursion: folders may lie in one another by the thousand."""
    looked_at, waiting = 0, [os.fspath(work)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                looked_at += 1
                if looked_at > _MOST_LOOKED_AT:
                    return
                with suppress(OSError):
                    facts = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(facts.st_mode):
                        waiting.append(entry.path)
                    elif stat.S_ISREG(facts.st_mode):
                        yield entry.path, facts


def _copy(folder: Path, new: Collection[str], out: Path, room: int) -> tuple[dict[str, tuple[str, int]], list[Text]]:
    """The new files of the folder, the important ones first, within the caps; the checksum and the size of each.

    Sizes as they are read: a file that is one large hole takes no place until somebody copies it.
    """
    out.mkdir(parents=True)
    names = sorted((path.name for path in folder.iterdir() if _rank(path.name) is not None), key=_order)
    copied: dict[str, tuple[str, int]] = {}
    left_out = []
    for name in names:
        source = _behind(folder / name)
        if source is None or str(source) not in new:
            continue
        size = source.stat().st_size
        if size > min(_LARGEST_FILE, room) or len(copied) >= _MOST_FILES:
            left_out.append(name)
            continue
        shutil.copyfile(source, out / name, follow_symlinks=False)
        copied[name] = sha256_of(out / name), size
        room -= size
    return copied, [_left_out(left_out)] if left_out else []


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
