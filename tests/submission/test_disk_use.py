"""How much a program has written, counted from outside."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pytest_mmedu.submission.disk_use import used_part


@pytest.mark.parametrize(("files", "most", "expected"), [(3, 3, False), (4, 3, True)])
def test_too_many_files(tmp_path: Path, files: int, most: int, expected: bool) -> None:
    for number in range(files):
        (tmp_path / f"{number}.txt").touch()
    assert (used_part([tmp_path], 1, most) > 1) is expected


def test_all_folders_together(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name / "deep").mkdir(parents=True)
        (tmp_path / name / "deep" / "file").write_bytes(os.urandom(700_000))
    assert 0.6 < used_part([tmp_path / "a"], 1, 99) < 0.8
    assert used_part([tmp_path / "a", tmp_path / "b"], 1, 99) > 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a file with holes takes")
def test_a_hole_takes_nothing(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 30)
    assert used_part([tmp_path], 1, 9) < 0.2


def test_a_link_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "large").write_bytes(os.urandom(2_000_000))
    try:
        (tmp_path / "inside" / "link").symlink_to(tmp_path)
    except OSError:
        pytest.skip("this system lets no test make links")
    assert used_part([tmp_path / "inside"], 1, 9) < 0.2


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    assert used_part([tmp_path / "gone"], 1, 9) == 0
