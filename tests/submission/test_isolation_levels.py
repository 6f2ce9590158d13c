"""Levels of isolation: which one is chosen, what is said of each, and what an open box is told from a closed one by."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.levels_view import show_levels
from pytest_mmedu.submission.isolation import places
from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
from pytest_mmedu.submission.isolation.landlock import landlock
from pytest_mmedu.submission.isolation.levels import LEVELS, OF_A_PROCESS, RUNNING, strength, told
from pytest_mmedu.submission.isolation.preflight import fly
from pytest_mmedu.submission.isolation.remedies import IN_A_CONTAINER, INSTALL, let_bubblewrap_work
from pytest_mmedu.submission.isolation.trying import NO_BUBBLEWRAP
from pytest_mmedu.submission.process import ProcessLevel
from pytest_mmedu.text import Text

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


def test_the_order_of_the_levels() -> None:
    assert sorted(LEVELS, key=strength, reverse=True) == ["artefacts", "container", "namespaces", "landlock", "process"]


def test_what_is_told_of_a_level() -> None:
    assert told({"files": "verified", "network": "verified", "processes": "watched"}) == Text(
        "已验证：文件、网络；监视：进程", "verified: files, network; watched: processes"
    )
    assert told(OF_A_PROCESS) == Text(
        "监视：进程、内存、磁盘；不保护：文件、网络", "watched: processes, memory, disk; not provided: files, network"
    )
    assert told({}) == Text("", "")


def boxes_with(*holding: str) -> Boxes:
    """As if each level had been tried: those named hold, the others do not."""
    boxes = Boxes()
    for level in RUNNING:
        missing = Tried(level, missing=NO_BUBBLEWRAP, remedy=INSTALL)
        boxes._tried[level] = Tried(level, ProcessLevel()) if level in holding else missing
    return boxes


@pytest.mark.parametrize(
    ("holding", "asked", "least", "chosen"),
    [
        (("namespaces", "landlock", "process"), "auto", "process", "namespaces"),
        (("landlock", "process"), "auto", "process", "landlock"),
        (("container", "namespaces", "process"), "auto", "process", "namespaces"),  # as good, and sooner
        (("container", "landlock", "process"), "auto", "process", "container"),
        (("container", "namespaces", "process"), "auto", "container", "container"),
        (("container", "landlock", "process"), "auto", "namespaces", "container"),
        (("namespaces", "process"), "auto", "container", "artefacts"),
        (("namespaces", "process"), "namespaces", "container", "artefacts"),
        (("process",), "auto", "process", "process"),
        (("process",), "auto", "landlock", "artefacts"),
        (("landlock", "process"), "auto", "namespaces", "artefacts"),
        (("namespaces", "process"), "process", "process", "process"),
        (("namespaces", "process"), "process", "landlock", "artefacts"),
        (("namespaces", "process"), "namespaces", "landlock", "namespaces"),
        (("landlock", "process"), "namespaces", "process", "artefacts"),  # never the next one instead of the one asked
        (("namespaces", "process"), "artefacts", "process", "artefacts"),
        (("namespaces", "process"), "auto", "artefacts", "artefacts"),
        (("namespaces", "process"), "process", "artefacts", "artefacts"),
    ],
)
def test_the_level_that_is_chosen(holding: tuple[str, ...], asked: str, least: str, chosen: str) -> None:
    tried = boxes_with(*holding).choose(asked, least)
    assert tried.level == chosen
    assert (tried.box is None) == (tried.refused is not None) == (chosen == "artefacts")


def test_a_refusal_that_somebody_chose_is_no_fault_of_the_machine() -> None:
    boxes = boxes_with("process")
    refusals = [boxes.choose(*asked).refused for asked in (("artefacts", "process"), ("auto", "artefacts"))]
    assert [refused and refused.chosen for refused in refusals] == [True, True]
    missing = boxes.choose("auto", "namespaces").refused
    assert missing is not None
    assert not missing.chosen


def test_every_level_that_would_do_is_named_in_a_refusal() -> None:
    refused = boxes_with("process").choose("auto", "landlock").refused
    assert refused is not None
    assert refused.why == Text(
        "没有运行学生的程序：要求隔离级别至少 landlock，这台电脑上不能用："
        "namespaces（没有安装 bubblewrap）、container（没有安装 bubblewrap）、landlock（没有安装 bubblewrap）。",
        "The student's program was not run: isolation of at least landlock is asked for, and this machine has none: "
        "namespaces (bubblewrap is not installed), container (bubblewrap is not installed), "
        "landlock (bubblewrap is not installed).",
    )
    assert refused.remedy == INSTALL


def test_a_level_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes = Boxes()
    first = boxes.tried("landlock")
    monkeypatch.setattr("pytest_mmedu.submission.isolation.trying.fly", None)
    assert boxes.tried("landlock") is first


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's own sockets")
def test_a_box_that_is_none_is_found_out() -> None:
    """The plain process, which protects neither files nor the network: the preflight sees each hole."""
    flight = fly(ProcessLevel())
    assert flight.guarantees == {}
    assert flight.broken == Text(
        "能连出去、能读到外面的文件、能改外面的文件、能碰到外面的进程",
        "connections get out of it, files outside can be read, files outside can be changed, "
        "processes outside can be signalled",
    )


def test_the_preflight_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for level in RUNNING:
        Boxes().tried(level)
    assert list(tmp_path.iterdir()) == []


def test_a_box_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    box = landlock()
    if box is None:
        pytest.skip("no Landlock here")
    monkeypatch.setattr("pytest_mmedu.submission.isolation.landlock._rules", lambda area: "{}")
    broken = fly(box).broken
    assert broken is not None
    assert broken.en.startswith("it does not start: ")
    assert "KeyError" in broken.en


def test_no_folder_around_the_package_can_be_read() -> None:
    """In a checkout it holds the exercises with their tests and solutions."""
    root = Path(__file__).resolve().parents[2]
    assert not any(root.is_relative_to(place) for place in places.readable_places())
    assert root / "pytest_mmedu" in places.readable_places()


def test_doctor_shows_every_level(capsys: pytest.CaptureFixture[str]) -> None:
    boxes = boxes_with()
    boxes._tried["process"] = Tried("process", ProcessLevel(), "", OF_A_PROCESS)
    boxes._tried["landlock"] = Tried("landlock", ProcessLevel(), "Landlock 7", {"files": "verified"})
    show_levels("zh", boxes)
    show_levels("en", boxes)
    assert capsys.readouterr().out == (
        "\n运行学生程序时的隔离（强的在前）：\n"
        "[ ] container     没有安装 bubblewrap。在 Debian、Ubuntu 上运行：apt install bubblewrap。\n"
        "[ ] namespaces    没有安装 bubblewrap。在 Debian、Ubuntu 上运行：apt install bubblewrap。\n"
        "[v] landlock      Landlock 7 · 已验证：文件\n"
        "[v] process       监视：进程、内存、磁盘；不保护：文件、网络\n"
        "\nIsolation of students' programs (the strongest first):\n"
        "[ ] container     Bubblewrap is not installed. On Debian or Ubuntu run: apt install bubblewrap\n"
        "[ ] namespaces    Bubblewrap is not installed. On Debian or Ubuntu run: apt install bubblewrap\n"
        "[v] landlock      Landlock 7 · verified: files\n"
        "[v] process       watched: processes, memory, disk; not provided: files, network\n"
    )


@pytest.mark.parametrize(
    ("name", "value", "command"),
    [
        ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "apt install apparmor-profiles && cp /usr/share/apparmor/extra-profiles/bwrap-userns-restrict "
            "/etc/apparmor.d/ && apparmor_parser -r /etc/apparmor.d/bwrap-userns-restrict",
        ),
    ],
)
def test_what_lets_bubblewrap_work(tmp_path: Path, name: str, value: str, command: str) -> None:
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")
    assert let_bubblewrap_work(tmp_path) == Text(f"请用管理员身份运行：{command}", f"Run as administrator: {command}")
    (tmp_path / name).write_text(f"{1 - int(value)}\n", encoding="utf-8")
    assert let_bubblewrap_work(tmp_path) == IN_A_CONTAINER
