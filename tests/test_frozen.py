"""A run folder after its program's end: whatever happens to a file of it is noticed, whoever did it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.cache import sha256_of
from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.frozen import Frozen
from pytest_mmedu.run import Run, read_run

LOG, WEIGHTS = "1.log.json", "epoch_1.pth"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    folder = tmp_path / "run"
    folder.mkdir()
    for name in (LOG, WEIGHTS):
        (folder / name).write_text(f"{name} as it was", encoding="utf-8")
    return read_run(folder, digests={path.name: sha256_of(path) for path in folder.iterdir()})


def frozen(run: Run) -> Frozen:
    assert run.frozen is not None
    return run.frozen


def edited(folder: Path) -> None:
    """As long as before, and as old."""
    facts = (folder / LOG).stat()
    (folder / LOG).write_text(f"{LOG} as it waS", encoding="utf-8")
    os.utime(folder / LOG, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def linked(folder: Path) -> None:
    (folder / WEIGHTS).rename(folder.parent / "elsewhere.pth")
    (folder / WEIGHTS).symlink_to(folder.parent / "elsewhere.pth")


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, and the time of a change, need POSIX")
CHANGES = [
    pytest.param(edited, LOG, id="edited", marks=POSIX),
    pytest.param(lambda folder: (folder / LOG).unlink(), LOG, id="gone"),
    pytest.param(lambda folder: (folder / "2.log.json").write_text("{}", encoding="utf-8"), "2.log.json", id="new"),
    pytest.param(linked, WEIGHTS, id="a link to the same", marks=POSIX),
]


@pytest.mark.parametrize(("change", "name"), CHANGES)
@pytest.mark.parametrize("looked_before", [True, False])
def test_a_change_is_named(run: Run, change: Callable[[Path], None], name: str, looked_before: bool) -> None:
    if looked_before:
        assert frozen(run).changed() is None
    change(run.folder)
    assert frozen(run).changed() == name


def test_what_was_put_back_has_been_changed_all_the_same(run: Run) -> None:
    before = (run.folder / LOG).read_bytes()
    (run.folder / LOG).write_bytes(b"another log")
    assert frozen(run).changed() == LOG
    (run.folder / LOG).write_bytes(before)
    assert frozen(run).changed() == LOG


def test_a_folder_that_is_gone(run: Run) -> None:
    for path in run.folder.iterdir():
        path.unlink()
    run.folder.rmdir()
    assert frozen(run).changed() is not None


def test_every_check_of_a_changed_run_says_so_and_gives_nothing(run: Run) -> None:
    assert CHECKS["log_exists"](Subject(run=run)).outcome == "failed"
    edited(run.folder)
    for name in ("log_exists", "checkpoints_exist", "weights_readable"):
        result = CHECKS[name](Subject(run=run))
        assert (result.outcome, result.share, result.place) == ("error", 0.0, LOG)
        assert result.seen.zh == "程序结束之后 1.log.json 被改动了"
        assert result.seen.en == "1.log.json was changed after the program had ended"
    assert result.hint is not None
    assert result.hint.zh == "请再批改一次；还是这样，就查一查哪个程序在改批改用的文件夹。"
    assert (
        result.hint.en == "Grade again; if it stays so, find out which program writes into the folders of the grading."
    )


def test_a_run_that_no_students_program_made_is_not_watched(tmp_path: Path) -> None:
    assert read_run(tmp_path).frozen is None
