"""每个工具一个虚拟环境 | A virtual environment for each tool, made once: `pip install` from the registry.

Where pip's own settings offer a CPU build of torch it is taken, as in the Makefile.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TORCH = "torch==2.13.0"
PACKAGES = {"pytest": ("pytest",), "otter-grader": ("otter-grader", "ipykernel"), "nbgrader": ("nbgrader",)}
_FOR_ALL = (TORCH, "numpy", "pillow")


def environment(tool: str, folder: Path) -> Path:
    """The folder with the programs of `tool`."""
    place = folder / tool
    done = place / "installed"
    programs = place / ("Scripts" if sys.platform == "win32" else "bin")
    if not done.exists():
        print(f"installing {tool} ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *_FOR_ALL, *PACKAGES[tool]], check=True)
        done.touch()
    return programs


def version(tool: str, programs: Path) -> str:
    asked = f"from importlib.metadata import version; print(version({tool!r}))"
    return subprocess.run(
        [str(programs / "python"), "-c", asked], capture_output=True, text=True, check=True
    ).stdout.strip()
