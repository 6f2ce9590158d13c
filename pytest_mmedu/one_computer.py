"""别的电脑上没有的位置 | Places that one computer has and another has not, in the words of any system."""

from __future__ import annotations

from pathlib import PureWindowsPath


def of_one_computer(path: str) -> bool:
    """With a drive, from the root, or in somebody's home: `D:/data`, `\\\\server\\data`, `/home/li`, `~/data`."""
    path = path.strip()
    return path.startswith(("/", "\\", "~")) or bool(PureWindowsPath(path).drive)
