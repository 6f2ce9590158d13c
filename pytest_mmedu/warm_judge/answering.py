"""热的批改进程 | The process that has pytest and all of the judging imported and forks for each submission. Linux only.

    python -m pytest_mmedu.warm_judge <socket>

A fork is the pytest of one exercise and one submission, as a fresh one would be; no file of a submission is ever
imported here. The zygotes for the students' programs belong to this process and are lent to its forks.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import os
import pkgutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import pytest_mmedu
from pytest_mmedu import fixtures, plugin
from pytest_mmedu.grader import BOXES, UNSEEN
from pytest_mmedu.submission.tree import children_of
from pytest_mmedu.submission.warm.serving import Program, hung_up, say, serve
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes
from pytest_mmedu.train.versions import versions

_PDEATHSIG, _SUBREAPER = 1, 36  # <linux/prctl.h>
# What pytest and our own modules import when it is needed.
_LATER = ("_codecs_cn", "encodings.gb18030", "faulthandler", "filelock", "pdb", "psutil")
_NOT_JUDGING = ("alike", "batch", "gradebook", "train", "mmedu", "cli", "doctor", "warm_judge")


def main(control: str) -> None:
    """Answer until nobody is there to ask. In a fork: run the session, and end there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks ends this process
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    _warm_up()
    with Zygotes() as zygotes:
        asked = socket.socket(fileno=int(control))
        program = serve(asked, Judge(asked, zygotes).answer)
        if program is not None:
            program()


def _warm_up() -> None:
    """A pytest without any test, so that pytest's own modules are there, and then all that judges."""
    with tempfile.TemporaryDirectory() as folder:
        ini = Path(folder) / "pytest.ini"
        ini.write_text("[pytest]\n", "utf-8")
        pytest.main(["-qq", "-c", str(ini), "-p", "no:cacheprovider", folder], plugins=[plugin])
    for name in (*_LATER, *_judging(pytest_mmedu.__path__, "pytest_mmedu.")):
        importlib.import_module(name)
    versions()  # looked up once


def _judging(folders: Iterable[str], prefix: str) -> Iterator[str]:
    """Our own modules, save those of a program's process and those that train."""
    for found in pkgutil.iter_modules(folders):
        if not found.name.startswith("_") and found.name not in _NOT_JUDGING:
            yield prefix + found.name
            if found.ispkg:
                yield from _judging([str(Path(folder) / found.name) for folder in folders], f"{prefix}{found.name}.")


class Judge:
    """Answers requests for sessions."""

    def __init__(self, control: socket.socket, zygotes: Zygotes) -> None:
        self._control, self._zygotes = control, zygotes

    def answer(self, job: socket.socket, asked: dict[str, Any], handles: Sequence[int]) -> Program | None:
        """A request: the arguments of pytest, the folder to run it in, the environment."""
        self._zygotes.look_after()
        gc.freeze()
        session = os.fork()
        if session == 0:
            self._control.close()
            job.close()
            return partial(_run, asked["arguments"], asked["folder"], asked["environment"], self._zygotes)
        say(job, {"pid": session})
        if hung_up(job, session):
            os.kill(session, signal.SIGKILL)
        _, status = os.waitpid(session, 0)
        self._clear_away()
        say(job, {"status": os.waitstatus_to_exitcode(status)})
        return None

    def _clear_away(self) -> None:
        """What a session left that was killed: it came up to this process."""
        while left := set(children_of(os.getpid())) - set(self._zygotes.pids):
            for one in left:
                os.kill(one, signal.SIGKILL)
                os.waitpid(one, 0)


class _Boxes:
    """A plugin of the session: the boxes that its programs run in, and that nobody looks on."""

    def __init__(self, zygotes: Zygotes) -> None:
        self._zygotes = zygotes

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[BOXES] = WarmBoxes(self._zygotes)
        config.stash[UNSEEN] = True


def _run(arguments: Sequence[str], folder: str, environment: dict[str, str], zygotes: Zygotes) -> None:
    """As `python -m pytest` in that folder; nothing of the parent's is cleared away at its end."""
    code = 1
    try:
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None
        os.chdir(folder)
        _to_file("output.txt")
        sys.argv = ["pytest", *arguments]
        code = int(pytest.main(_without_plugin(arguments), plugins=[fixtures, plugin, _Boxes(zygotes)]))
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                stream.flush()
        os._exit(code)


def _without_plugin(arguments: Sequence[str]) -> list[str]:
    """Handed over as modules, it and its fixtures need not be looked for among everything that is installed."""
    given = list(arguments)
    place = given.index(plugin.__name__)
    return given[: place - 1] + given[place + 1 :]


def _to_file(name: str) -> None:
    sink = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, number in ((nothing, 0), (sink, 1), (sink, 2)):
        os.dup2(handle, number)
    os.close(sink)
    os.close(nothing)


if __name__ == "__main__":
    main(*sys.argv[1:])
