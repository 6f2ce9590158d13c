"""进入 landlock | Restricts itself and becomes the command that follows. Never imported by the judging process.

python -I -B _start.py pytest_mmedu.submission.isolation._landlock_box '{"readable": […], "listed": […], …}' …
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_mmedu.submission._supervise import supervise
from pytest_mmedu.submission.isolation._kernel_rules import restrict
from pytest_mmedu.submission.tokens import SUPERVISED


def main(rules: str, *command: str) -> None:
    supervise()  # it stays outside of the box, and sees to it that nothing of the box is left
    os.environ[SUPERVISED] = "1"
    shut_in(json.loads(rules))
    os.execv(command[0], command)


def shut_in(rules: Mapping[str, Iterable[str]]) -> None:
    """This very process: "readable", "listed" and "writable" places."""
    places = {name: [Path(path) for path in paths] for name, paths in rules.items()}
    restrict(places["readable"], places["listed"], [*places["writable"], Path("/proc/self")])
