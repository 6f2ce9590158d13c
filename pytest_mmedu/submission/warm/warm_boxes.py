"""热的盒子 | A session's levels with forks of a zygote, tried as such and kept for the sessions that follow.

A grader's sessions are short: one for each submission. What was found of a level lasts as long as the zygote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
from pytest_mmedu.submission.isolation.bubblewrap import NamespacesLevel
from pytest_mmedu.submission.isolation.container import ContainerLevel
from pytest_mmedu.submission.isolation.landlock import LandlockLevel
from pytest_mmedu.submission.isolation.trying import try_level
from pytest_mmedu.submission.process import Confinement, ProcessLevel
from pytest_mmedu.submission.warm.request import Broken
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import Zygotes
from pytest_mmedu.text import Text


class WarmBoxes(Boxes):
    """A level that does not hold when it is warm is tried as it is, and used so."""

    def __init__(self, zygotes: Zygotes) -> None:
        super().__init__()
        self.zygotes = zygotes

    def _try(self, level: str) -> Tried:
        keeper = self.zygotes.of(heavy=False)
        try:
            known = keeper.kept().get(level)
            if known is not None:
                return self._from_json(known)
            found = try_level(level, self._warm)
            if found.box is None and found.tool:
                found = try_level(level)
            keeper.keep({level: _to_json(found)})
        except Broken:
            return try_level(level)
        return found

    def _warm(self, cold: Confinement) -> Confinement:
        return WarmLevel(cold, self.zygotes)

    def _from_json(self, known: Mapping[str, Any]) -> Tried:
        box = None if known["box"] is None else _box(known["level"], known["box"])
        if box is not None and known["warm"]:
            box = self._warm(box)
        missing, remedy = (known[name] and Text.from_json(known[name]) for name in ("missing", "remedy"))
        return Tried(known["level"], box, known["tool"], known["guarantees"], missing, remedy)


_BOXES: Mapping[str, Any] = {
    "container": ContainerLevel,
    "namespaces": NamespacesLevel,
    "landlock": LandlockLevel,
    "process": ProcessLevel,
}


def _box(level: str, known: Mapping[str, Any]) -> Confinement:
    plain = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    box: Confinement = _BOXES[level](**plain)
    return box


def _to_json(tried: Tried) -> dict[str, Any]:
    box: Any = tried.box.cold if isinstance(tried.box, WarmLevel) else tried.box
    return {
        "level": tried.level,
        "box": None if box is None else {} if isinstance(box, ProcessLevel) else asdict(box),
        "warm": isinstance(tried.box, WarmLevel),
        "tool": tried.tool,
        "guarantees": dict(tried.guarantees),
        "missing": tried.missing and tried.missing.to_json(),
        "remedy": tried.remedy and tried.remedy.to_json(),
    }
