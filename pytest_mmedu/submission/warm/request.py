"""提问 | The asking end: a request to a process that forks, and the child that it forked."""

from __future__ import annotations

import array
import json
import select
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

from pytest_mmedu.submission.warm.serving import LARGEST

_SECONDS = 15.0  # for an answer that takes no time


class Broken(Exception):
    """The process that was asked is gone, or does not answer as it should."""


class Late(Broken):
    """Nothing has come in time; the process that was asked may be busy still."""


class Refused(Broken):
    """It answers that it cannot do what it was asked for."""


class Asking:
    """One request over a socket of its own: whoever gives up closes it, and nothing is left in the way of the next."""

    def __init__(self, control: socket.socket, asked: Mapping[str, Any], handles: Sequence[int] = ()) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                _send(self._ours, json.dumps(asked).encode(), handles)
                _send(control, b".", [theirs.fileno()])
            except OSError as error:
                self._ours.close()
                raise Broken from error

    def __enter__(self) -> Asking:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.close()

    def there(self, seconds: float) -> bool:
        """Whether an answer, or the end, has come within so many seconds."""
        ends = select.poll()
        ends.register(self._ours, select.POLLIN)
        return bool(ends.poll(seconds * 1000))

    def answer(self, seconds: float) -> dict[str, Any]:
        """The next answer.

        Raises:
            Broken: none has come.
        """
        try:
            if not self.there(seconds):
                raise Broken
            answer = json.loads(self._ours.recv(LARGEST))
        except (OSError, ValueError) as error:
            raise Broken from error
        if not isinstance(answer, dict):
            raise Broken
        return answer

    def hang_up(self) -> None:
        """Say that nothing more is wanted, and go on listening."""
        with suppress(OSError):
            self._ours.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self._ours.close()


def forked(asking: Asking, seconds: float) -> Program:
    """The child that was asked for.

    Raises:
        Late: there is none yet.
        Broken: there is none.
    """
    try:
        if not asking.there(seconds):
            raise Late
        pid = asking.answer(0).get("pid")
        if type(pid) is not int:
            raise Refused
    except Broken:
        asking.close()
        raise
    return Program(pid, asking)


class Program:
    """A child that runs."""

    def __init__(self, pid: int, asking: Asking) -> None:
        self.pid, self._asking = pid, asking
        self.code: int | None = None

    def __enter__(self) -> Program:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.end()

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most."""
        if self.code is None and self._asking.there(seconds):
            self._hear(0)
        return self.code is not None

    def end(self) -> None:
        """It, and all that it started, is gone afterwards, because the zygote says so."""
        try:
            self._asking.hang_up()
            if self.code is None:
                self._hear(_SECONDS)
        finally:
            self._asking.close()

    def _hear(self, seconds: float) -> None:
        code = self._asking.answer(seconds).get("status")
        if type(code) is not int:
            raise Broken
        self.code = code


def _send(to: socket.socket, message: bytes, handles: Sequence[int]) -> None:
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", handles))] if handles else []
    to.sendmsg([message], rights)
