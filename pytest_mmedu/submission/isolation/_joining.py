"""进入盒子 | A process that was started outside enters a box that bubblewrap has made, and gives up what that gave it.

Landlock holds as well what a process that came from outside could still reach: the file that it was started from.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

from pytest_mmedu.submission.isolation._kernel_rules import forbid_privileges, restrict_files

# <linux/sched.h>
SPACES = {
    **{"user": 0x10000000, "mnt": 0x00020000, "pid": 0x20000000, "net": 0x40000000},
    **{"ipc": 0x08000000, "uts": 0x04000000, "cgroup": 0x02000000},
}

_libc = ctypes.CDLL(None, use_errno=True)


def join(process: int, spaces: Sequence[str]) -> None:
    """Into these namespaces of the process that the descriptor names; into its pid namespace comes the next child.

    Raises:
        OSError: the system does not let it be done.
    """
    if _libc.setns(process, sum(SPACES[name] for name in spaces)) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def give_up() -> None:
    """Who enters a user namespace has every capability in it: no one is left, and none can be had again."""
    forbid_privileges()
    restrict_files((), (), [Path("/")])  # what is mounted read-only stays so


def spaces_of(process: int) -> list[str]:
    """The namespaces in which the process is and this one is not."""
    return [name for name in SPACES if _space(process, name) != _space("self", name)]


def _space(process: int | str, name: str) -> str:
    return os.readlink(f"/proc/{process}/ns/{name}")  # noqa: PTH115 - no file, a name
