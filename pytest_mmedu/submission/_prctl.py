"""对自己进程的要求 | What a process asks Linux for about itself: prctl(2). Each tells whether it was granted."""

from __future__ import annotations

import ctypes

_PDEATHSIG, _DUMPABLE, _SUBREAPER = 1, 4, 36  # <linux/prctl.h>


def end_with_parent(signal_number: int) -> bool:
    """The parent's end, however sudden, sends this signal."""
    return _asked(_PDEATHSIG, signal_number)


def adopt_orphans(wanted: bool = True) -> bool:
    """Whatever is left without a parent below this process becomes its child."""
    return _asked(_SUBREAPER, int(wanted))


def be_readable(wanted: bool) -> bool:
    """Whether other processes of the same user may look into this one."""
    return _asked(_DUMPABLE, int(wanted))


def _asked(what: int, value: int) -> bool:
    granted: int = ctypes.CDLL(None).prctl(what, value, 0, 0, 0)
    return granted == 0
