"""一份配置，像程序那样读 | A config that was handed in, read as a program is: it is one training."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pytest_mmedu.asked import Asked
from pytest_mmedu.config_tree import ConfigTree
from pytest_mmedu.submission.config.asking import asked_of
from pytest_mmedu.submission.known import blank
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.train_calls import TrainCall

_LAST_LINE = 1_000_000


@dataclass(frozen=True)
class WrittenConfig(Written):
    """A config is one training; what is left open in it are its fields."""

    config: ConfigTree

    @property
    def calls(self) -> tuple[TrainCall, ...]:
        own = f"{self.source.name}:"
        blanks = {
            path: blank(int(leaf.place.removeprefix(own)))
            for path, leaf in self.config.blanks()
            if leaf.place is not None and leaf.place.startswith(own)
        }
        return (TrainCall(1, _LAST_LINE, blanks, {}),)

    @property
    def asked(self) -> tuple[Asked, ...]:
        return (self.whole,)

    @cached_property
    def whole(self) -> Asked:
        return asked_of(self.config)

    def to_run(self, data: Path | None) -> str:
        """One line, so that what is said of it is said of the config's first line."""
        told = None if data is None else str(data)
        return f"from pytest_mmedu.submission._config_program import train_config; train_config(__file__, {told!r})"

    def asked_in(self, call: TrainCall) -> Asked:
        return self.whole
