"""Folders for a while: gone at the end whatever lies in them, and swept where their process was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_mmedu import temporary as module
from pytest_mmedu.temporary import ALIVE, remove, temporary

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="rights and deep folders are POSIX's own")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the system's that no process has swept yet."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def old(folder: Path, *, seconds: float = 0) -> Path:
    os.utime(folder, (seconds, seconds))
    return folder


def test_a_folder_is_there_and_gone(place: Path) -> None:
    with temporary("x") as folder:
        (folder / "a" / "b").mkdir(parents=True)
        (folder / "a" / "b" / "file").write_text("x", "utf-8")
        assert folder.parent == place.resolve()
        assert folder.name.startswith("mmedu-x-")


@POSIX
def test_deeper_than_a_path_may_be_and_without_rights(place: Path) -> None:
    """The loop of a student's program: 3000 folders in one another, each closed behind it."""
    deep = "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(3000):\n    os.mkdir('d')\n    os.chdir('d')\n"
    deep += "    os.chmod('..', 0)\n"
    with temporary("deep") as folder:
        subprocess.run([sys.executable, "-c", deep, str(folder)], check=False)
        assert (folder / "d").is_dir()


def test_what_is_not_in_it_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x", "utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    try:
        (inside / "link").symlink_to(outside, target_is_directory=True)
    except OSError:
        pytest.skip("this system lets no test make links")
    remove(inside)
    assert not inside.exists()
    assert (outside / "kept").read_text("utf-8") == "x"
    remove(outside)


def abandoned(place: Path, name: str, *files: str) -> Path:
    folder = place / name
    folder.mkdir()
    for file in files:
        (folder / file).touch()
        old(folder / file)
    return old(folder)


def test_what_a_killed_process_left_is_swept(place: Path) -> None:
    abandoned(place, "mmedu-run-1", ALIVE, "weights.pth")
    abandoned(place, "mmedu-session-2", ALIVE)
    abandoned(place, "mmedu-3")  # killed before it had a lock
    with temporary("x") as folder:
        assert {path.name for path in place.iterdir()} == {folder.name}


def test_what_is_not_ours_or_in_use_stays(place: Path) -> None:
    others = [
        abandoned(place, "mmedu-without-a-lock", "file"),
        abandoned(place, "other-run-1", ALIVE),
    ]
    young = place / "mmedu-young"
    young.mkdir()
    (young / ALIVE).touch()
    with temporary("living") as living:
        old(living / ALIVE)
        module._sweep.cache_clear()  # as another process
        with temporary("x"):
            assert all(folder.exists() for folder in (*others, young, living))
    for folder in (*others, young):
        remove(folder)


@POSIX
def test_a_folder_of_somebody_else_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = abandoned(place, "mmedu-run-1", ALIVE)
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    with temporary("x"):
        assert folder.exists()
    remove(folder)


def test_a_process_that_is_killed_leaves_what_the_next_one_sweeps(place: Path) -> None:
    program = (
        "import os\nfrom pytest_mmedu.temporary import temporary\nwith temporary('x') as folder:\n    os._exit(9)\n"
    )
    environment = {**os.environ, "TMPDIR": str(place), "TEMP": str(place), "TMP": str(place)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=False)
    [left] = place.iterdir()
    old(left / ALIVE)
    with temporary("x"):
        assert not left.exists()
