"""程序要给人看的东西 | What a program shows: while it is graded nobody looks, and nobody presses a key.

A window would stop the program, or end it where there is no screen; Jupyter need not be installed. Never imported by
the judging process. Written in Python 3.8, as `_child.py` is.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

_ESCAPE = 27
_WINDOWS = ("imshow", "namedWindow", "moveWindow", "resizeWindow", "setWindowTitle", "setWindowProperty")
_MORE_WINDOWS = ("createTrackbar", "setMouseCallback", "destroyWindow", "destroyAllWindows")
_KEYS = ("waitKey", "waitKeyEx", "pollKey")


class Shown:
    """Whatever a notebook shows: a picture, a text, a sound."""

    def __init__(self, *given: Any, **named: Any) -> None:
        pass


def without_windows() -> None:
    """OpenCV opens none in this process; who waits for a key is told that Esc was pressed."""
    cv2 = sys.modules.get("cv2")
    if cv2 is not None:
        vars(cv2).update({name: lambda *given, **named: None for name in (*_WINDOWS, *_MORE_WINDOWS)})
        vars(cv2).update({name: lambda *given, **named: _ESCAPE for name in _KEYS})


class Kernel:
    """What `get_ipython()` gives in a notebook or a script made of one: its magics and commands do nothing."""

    def __getattr__(self, name: str) -> Any:
        return Shown


def without_jupyter() -> None:
    """`from IPython.display import Image` works where Jupyter is not installed, with all names of that module."""
    if importlib.util.find_spec("IPython") is not None:
        return
    package, display = types.ModuleType("IPython"), types.ModuleType("IPython.display")
    vars(package).update(get_ipython=Kernel, display=display, __path__=[])
    vars(display).update(display=print, clear_output=Shown, __getattr__=_shown)
    sys.modules.update({"IPython": package, "IPython.display": display})


def _shown(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return Shown
