"""控制台输出 | What MMEdu's methods print."""

from __future__ import annotations

import sys


def say(line: object) -> None:
    """Print a line; a console that cannot show a character gets `?` for it instead of a crash."""
    if sys.stdout is None:  # a program without a console, as pythonw starts it
        return
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(str(line).encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()
