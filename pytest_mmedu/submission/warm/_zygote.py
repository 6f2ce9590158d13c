"""热进程本身 | The process that forks a child for each program. Never imported by the judging process.

    python -I -B -X utf8 _start.py pytest_mmedu.submission.warm._zygote <socket> <site folders as JSON>

It reads nothing that a child of its own may have written: of a child it learns the status that the system tells.
Orphans come up to it; a run has ended when it has no child left.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pytest_mmedu.submission import _supervise
from pytest_mmedu.submission._prctl import adopt_orphans, be_readable
from pytest_mmedu.submission.warm import _forked
from pytest_mmedu.submission.warm.serving import Program, hung_up, say, serve

_CHILD = "pytest_mmedu.submission._child"
# What a training imports when it comes to it, by the versions of today: torch.onnx to ask whether it is being exported.
_IN_TRAINING = (
    *("numpy.random", "torch.onnx", "torch.profiler._cupti_monitor"),
    *("torch.onnx._internal.exporter._flags", "torch.utils.serialization.config", "encodings.gb18030", "fractions"),
)
_OFTEN_USED = (_CHILD, "pytest_mmedu.submission._resources", "pytest_mmedu.mmedu.stand_in", "numbers", "traceback")


def main(control: str, site_folders: str) -> None:
    sys.path.extend(place for place in json.loads(site_folders) if place not in sys.path)
    if not adopt_orphans():
        return
    be_readable(False)  # no child may look into it
    for name in _OFTEN_USED:
        importlib.import_module(name)
    asked = socket.socket(fileno=int(control))
    program = serve(asked, Zygote(asked).answer)
    if program is not None:
        program()


class Zygote:
    """`kept` is what the judge wants to be remembered for as long as this process lives."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._kept: dict[str, Any] = {}
        self._loaded: bool | None = None

    def answer(self, job: socket.socket, asked: dict[str, Any], handles: Sequence[int]) -> Program | None:
        """A request: to keep facts, or to run a program."""
        if asked["do"] == "run":
            return self._run(job, asked, handles)
        self._kept.update(asked["keep"])
        say(job, {"kept": self._kept})
        return None

    def _run(self, job: socket.socket, asked: dict[str, Any], handles: Sequence[int]) -> Program | None:
        if asked["heavy"] and not self._load():
            say(job, {"pid": None})
            return None
        gc.freeze()  # what is there by now is looked at by no collection of a child: its pages stay shared
        word = os.pipe()
        child, program = _forked.fork(asked, handles, (self._control, job), word)
        if program is not None:
            return program
        say(job, {"pid": child})
        os.write(word[1], b".")
        for end in word:
            os.close(end)
        if child is not None:
            say(job, {"status": _end_of(job, child)})
        return None

    def _load(self) -> bool:
        """The libraries, once. What does not load here is told by a fresh process, which tries it anew."""
        if self._loaded is None:
            try:
                for name in importlib.import_module(_CHILD)._LIBRARIES:
                    importlib.import_module(name)
                _import_for_trainings()
                self._loaded = _forked.alone()
                _forked.forget_endings()
            except Exception:  # noqa: BLE001 - a broken installation fails in any way it likes
                self._loaded = False
            gc.collect()
        return self._loaded


def _import_for_trainings() -> None:
    for name in _IN_TRAINING:
        with suppress(ImportError):  # another version has it elsewhere, and then it is imported later
            importlib.import_module(name)
    importlib.import_module("pytest_mmedu.dataset.pictures").know_formats()


def _end_of(job: socket.socket, child: int) -> int:
    """The child's status, once it and all that it left is gone; a judge who hangs up ends it."""
    if hung_up(job, child):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    _supervise._kill_children()
    return os.waitstatus_to_exitcode(status)
