"""Where this process's own control group lies, read from made files of every kind of machine, and whose it is."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.submission.isolation import own_cgroup as finding
from pytest_mmedu.submission.isolation.own_cgroup import GRADERS, NotLimited, graders_cgroup, own_cgroup

V1 = "32 31 0:29 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
V2 = "31 23 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
HYBRID = V1 + "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
SCOPE = "/user.slice/user-1000.slice/user@1000.service/app.slice/run-7.scope"


@pytest.mark.parametrize(
    ("membership", "mounts", "folder"),
    [
        ("0::/\n", V2, "/sys/fs/cgroup"),
        (f"0::{SCOPE}\n", V2, f"/sys/fs/cgroup{SCOPE}"),
        ("4:memory:/process\n0::/\n", HYBRID, "/sys/fs/cgroup/unified"),
        ("4:memory:/process\n1:cpu:/\n", V1, None),  # version 1 alone
        ("0::/\n", V1, None),  # not mounted
        ("0::/docker/abc\n", V2.replace(" / /sys", " /docker/abc /sys"), "/sys/fs/cgroup"),  # its own part is shown
        ("0::/docker/abc/in\n", V2.replace(" / /sys", " /docker/abc /sys"), "/sys/fs/cgroup/in"),
        ("0::/docker/abcd\n", V2.replace(" / /sys", " /docker/abc /sys"), None),  # another one's part
        ("0::/../other\n", V2, None),  # outside of what this container sees
        ("0::/a\n", V2.replace("/sys/fs/cgroup", "/my\\040groups"), "/my groups/a"),
        ("", "", None),
    ],
)
def test_where_the_own_group_lies(membership: str, mounts: str, folder: str | None) -> None:
    assert own_cgroup(membership, mounts) == (folder and Path(folder))


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path | NotLimited]:
    """What is found where Linux says that the group lies in this folder."""

    def found(
        *, name: str = "graded", controllers: str = "cpu memory pids", systemd: bool = False
    ) -> Path | NotLimited:
        group = tmp_path / name
        group.mkdir(exist_ok=True)
        (group / "cgroup.controllers").write_text(controllers, "ascii")
        for what, text in (("_MEMBERSHIP", f"0::/{name}\n"), ("_MOUNTS", V2.replace("/sys/fs/cgroup", str(tmp_path)))):
            (tmp_path / what).write_text(text, "utf-8")
            monkeypatch.setattr(finding, what, tmp_path / what)
        monkeypatch.setattr(finding, "_SYSTEMD", tmp_path if systemd else tmp_path / "none")
        monkeypatch.setattr("sys.platform", "linux")
        return graders_cgroup()

    return found


def test_the_group_that_graders_share(told: Callable[..., Path | NotLimited], tmp_path: Path) -> None:
    assert told() == tmp_path / "graded"
    assert told(name=GRADERS) == tmp_path  # it was moved there by a grader


def test_a_group_that_limits_nothing_is_none(told: Callable[..., Path | NotLimited]) -> None:
    assert told(controllers="hugetlb") == NotLimited(may_not=False)
    assert told(controllers="") == NotLimited(may_not=False)


@pytest.mark.skipif(not hasattr(os, "getxattr"), reason="files have no such marks on this system")
def test_what_is_systemds_is_left_alone(
    told: Callable[..., Path | NotLimited], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(systemd=True) == NotLimited(may_not=True)
    given = {str(tmp_path / "graded"): b"1"}
    monkeypatch.setattr(os, "getxattr", lambda path, name: given.get(str(path), b"0"))
    assert told(systemd=True) == tmp_path / "graded"
    assert told(systemd=True, name="other") == NotLimited(may_not=True)


def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert graders_cgroup() == NotLimited(may_not=False)
