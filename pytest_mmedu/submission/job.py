"""一次要做的运行 | One run of a submission: what it is made of, and its key in the cache.

How it is made is told in `carrying_out`, which is imported where nothing was kept.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.cache import key_of
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.isolation.places import graphics_cards
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.snapshot import Snapshot

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.submission.area import Area
    from pytest_mmedu.submission.interpreter import Interpreter

FORMAT = 7  # of what is kept in the cache: a new number makes old entries misses
FACTS = "submission_run.json"
RUNS = "runs"


class NotKept(Exception):
    """Leaves the cache without an entry, with the facts in hand."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__()
        self.facts = facts


@dataclass(frozen=True)
class Job:
    """One run that may have to be made."""

    submission: Submission
    program: Written
    snapshot: Snapshot
    images: ImageFolder | None
    budget: Budget
    held_out: str | None = None
    interpreter: Interpreter | None = None  # another Python than the judge's, to run the program in
    _found: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)  # takes long: once

    def key(self, level: str) -> str:
        """Content, not times and places: the submission's files, the budget, the data, the software."""
        from pytest_mmedu.train.versions import versions

        program = (self.submission.source_name, self.program.source.text)
        other = () if self.interpreter is None else self.interpreter.key
        software = (versions(), sys.platform, sys.implementation.cache_tag, graphics_cards(), *other)
        files = self.snapshot.digests
        data = (self._data(), self.held_out)
        return key_of("submission", FORMAT, level, program, files, self.budget, data, software)

    def further_orders(self, area: Area) -> dict[str, Any]:
        """What the child is told beside, or instead of, what it is told of every run."""
        return {}

    def further_facts(self, talk: Path) -> dict[str, Any]:
        """What is read beside what every run leaves; `talk` is the folder where the child puts its words."""
        return {}

    def _data(self) -> str | None:
        if "data" not in self._found:
            from pytest_mmedu.dataset import fingerprint

            self._found["data"] = None if self.images is None else fingerprint(self.images.root)
        return self._found["data"]
