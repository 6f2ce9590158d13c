"""怎样得到更强的隔离 | What to type so that a level works on this machine: the reason is looked up, not guessed.

Nothing is changed here; the commands are for the teacher to run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_mmedu.text import Text

SETTINGS = Path("/proc/sys")
INSTALL = Text("在 Debian、Ubuntu 上运行：apt install bubblewrap。", "On Debian or Ubuntu run: apt install bubblewrap")
INSTALL_PODMAN = Text("在 Debian、Ubuntu 上运行：apt install podman。", "On Debian or Ubuntu run: apt install podman")
LET_CONTAINERS_START = Text(
    "请先让 podman run 或 docker run 在这台电脑上能用（服务已启动，用户有权限）。",
    "Make podman run or docker run work on this machine first (its service started, this user allowed).",
)
NEWER_KERNEL = Text(
    "需要 Linux 5.13 或更新的内核，并且启用 Landlock。", "It takes Linux 5.13 or newer, with Landlock switched on."
)
IN_A_CONTAINER = Text(
    "如果这是容器：它的限制不让 bubblewrap 工作，请用 landlock 级别，或在容器外批改。",
    "If this is a container, its own limits forbid it: use the level landlock, or grade outside of the container.",
)
_PROFILE = "bwrap-userns-restrict"
# A setting of the kernel, the value that forbids unprivileged namespaces, and what allows them.
_FORBIDDING: Sequence[tuple[str, str, str]] = (
    (
        "kernel/apparmor_restrict_unprivileged_userns",
        "1",
        f"apt install apparmor-profiles && cp /usr/share/apparmor/extra-profiles/{_PROFILE} /etc/apparmor.d/ "
        f"&& apparmor_parser -r /etc/apparmor.d/{_PROFILE}",
    ),
    ("kernel/unprivileged_userns_clone", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
    ("user/max_user_namespaces", "0", "sysctl -w user.max_user_namespaces=10000"),
)


def let_bubblewrap_work(settings: Path = SETTINGS) -> Text:
    """For a bubblewrap that is installed and does not start."""
    for name, forbidding, command in _FORBIDDING:
        if _read(settings / name) == forbidding:
            return Text(f"请用管理员身份运行：{command}", f"Run as administrator: {command}")
    return IN_A_CONTAINER


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
