"""热进程的主人 | Starts zygotes and asks them to fork. One that does not answer as it should is thrown away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any

from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.isolation.kernel_limits import new_group
from pytest_mmedu.submission.isolation.places import site_folders
from pytest_mmedu.submission.process import python
from pytest_mmedu.submission.tree import Tree
from pytest_mmedu.submission.warm.request import Asking, Broken, Program, forked

_ZYGOTE = "pytest_mmedu.submission.warm._zygote"
_SECONDS = 15.0  # for an answer that takes no time


def can_be_warm() -> bool:
    """Whether this system has what a zygote needs."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


class Zygotes:
    """Two of them: for programs that import the libraries, and for the others, whose memory they would only swell."""

    def __init__(self) -> None:
        self._there: dict[bool, Zygote] = {}

    def __enter__(self) -> Zygotes:
        self.look_after()
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self.close()

    def look_after(self) -> bool:
        """Start them, and replace those that do not answer: whether there was one to replace.

        Nothing heavy is imported before it is needed.
        """
        replaced = False
        for heavy in (False, True):
            there = self._there.get(heavy)
            if there is None or not there.answers():
                if there is not None:
                    there.close()
                    replaced = True
                self._there[heavy] = Zygote()
        return replaced

    def of(self, heavy: bool) -> Zygote:
        """Used by the processes that the owner forks as well."""
        return self._there[heavy]

    @property
    def pids(self) -> list[int]:
        return [one.pid for one in self._there.values()]

    def close(self) -> None:
        """End them, with whatever may still run."""
        while self._there:
            self._there.popitem()[1].close()


class Zygote:
    """One process. Its home, its temporary folder and its control group are its own and go with it.

    Its forks are born in the group: to move each into one of its own would take the kernel longer than making it.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        area = self._stack.enter_context(fresh_area())
        self.token = area.token
        self.group = new_group()
        self._stack.callback(self.group.remove)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control = self._stack.enter_context(ours)
        with theirs:
            self._process = subprocess.Popen(
                self.group.joined(python(_ZYGOTE, str(theirs.fileno()), json.dumps(site_folders()))),
                cwd=area.work,
                env=area.environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        self.pid = self._process.pid

    def answers(self) -> bool:
        """Whether it is there and idle."""
        try:
            self.kept()
        except Broken:
            return False
        return True

    def kept(self) -> dict[str, Any]:
        """What it was told to keep."""
        return self.keep({})

    def keep(self, what: Mapping[str, Any]) -> dict[str, Any]:
        """Facts that last as long as this process."""
        with Asking(self._control, {"do": "keep", "keep": dict(what)}) as asking:
            kept: dict[str, Any] = asking.answer(_SECONDS).get("kept", {})
            return kept

    def fork(self, asked: Mapping[str, Any], handles: Sequence[int], seconds: float) -> Program:
        """A child that runs what was `asked`.

        Raises:
            Broken: there is none.
        """
        return forked(Asking(self._control, {"do": "run", **asked}, handles), seconds)

    def kill(self) -> None:
        """Also from a process that did not start it: the owner collects it."""
        Tree(self.pid, self.token).end()

    def close(self) -> None:
        """It leaves when nobody can ask it any more."""
        self._control.close()
        try:
            self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
        self._stack.close()
