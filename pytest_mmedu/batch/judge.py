"""一个热的批改进程 | One judging process that was started once: the end that asks it."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from pytest_mmedu.exercise.grade import JUDGING_SECONDS
from pytest_mmedu.exercise.session import Invocation, environment, kill_tree, no_report, too_long
from pytest_mmedu.submission.warm.request import Asking, Late, forked
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text

_JUDGE = "pytest_mmedu.warm_judge.answering"
_SECONDS = 15.0  # for one that nobody can ask any more


class Judge:
    """It is started at once and asked when it is ready."""

    def __init__(self) -> None:
        self._folder = ExitStack()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _JUDGE, str(theirs.fileno())],
                cwd=self._folder.enter_context(temporary("judge")),
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def session(self, invocation: Invocation, folder: Path, limit: float) -> Text | None:
        """pytest in a fork.

        Raises:
            Late: the exercise is not collected.
            Broken: the judge is gone.
        """
        asked = {**asdict(invocation), "folder": str(folder), "environment": environment()}
        try:
            program = forked(Asking(self._control, asked), JUDGING_SECONDS)
        except Late:
            kill_tree(self._process.pid)
            raise
        with program:
            in_time = program.ended(limit)
            if not in_time:
                kill_tree(program.pid)
        return no_report(program.code or 0, folder) if in_time else too_long(limit)

    def close(self) -> None:
        """It leaves when nobody can ask it any more, with its zygotes."""
        self._control.close()
        try:
            self._process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            kill_tree(self._process.pid)
            self._process.wait()
        self._folder.close()
