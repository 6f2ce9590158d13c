"""等进程结束 | Waits for a process to end: at once where the system tells, else by looking again and again."""

from __future__ import annotations

import os
import subprocess
import sys


def wait_for(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether it has ended, after so many seconds at most. Popen.wait sleeps for up to 50 ms at a time."""
    told = _told_by_the_system(child, seconds)
    if told is not None:
        return told
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _told_by_the_system(child: subprocess.Popen[bytes], seconds: float) -> bool | None:
    """None where the system has no handle for a process; Linux has."""
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return None
    import select

    try:
        handle = os.pidfd_open(child.pid)
    except OSError:
        return None
    try:
        ends = select.poll()
        ends.register(handle, select.POLLIN)
        ends.poll(seconds * 1000)
    finally:
        os.close(handle)
    return child.poll() is not None
