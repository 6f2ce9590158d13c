"""分出来的子进程 | The fork of a zygote, up to the moment at which it becomes a process like a fresh one.

What it has of the zygote is closed, replaced or given up before a line of a student's program is read: descriptors,
environment, session, folders, random numbers; then the rules of its level hold it.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import logging
import multiprocessing.util
import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
import weakref
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from pytest_mmedu.submission._prctl import be_readable, end_with_parent
from pytest_mmedu.submission.tokens import SUPERVISED
from pytest_mmedu.submission.warm.serving import UNFIT, Program

_STREAMS = (("stdin", "r", "surrogateescape"), ("stdout", "w", "surrogateescape"), ("stderr", "w", "backslashreplace"))


def alone() -> bool:
    """Whether a fork of this process is whole: one thread, and no memory that it would share with its siblings."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 - names alone
    mapped = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
    return threads == 1 and not any(line.split()[1][1::2] == "ws" for line in mapped)


def forget_endings() -> None:
    """What the libraries want to be called for at the end takes longer than many a training, and is for nothing here.

    What a program registers itself is called at its end, and so is what logging and multiprocessing are to do for it.
    """
    atexit._clear()
    weakref.finalize._registry.clear()  # type: ignore[attr-defined]
    weakref.finalize._registered_with_atexit = False  # type: ignore[attr-defined]
    atexit.register(logging.shutdown)
    atexit.register(multiprocessing.util._exit_function)  # type: ignore[attr-defined]


def fork(
    asked: dict[str, Any], handles: Sequence[int], sockets: Sequence[socket.socket], word: tuple[int, int]
) -> tuple[int | None, Program | None]:
    """In the zygote the child's number, None where there is none; in the child what it is to run.

    The child waits for a `word` from this pipe: the judge is to know of it before it can do anything.
    """
    box = asked["box"]
    child = os.fork() if box is None else _fork_into(handles[1], box)
    if child != 0:
        return child, None
    try:
        os.close(word[1])
        if not os.read(word[0], 1):  # the zygote is gone
            os._exit(UNFIT)
        _end_before_others()
        _become(asked, handles[0], sockets)
    except BaseException:  # noqa: BLE001 - nothing may come back to where the zygote waits for its next request
        traceback.print_exc()
        os._exit(UNFIT)
    return 0, partial(_run, asked["module"], asked["arguments"])


def _fork_into(box: int, spaces: Sequence[str]) -> int | None:
    """Into the box's space of processes comes who is born into it: a child enters the box and its own child stays."""
    hear, say = os.pipe()
    middle = os.fork()
    if middle == 0:
        with suppress(BaseException):
            from pytest_mmedu.submission.isolation._joining import join

            join(box, spaces)
            child = os.fork()
            if child == 0:
                os.close(say)
                return 0
            os.write(say, str(child).encode())
        os._exit(0)
    os.close(say)
    with os.fdopen(hear, "rb") as told:
        child_number = told.read()
    os.waitpid(middle, 0)
    return int(child_number) if child_number else None


def _end_before_others() -> None:
    """Where memory runs out, the program is to end, and not the zygote, which has as much."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _become(asked: dict[str, Any], output: int, sockets: Sequence[socket.socket]) -> None:
    """The order counts: nothing can be opened or asked any more once the rules hold."""
    os.setsid()
    _only_descriptors(output, sockets)
    be_readable(True)  # as in a fresh process, which may read its own /proc
    if asked["box"] is None:  # else the box dies with the judge
        end_with_parent(signal.SIGKILL)
    os.environ.clear()
    os.environ.update({**asked["environment"], SUPERVISED: "1"})
    tempfile.tempdir = None
    os.chdir(asked["folder"])
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if asked["rules"] is not None:
        from pytest_mmedu.submission.isolation._landlock_box import shut_in

        shut_in(asked["rules"])
    if asked["box"] is not None:
        from pytest_mmedu.submission.isolation._joining import give_up

        give_up()


def _only_descriptors(output: int, sockets: Sequence[socket.socket]) -> None:
    """Nothing to read, the judge's pipe to write to, and no other."""
    for one in sockets:
        one.detach()  # else it would some day close what has got its number
    nothing = os.open(os.devnull, os.O_RDONLY)
    for handle, number in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(handle, number)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - names alone
        if int(name) > 2:
            with suppress(OSError):  # the one that lists them
                os.close(int(name))
    _fresh_streams()


def _fresh_streams() -> None:
    """As `python -u -X utf8` makes them: those of the zygote know their descriptors as what they were before."""
    for number, (name, mode, errors) in enumerate(_STREAMS):
        raw = io.FileIO(number, mode, closefd=False)
        raw.name = f"<{name}>"
        stream = io.TextIOWrapper(io.BufferedReader(raw) if mode == "r" else raw, "utf-8", errors, write_through=True)
        stream.mode = mode  # type: ignore[misc]  # as Python itself does
        for one in (name, f"__{name}__"):
            setattr(sys, one, stream)


def _run(module: str, arguments: Sequence[str]) -> None:
    """As a Python of its own runs the module, and to the same end, without taking the libraries apart piece by piece.

    That would copy every page that is shared with the zygote: it takes longer than many a training.
    """
    code = 0
    try:
        importlib.import_module(module).main(*arguments)
    except BaseException:  # noqa: BLE001 - whatever it is, it ends here
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    with suppress(BaseException):
        vars(sys.modules["__main__"]).clear()
        gc.collect()
        _flush_files()
    os._exit(code)


def _flush_files() -> None:
    """What was written to files that are still open is not lost."""
    for one in gc.get_objects():
        if issubclass(type(one), io.IOBase):
            with suppress(Exception):  # closed, or for reading
                one.flush()
