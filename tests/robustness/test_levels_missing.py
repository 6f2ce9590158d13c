"""Machines that lack a box or forbid it: the next one is used and stated, or nothing is run; never a weaker one."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from .conftest import HONEST, Machine
from .sessions import graded

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="filters of calls are Linux's own")
CONTAINER = Path(__file__).with_name("container.py")


def in_container(*kinds: str) -> list[str]:
    """What refuses these to the command that follows, as a container's own filter does."""
    return [sys.executable, str(CONTAINER), ",".join(kinds), "--"]


@pytest.mark.train
def test_an_honest_one_gets_everything(machine: Machine) -> None:
    machine.write_exercise(seconds=60.0, memory_mb=2048)
    ended = graded(machine, machine.folder / "class" / "honest")
    assert (ended.code, ended.report.score, ended.report.refused) == (0, 100.0, None)
    assert ended.report.isolation in ("container", "namespaces", "landlock", "process")
    assert set(ended.report.guarantees) == {"files", "network", "processes", "memory", "disk"}


def hand_in_a_run(machine: Machine) -> Path:
    """A program that would leave a mark, with the log of a training beside it."""
    submission = machine.hand_in("case", "open('@TEACHER@/secrets/mark', 'w').write('run')\n")
    (submission / "checkpoints").mkdir()
    rows = (f'{{"mode": "train", "epoch": {n}, "iter": 1, "lr": 0.05, "loss": {2 / n}}}\n' for n in range(1, 7))
    (submission / "checkpoints" / "a.log.json").write_text("".join(rows), encoding="utf-8")
    return submission


def test_s13_without_a_box_that_is_strong_enough_nothing_is_run(machine: Machine, tmp_path: Path) -> None:
    """The path leads to no bubblewrap; what was handed in beside the program is graded all the same."""
    machine.write_exercise(least="namespaces")
    ended = graded(machine, hand_in_a_run(machine), env={"PATH": str(tmp_path)})
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (ended.code, ended.report.score, ended.report.isolation) == (1, 100.0, "artefacts")
    assert ended.report.refused is not None
    assert ended.report.refused.zh == (
        "没有运行学生的程序：要求隔离级别至少 namespaces，这台电脑上不能用："
        "namespaces（没有安装 bubblewrap）、container（没有安装 podman 或 docker）。"
        "在 Debian、Ubuntu 上运行：apt install bubblewrap。"
    )
    assert ended.report.refused.en == (
        "The student's program was not run: isolation of at least namespaces is asked for, and this machine has none: "
        "namespaces (bubblewrap is not installed), container (neither podman nor docker is installed). "
        "On Debian or Ubuntu run: apt install bubblewrap"
    )


@LINUX
def test_s13_without_any_box_nothing_is_run(machine: Machine, tmp_path: Path) -> None:
    """Neither bubblewrap nor Landlock: as on an old kernel without the package."""
    machine.write_exercise(least="landlock")
    submission = hand_in_a_run(machine)
    ended = graded(machine, submission, env={"PATH": str(tmp_path)}, within=in_container("landlock"))
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (ended.code, ended.report.score, ended.report.isolation) == (1, 100.0, "artefacts")
    assert ended.report.refused is not None
    assert ended.report.refused.zh == (
        "没有运行学生的程序：要求隔离级别至少 landlock，这台电脑上不能用："
        "namespaces（没有安装 bubblewrap）、container（没有安装 podman 或 docker）、landlock（系统内核没有 Landlock）。"
        "在 Debian、Ubuntu 上运行：apt install bubblewrap。"
    )
    assert ended.report.refused.en == (
        "The student's program was not run: isolation of at least landlock is asked for, and this machine has none: "
        "namespaces (bubblewrap is not installed), container (neither podman nor docker is installed), "
        "landlock (the system's kernel has no Landlock). "
        "On Debian or Ubuntu run: apt install bubblewrap"
    )


def test_s13_without_a_box_and_with_nothing_beside_the_program(machine: Machine, tmp_path: Path) -> None:
    machine.write_exercise(least="namespaces")
    ended = graded(machine, machine.folder / "class" / "honest", env={"PATH": str(tmp_path)})
    assert (ended.code, ended.report.score) == (1, 0.0)
    assert [test.outcome for test in ended.report.tests] == ["error", "error"]
    assert "bubblewrap is not installed" in ended.report.tests[0].results[0].seen.en


def test_a_level_below_the_exercise_s_own_is_not_used(machine: Machine) -> None:
    machine.write_exercise(least="namespaces")
    ended = graded(machine, hand_in_a_run(machine), "--mmedu-isolation=process")
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (ended.code, ended.report.isolation) == (1, "artefacts")
    assert ended.report.refused is not None
    assert ended.report.refused.zh == (
        "没有运行学生的程序：练习要求隔离级别至少 namespaces，设置的 process 比它弱。"
        "请去掉 --mmedu-isolation 这项设置，或设为 auto。"
    )
    assert ended.report.refused.en == (
        "The student's program was not run: the exercise wants isolation of at least namespaces, and process, "
        "which was set, is weaker. Drop --mmedu-isolation, or set it to auto."
    )


def test_only_what_was_handed_in_where_that_is_wanted(machine: Machine) -> None:
    ended = graded(machine, hand_in_a_run(machine), "--mmedu-isolation=artefacts")
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (ended.code, ended.report.score, ended.report.isolation, ended.report.refused) == (
        0,
        100.0,
        "artefacts",
        None,
    )
    assert ended.report.notes[-1].zh == "程序没有运行，成绩来自交上来的日志和权重。"
    assert (
        ended.report.notes[-1].en
        == "The program was not run: the score comes from the log and weights that were handed in."
    )


def test_an_exercise_that_runs_no_program_takes_logs_alone(machine: Machine) -> None:
    machine.write_exercise(least="artefacts")
    submission = hand_in_a_run(machine)
    (submission / "homework.py").unlink()
    ended = graded(machine, submission)
    assert (ended.code, ended.report.score, ended.report.isolation, ended.report.refused) == (
        0,
        100.0,
        "artefacts",
        None,
    )


@LINUX
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
@pytest.mark.parametrize(
    ("forbidden", "least", "level"),
    [
        (("namespaces",), "landlock", "landlock"),
        (("namespaces",), "namespaces", "artefacts"),
        (("namespaces", "landlock"), "landlock", "artefacts"),
        (("namespaces", "landlock"), "process", "process"),
    ],
)
def test_s14_where_bubblewrap_is_forbidden(
    machine: Machine, forbidden: tuple[str, ...], least: str, level: str
) -> None:
    """bwrap is there and of no use, as in a container and on hosted runners: the next level, stated, or none."""
    if level == "landlock" and machine.boxes.tried("landlock").box is None:
        pytest.skip("there is no Landlock here")
    run = level != "artefacts"
    machine.write_exercise(least=least, asks="function")
    mark = "" if run else "open('@TEACHER@/secrets/mark', 'w').close()\n"
    ended = graded(machine, machine.hand_in("case", HONEST + mark), within=in_container(*forbidden))
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (ended.code, ended.report.score, ended.report.isolation) == ((0, 100.0, level) if run else (1, 0.0, level))
    assert (ended.report.refused is None) == run
    if not run:
        assert "namespaces (it does not start: " in ended.report.refused.en
