"""应答 | The serving end: one request after another, each over a socket of its own, each perhaps answered by a fork.

Only in a fork `serve` returns, with what the fork is to run: nothing of the serving process goes on in it.
"""

from __future__ import annotations

import json
import os
import select
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

LARGEST = 1 << 17  # bytes of one message
UNFIT = 70  # the code of a fork that could not be made like a fresh process
_MOST_HANDLES = 4

Program = Callable[[], None]
Answer = Callable[[socket.socket, dict[str, Any], Sequence[int]], "Program | None"]


def serve(control: socket.socket, answer: Answer) -> Program | None:
    """Until whoever asks is gone."""
    while True:
        _, ends, _, _ = socket.recv_fds(control, 1, 1)
        if not ends:
            return None
        with socket.socket(fileno=ends[0]) as job:
            message, handles, _, _ = socket.recv_fds(job, LARGEST, _MOST_HANDLES)
            program = answer(job, json.loads(message), handles) if message else None
            if program is not None:
                return program
        for handle in handles:
            os.close(handle)


def say(job: socket.socket, words: dict[str, Any]) -> None:
    """To somebody who may have gone."""
    with suppress(OSError):
        job.send(json.dumps(words).encode())


def hung_up(job: socket.socket, child: int) -> bool:
    """Wait for the end of the child, without collecting it, or for whoever asked to hang up: that is told."""
    handle = os.pidfd_open(child)
    try:
        ends = select.poll()
        ends.register(handle, select.POLLIN)
        ends.register(job, select.POLLIN)
        return handle not in dict(ends.poll())
    finally:
        os.close(handle)
