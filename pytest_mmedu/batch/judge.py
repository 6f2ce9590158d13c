"""一个热的批改进程 | One judging process that was started once: the end that asks it."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pytest_mmedu.exercise.session import environment, kill_tree, no_report, too_long
from pytest_mmedu.submission.warm.request import Asking, forked
from pytest_mmedu.text import Text

_JUDGE = "pytest_mmedu.warm_judge"
_START_SECONDS = 120.0
_SECONDS = 15.0  # for one that nobody can ask any more


class Judge:
    """It is started at once and asked when it is ready."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mmedu-judge-", ignore_cleanup_errors=True)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", _JUDGE, str(theirs.fileno())],
                cwd=self._folder.name,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def session(self, arguments: Sequence[str], folder: Path, limit: float) -> Text | None:
        """pytest with these arguments, in a fork.

        Raises:
            Broken: the judge is gone.
        """
        asked = {"arguments": list(arguments), "folder": str(folder), "environment": environment()}
        with forked(Asking(self._control, asked), _START_SECONDS) as program:
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
        self._folder.cleanup()
