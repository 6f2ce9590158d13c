"""子进程说了什么 | What the child process wrote about itself: bounded, parsed strictly, never believed.

Its parameters and its errors are shown as what they are, claims; no verdict hangs on them alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_mmedu.strict_json import plain_bytes
from pytest_mmedu.submission import reasons
from pytest_mmedu.submission.limits import Ended

_LARGEST = 2_000_000  # bytes
_MOST_EVENTS = 500
_ENDS = ("end", "exit", "error", "not started")
_KEPT_LIMITS = ("output",)  # a limit that any machine reaches alike


def read_end(path: Path) -> dict[str, Any] | None:
    """How the program ended, as the child says; None where it says nothing that can be read."""
    claim = _json(plain_bytes(path, _LARGEST))
    if not isinstance(claim, dict) or claim.get("how") not in _ENDS:
        return None
    if claim["how"] == "error" and not isinstance(claim.get("error"), dict):
        return None
    if claim["how"] == "exit" and not isinstance(claim.get("code"), int):
        return None
    return claim


def read_events(path: Path) -> list[dict[str, Any]]:
    """The train() calls and the ended trainings, in order."""
    events = [_json(line) for line in plain_bytes(path, _LARGEST).splitlines()[:_MOST_EVENTS]]
    return [event for event in events if isinstance(event, dict) and _well_formed(event)]


def as_written(event: Mapping[str, Any], work: Path, folder: Path) -> dict[str, Any]:
    """Paths in the run's own `work` area as from the program's `folder`: every run has another area."""
    if event["event"] != "train":
        return dict(event)
    inside = f"{work}{os.sep}"
    params = {
        name: Path(os.path.relpath(value, folder)).as_posix()
        if isinstance(value, str) and value.startswith(inside)
        else value
        for name, value in event["params"].items()
    }
    return {**event, "params": params}


def to_be_kept(ended: Ended, claim: Mapping[str, Any] | None) -> bool:
    """Whether another try would end alike: the clock and the machine must have had no part in it."""
    if ended.how != "exited":
        return ended.how in _KEPT_LIMITS
    if claim is None:
        return ended.code is not None and ended.code >= 0
    return claim["how"] != "not started" and not (claim["how"] == "error" and reasons.is_machines(claim["error"]))


def _well_formed(event: Mapping[str, Any]) -> bool:
    if event.get("event") == "finished":
        return isinstance(event.get("folder"), str)
    if event.get("event") == "replaced":
        return isinstance(event.get("replaced"), dict)
    if event.get("event") == "software":
        return all(isinstance(event.get(name), str) for name in ("mmedu", "version", "why"))
    line_fits = event.get("line") is None or (isinstance(event["line"], int) and 0 < event["line"] < 1_000_000)
    return event.get("event") == "train" and isinstance(event.get("params"), dict) and line_fits


def _json(data: bytes) -> Any:
    """NaN may stand in it: a student's parameter can be that."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
