"""系统的限额 | The system's own limits, set in the process that is going to run the student's program."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import suppress


def set_limits(limits: Mapping[str, int]) -> None:
    """{"FSIZE": bytes, …}: each a name of RLIMIT_…; never above what is in force already."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or value < hard:
            with suppress(OSError, ValueError):  # macOS refuses some
                resource.setrlimit(kind, (value, value))
    if sys.platform == "linux":
        from pytest_mmedu.submission.isolation._kernel_rules import forbid_hidden_memory, forbid_what_lasts

        forbid_what_lasts()
        if "AS" in limits:
            forbid_hidden_memory()
