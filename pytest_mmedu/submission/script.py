"""从源代码读参数 | What a submission asks for, read from its source: nothing is run.

read_asked(find_submission(folder))[0]["lr"]  ->  AskedValue(0.01, "given", "homework.py:12")
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.submission.source import Source, parse
from pytest_mmedu.submission.train_calls import TrainCall
from pytest_mmedu.submission.walk import Reading, walk

if TYPE_CHECKING:
    from pytest_mmedu.submission.find import Submission


@dataclass(frozen=True)
class Written:
    """A source with its reading: `asked` goes with `calls`, one for one."""

    source: Source
    reading: Reading

    @property
    def calls(self) -> tuple[TrainCall, ...]:
        """The train() calls that the program comes to; where it comes to none, those that it holds."""
        return self.reading.calls or self.reading.missed

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(asked_in(call, self.source) for call in self.calls)

    def asked_in(self, call: TrainCall) -> Asked:
        """What one of the calls asks for."""
        return asked_in(call, self.source)

    def to_run(self, data: Path | None) -> str:
        """What the child process runs in the name of the file; `data` are the exercise's pictures."""
        return self.source.text

    @property
    def blank_places(self) -> tuple[str, ...]:
        """Where `...` stands instead of the training; a lone `...` beside a train() call means nothing."""
        return () if self.calls else tuple(self.source.place(line) for line in self.reading.blanks)


def read_asked(submission: Submission) -> tuple[Asked, ...]:
    """One Asked for each train() call, in the order of running.

    Raises:
        SubmissionError: the source has a syntax error or cannot be read.
    """
    if submission.source_file is None:
        return ()
    from pytest_mmedu.submission.program import read_program

    return read_program(submission).asked


def written(source: Source) -> Written:
    """The source read; raises SubmissionError for a syntax error."""
    return Written(source, walk(parse(source)))


def asked_in(call: TrainCall, source: Source) -> Asked:
    """One train() call with the places of its values."""
    values = {
        name: AskedValue(known.value, known.state, source.place(known.line)) for name, known in call.values.items()
    }
    unknown = {name: source.place(line) for name, line in call.unknown.items()}
    return Asked(values, unknown, source.place(call.line))
