"""自己的 cgroup | Where this process's own control group lies, and whether groups may be made below it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

CONTROLLERS = frozenset({"memory", "pids"})
GRADERS = "mmedu-graders"  # see control_groups
_MEMBERSHIP, _MOUNTS = Path("/proc/self/cgroup"), Path("/proc/self/mountinfo")
_SYSTEMD = Path("/run/systemd/system")
_ESCAPED = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class NotLimited:
    """The kernel's limits are not to be had. `may_not`: it has them, and this process may not set them."""

    may_not: bool


def graders_cgroup() -> Path | NotLimited:
    """The group that graders may make theirs in; whether the kernel lets them is another question."""
    if sys.platform != "linux":
        return NotLimited(may_not=False)
    try:
        own = own_cgroup(_MEMBERSHIP.read_text("utf-8"), _MOUNTS.read_text("utf-8"))
        if own is None or not has_controllers(own):
            return NotLimited(may_not=False)
    except (OSError, ValueError):
        return NotLimited(may_not=False)
    base = own.parent if own.name == GRADERS else own
    return base if not _SYSTEMD.exists() or _is_given_away(base) else NotLimited(may_not=True)


def has_controllers(group: Path) -> bool:
    """Whether it can limit what it is to limit: where version 1 does that, version 2 does not."""
    return set((group / "cgroup.controllers").read_text("ascii").split()) >= CONTROLLERS


def _is_given_away(group: Path) -> bool:
    """By systemd, which is in charge of all other groups and may undo at any moment what somebody else sets."""
    return any(_is_marked(folder) for folder in (group, group.parent))


def _is_marked(group: Path) -> bool:
    try:
        return os.getxattr(group, "user.delegate") == b"1"
    except OSError:
        return False


def own_cgroup(membership: str, mounts: str) -> Path | None:
    """From the text of /proc/self/cgroup and of /proc/self/mountinfo; None where no folder of version 2 shows it."""
    own = next((line[3:] for line in membership.splitlines() if line.startswith("0::/")), None)
    if own is None or ".." in PurePosixPath(own).parts:  # outside of what this container sees
        return None
    for root, folder in _mounted(mounts):
        if PurePosixPath(own).is_relative_to(root):
            return Path(folder, PurePosixPath(own).relative_to(root))
    return None


def _mounted(mounts: str) -> Iterator[tuple[str, str]]:
    """The group that each mount of version 2 begins at, and its folder."""
    for line in mounts.splitlines():
        about_mount, _, about_system = line.partition(" - ")
        words = about_mount.split(" ")
        if about_system.startswith("cgroup2 ") and len(words) > 4:
            yield _plain(words[3]), _plain(words[4])


def _plain(name: str) -> str:
    r"""`a\040b` -> `a b`"""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), name)
