"""A box for rows about what is said when a program takes too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.limits import Ended, Limits
from pytest_mmedu.submission.process import ProcessLevel


class OnAnIdleMachine(ProcessLevel):
    """On a busy one nobody would know whether it does, and another sentence says so."""

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        ended = super().run(command, area, limits, started=started, heavy=heavy)
        return replace(ended, how="time") if ended.how == "busy" else ended
