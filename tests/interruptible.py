"""The command line, as a person starts it who may press Ctrl-C.

A shell that starts these tests in the background turns Ctrl-C off for them and for all that they start.
"""

from __future__ import annotations

import sys

_HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
COMMAND = (sys.executable, "-c", f"{_HEARS}; from pytest_mmedu.cli import main; main()")
