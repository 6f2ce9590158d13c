"""进入 landlock | Restricts itself and becomes the command that follows. Never imported by the judging process.

python -I -B _start.py pytest_mmedu.submission.isolation._landlock_box '{"readable": […], "writable": […]}' …
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from pytest_mmedu.submission._supervise import supervise
from pytest_mmedu.submission.area import SUPERVISED
from pytest_mmedu.submission.isolation._kernel_rules import restrict


def main(rules: str, *command: str) -> None:
    supervise()  # it stays outside of the box, and sees to it that nothing of the box is left
    os.environ[SUPERVISED] = "1"
    places = {name: [Path(path) for path in paths] for name, paths in json.loads(rules).items()}
    restrict(places["readable"], [*places["writable"], Path("/proc/self")])
    os.execv(command[0], command)
