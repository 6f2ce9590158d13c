"""收集好的练习 | An exercise that pytest has collected once: it halts before the tests, and forks for each submission.

Starting pytest and collecting takes longer than judging most submissions.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu import plugin
from pytest_mmedu.exercise.session import OUTPUT, empty_ini
from pytest_mmedu.grader import BOXES, GRADER, UNSEEN
from pytest_mmedu.options import SETTINGS
from pytest_mmedu.submission._prctl import adopt_orphans, end_with_parent
from pytest_mmedu.submission.tree import children_of
from pytest_mmedu.submission.warm.request import Asking, Broken
from pytest_mmedu.submission.warm.serving import Program, hung_up, say, serve
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes

_PATIENCE = 10.0  # seconds for it to leave


class Collected:
    """The judge's end of it."""

    def __init__(self, pid: int, control: socket.socket, asked: Mapping[str, Any]) -> None:
        self._pid, self._control, self._exercise = pid, control, asked["exercise"]

    def serves(self, asked: Mapping[str, Any]) -> bool:
        """Whether this is the exercise that the request is about."""
        return bool(self._exercise == asked["exercise"])

    def hand_on(self, asked: Mapping[str, Any], job: socket.socket) -> None:
        """It answers itself. If it is gone, nobody does, and whoever asks is told so by the end of his socket."""
        with suppress(Broken), Asking(self._control, asked, [job.fileno()]):
            pass

    def end(self) -> None:
        """It leaves when nobody can ask it any more; one that imports a test file without an end never sees that."""
        self._control.close()
        deadline = time.monotonic() + _PATIENCE
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                return
            time.sleep(0.001)


def collect(control: socket.socket, asked: Mapping[str, Any], zygotes: Zygotes) -> None:
    """As `python -m pytest` up to the tests; from there in forks, each with a submission. Never returns.

    Nothing of a parent's is cleared away at the end.
    """
    end_with_parent(signal.SIGKILL)
    adopt_orphans()
    code = 1
    try:
        arguments = [*empty_ini(Path.cwd()), *asked["exercise"]]
        sys.argv = ["pytest", *arguments]
        _take_over(asked["environment"])
        # Handed over as a module, it need not be looked for among everything that is installed.
        code = int(pytest.main(arguments, plugins=[plugin, Halt(control, zygotes)]))
    finally:
        _flush()
        os._exit(code)


class Halt:
    """A plugin of the session: it halts before the tests, goes on in each fork, and has the boxes of its programs."""

    def __init__(self, control: socket.socket, zygotes: Zygotes) -> None:
        self._control, self._zygotes = control, zygotes
        self._before = frozenset(sys.modules)
        self._imported: dict[Path, tuple[int, int]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[BOXES] = WarmBoxes(self._zygotes)
        config.stash[UNSEEN] = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Returns only in a fork, where pytest's own loop follows."""
        self._imported = _states(_files(sys.modules.keys() - self._before))
        _flush()
        gc.collect()
        program = serve(self._control, partial(self._answer, session.config))
        if program is None:
            os._exit(0)
        program()

    def _answer(self, config: pytest.Config, _: Any, asked: dict[str, Any], handles: Sequence[int]) -> Program | None:
        """The asking end came along with the request. A test file that was changed since is for a fresh process."""
        with socket.socket(fileno=os.dup(handles[0])) as job:
            if _states(self._imported) != self._imported:
                os._exit(0)
            gc.freeze()
            session = os.fork()
            if session == 0:
                self._control.close()
                os.close(handles[0])
                return partial(_go_on, config, asked)
            say(job, {"pid": session})
            if hung_up(job, session):
                os.kill(session, signal.SIGKILL)
            _, status = os.waitpid(session, 0)
            _clear_away()
            say(job, {"status": os.waitstatus_to_exitcode(status)})
        return None


def _go_on(config: pytest.Config, asked: Mapping[str, Any]) -> None:
    """In the fork: as if pytest had been started for this submission."""
    end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _take_over(asked["environment"])
    os.chdir(asked["folder"])
    _to_file(OUTPUT)
    sys.argv += [f"{flag}={value}" for flag, value in asked["settings"].items()]
    for row in SETTINGS:
        value = asked["settings"].get(row.flag)
        setattr(config.option, row.ini, [value] if row.repeatable and value else value)
    config.stash[GRADER].begin_anew()


def _take_over(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None


def _to_file(name: str) -> None:
    sink = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, number in ((nothing, 0), (sink, 1), (sink, 2)):
        os.dup2(handle, number)
    os.close(sink)
    os.close(nothing)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()


def _clear_away() -> None:
    """What a session left that was killed: it came up to this process."""
    while left := children_of(os.getpid()):
        for one in left:
            os.kill(one, signal.SIGKILL)
            os.waitpid(one, 0)


def _files(modules: Iterable[str]) -> list[Path]:
    files = (getattr(sys.modules[name], "__file__", None) for name in modules)
    return [Path(file) for file in files if file]


def _states(files: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """What tells that a file is another one now; a file that is gone has none."""
    found = {}
    for file in files:
        with suppress(OSError):
            facts = file.stat()
            found[file] = (facts.st_mtime_ns, facts.st_size)
    return found
