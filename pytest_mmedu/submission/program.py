"""交上来的程序 | What was handed in to be judged and run, read once: a script, a notebook, or a config."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.asked import Asked
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.known import blank
from pytest_mmedu.submission.script import Written, written
from pytest_mmedu.submission.source import Source, read_source
from pytest_mmedu.submission.train_calls import TrainCall
from pytest_mmedu.submission.walk import Reading

if TYPE_CHECKING:
    from pytest_mmedu.config_tree import ConfigTree

_LAST_LINE = 1_000_000  # a config is one training from its first line to its last


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
        from pytest_mmedu.submission.config.asking import asked_of

        return asked_of(self.config)

    def to_run(self, data: Path | None) -> str:
        """One line, so that what is said of it is said of the config's first line."""
        told = None if data is None else str(data)
        return f"from pytest_mmedu.submission._config_program import train_config; train_config(__file__, {told!r})"

    def asked_in(self, call: TrainCall) -> Asked:
        return self.whole


def read_program(submission: Submission, source: Source | None = None) -> Written:
    """The program of a submission that has one; nothing is run.

    Raises:
        SubmissionError: a syntax error, or a file that cannot be read.
    """
    assert submission.source_file is not None
    source = source or read_source(submission.source_file, submission.source_name)
    if submission.kind != "config":
        return written(source)
    from pytest_mmedu.submission.config.parents import read_config

    config = read_config(submission.source_file, submission.folder, alone=submission.alone, source=source)
    return WrittenConfig(source, Reading((), (), ()), config)
