"""只运行，不批改 | A program run as it is, without tests: to see its training and to read its logs.

`python homework.py` does it where the MMEdu package is installed; this does it where the kit's own takes its place.
"""

from __future__ import annotations

import linecache
import sys
import traceback
from pathlib import Path
from types import ModuleType, TracebackType

import click

from pytest_mmedu.errors import MMEduError, SubmissionError
from pytest_mmedu.mmedu.stand_in import install
from pytest_mmedu.submission.python_errors import hint_for, meaning
from pytest_mmedu.submission.source import Source, parse, read_source
from pytest_mmedu.text import Text, printable


def plain_run(path: Path) -> int:
    """Run the script, or the code cells of the notebook, in this process; return the exit code.

    Raises:
        SubmissionError: it cannot be read, or has a syntax error.
    """
    source = read_source(path)
    parse(source)
    if not source.text.strip():
        seen = Text(f"{source.name} 里什么也没有。", f"{source.name} is empty.")
        raise SubmissionError(seen, Text("写好程序，保存，再运行一次。", "Write the program, save, and run it again."))
    install()
    return _executed(source, path)


def _executed(source: Source, path: Path) -> int:
    program = ModuleType("__main__")
    program.__file__ = str(path)
    sys.modules["__main__"] = program
    sys.argv, sys.path[:0] = [str(path)], [str(path.resolve().parent)]
    linecache.cache[str(path)] = (len(source.text), None, source.text.splitlines(keepends=True), str(path))
    try:
        exec(compile(source.text, str(path), "exec", dont_inherit=True), program.__dict__)
    except MMEduError as error:  # a sentence that says it all
        click.echo(f"{_place(error, source, str(path))}: {error}", err=True)
        return 1
    except Exception as error:  # noqa: BLE001 - whatever the student's program raises
        sys.stdout.flush()
        traceback.print_exception(type(error), error, _own_lines(error.__traceback__, str(path)))
        click.echo(_told(error), err=True)
        return 1
    return 0


def _own_lines(frames: TracebackType | None, file: str) -> TracebackType | None:
    """From the student's first line on: nobody else's are of use."""
    while frames is not None and frames.tb_frame.f_code.co_filename != file:
        frames = frames.tb_next
    return frames


def _place(error: Exception, source: Source, file: str) -> str:
    """The last line that is the student's own."""
    frames = traceback.extract_tb(error.__traceback__)
    return source.place([frame.lineno or 1 for frame in frames if frame.filename == file][-1])


def _told(error: Exception) -> str:
    """In Chinese too, and the next step; Python has said it in English."""
    words = (type(error).__name__, printable(str(error).strip().partition("\n")[0], 200))
    hint = hint_for(*words) or Text("", "")
    said = Text(meaning(*words).zh + hint.zh, hint.en)
    return str(said) if said.en else said.zh
