"""交上来的程序 | What was handed in to be judged and run, read once: a script, a notebook, or a config."""

from __future__ import annotations

from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.script import Written, written
from pytest_mmedu.submission.source import Source, read_source
from pytest_mmedu.submission.walk import Reading


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
    from pytest_mmedu.submission.config.written import WrittenConfig

    config = read_config(submission.source_file, submission.folder, alone=submission.alone, source=source)
    return WrittenConfig(source, Reading((), (), ()), config)
