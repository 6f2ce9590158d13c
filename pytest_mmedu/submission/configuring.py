"""会改变别的程序的文件 | Files that change how pytest or Python behaves where they lie: in a submission they do not.

They took no part in the grading, and the report says so. Most came along by accident: nobody is accused of anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from pytest_mmedu.submission.plain_files import list_files
from pytest_mmedu.text import Text, listing, printable

_OF_PYTEST = ("conftest.py", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml")
_OF_PYTHON = ("sitecustomize.py", "usercustomize.py")
_OF_MANY = ("pyproject.toml", "setup.cfg", "tox.ini")  # of other tools as well
_PYTEST_S_PART = re.compile(rb"^\s*\[\s*(tool[:.])?pytest\b", re.MULTILINE)
_RUN_AT_START = re.compile(rb"^import[ \t]", re.MULTILINE)  # a line of this kind in a .pth of a site folder is run
_READ = 1 << 16  # bytes
_MOST_NAMED = 20


def takes_no_part(folder: Path, handed_out: Mapping[str, str]) -> tuple[Text, ...]:
    """A note that names such files. `handed_out`: the text of those that students were given, by name."""
    names = sorted({name for name in _candidates(folder) if _configures(folder / name, handed_out)})
    if not names:
        return ()
    shown = listing([*(printable(name, 80) for name in names[:_MOST_NAMED]), *(["…"] if names[_MOST_NAMED:] else [])])
    return (
        Text(
            f"{shown.zh}：这类文件会改变 pytest 或 Python 的行为；它们没有参与批改。",
            f"{shown.en}: such files change how pytest or Python behaves. They took no part in the grading.",
        ),
    )


def _candidates(folder: Path) -> Iterator[str]:
    """By name alone; the hidden ones, and those of an exercise, are not listed as part of the submission."""
    known = (*_OF_PYTEST, *_OF_PYTHON, *_OF_MANY)
    yield from (name for name in known if (folder / name).is_file() and not (folder / name).is_symlink())
    yield from (
        entry.path.as_posix()
        for entry in list_files(folder)[0]
        if entry.path.name.lower() in known or entry.path.suffix.lower() == ".pth"
    )


def _configures(path: Path, handed_out: Mapping[str, str]) -> bool:
    name = path.name.lower()
    if name in handed_out:
        return _beginning(path).replace(b"\r\n", b"\n") != handed_out[name].encode()
    if name in _OF_MANY:
        return _PYTEST_S_PART.search(_beginning(path)) is not None
    if PurePosixPath(name).suffix == ".pth":  # weights have this ending as well
        text = _beginning(path)
        return b"\0" not in text and _RUN_AT_START.search(text) is not None
    return True


def _beginning(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_READ)
    except OSError:
        return b""
