"""热的批改进程本身 | The judge: what all exercises have in common is imported once, each exercise is collected once."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import socket
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import pytest_mmedu
from pytest_mmedu import plugin
from pytest_mmedu.exercise.session import empty_ini
from pytest_mmedu.submission._prctl import adopt_orphans
from pytest_mmedu.submission.warm.serving import Program, serve
from pytest_mmedu.submission.warm.zygotes import Zygotes
from pytest_mmedu.train.versions import versions
from pytest_mmedu.warm_judge.collected import Collected, collect

# What pytest and our own modules import when it is needed.
_LATER = ("_codecs_cn", "encodings.gb18030", "faulthandler", "filelock", "pdb", "psutil")
_NOT_JUDGING = ("alike", "batch", "gradebook", "train", "mmedu", "cli", "doctor", "warm_judge")


def main(control: str) -> None:
    """Answer until nobody is there to ask. In a fork: what it is to do, and there it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asks ends this process
    adopt_orphans()
    _warm_up()
    with Zygotes() as zygotes:
        asked = socket.socket(fileno=int(control))
        reception = Reception(asked, zygotes)
        program = serve(asked, reception.answer)
        if program is not None:
            program()
        reception.close()


def _warm_up() -> None:
    """A pytest without any test, so that pytest's own modules are there, and then all that judges."""
    here = Path.cwd()
    pytest.main(["-qq", *empty_ini(here), "-p", "no:cacheprovider", str(here)], plugins=[plugin])
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


class Reception:
    """Where requests for sessions come in: it hands each on to the process that has collected its exercise."""

    def __init__(self, control: socket.socket, zygotes: Zygotes) -> None:
        self._control, self._zygotes = control, zygotes
        self._collected: Collected | None = None

    def answer(self, job: socket.socket, asked: dict[str, Any], _: Sequence[int]) -> Program | None:
        """A request: pytest's arguments for the exercise, the submission's settings, its folder, the environment."""
        replaced = self._zygotes.look_after()
        if replaced or not (self._collected and self._collected.serves(asked)):
            self.close()
        if self._collected is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            process = os.fork()
            if process == 0:
                ours.close()
                self._control.close()
                return partial(collect, theirs, asked, self._zygotes)
            theirs.close()
            self._collected = Collected(process, ours, asked)
        self._collected.hand_on(asked, job)
        return None

    def close(self) -> None:
        """No exercise is collected any more."""
        if self._collected is not None:
            self._collected.end()
            self._collected = None


if __name__ == "__main__":
    main(*sys.argv[1:])
