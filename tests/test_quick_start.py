"""The quick start of both READMEs, typed as it stands there, for the wheel in an empty folder and for a checkout.

Every day the new virtual environment finds the libraries of the running one, and pip installs this package alone.
With MMEDU_FRESH=1 it has nothing: pip fetches everything, which takes minutes and an index; CONTRIBUTING says more.
"""

from __future__ import annotations

import os
import re
import shutil
import site
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.environments import paths_in

pytest.importorskip("hatchling", reason="hatchling builds the wheel: pip install -e '.[dev]'")

ROOT = Path(__file__).resolve().parent.parent
FRESH = os.environ.get("MMEDU_FRESH", "") not in ("", "0")
HEADINGS = {"README.md": "## Quick start", "README.zh.md": "## 快速开始"}
OF_A_CHECKOUT = (
    "pytest_mmedu",
    "datasets_tiny",
    "exercises/01_first_training",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
# pip as it is told by its own variables: our package alone, from this machine alone, beside the one that is installed.
ALONE = {
    "PIP_NO_DEPS": "1",
    "PIP_NO_INDEX": "1",
    "PIP_IGNORE_INSTALLED": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # so it is written to switch isolation off: hatchling is the running environment's
    "PIP_NO_COMPILE": "1",  # what is used is compiled when it is imported
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}


class Expected(NamedTuple):
    """How a command ends, and what it says."""

    code: int
    says: str


EXPECTED = {
    "pip install": Expected(0, "Successfully installed"),
    "pytest-mmedu doctor": Expected(0, "[v] mmcv"),
    "pytest-mmedu new": Expected(0, "homework.py"),
    "pytest-mmedu check": Expected(0, "100 / 100"),
    "pytest ": Expected(1, "Score 0 / 100"),  # nothing is filled in yet
}


def blocks(name: str) -> list[list[str]]:
    """The commands of each block of the section, without comments: the wheel's, and the checkout's."""
    section = (ROOT / name).read_text("utf-8").partition(f"\n{HEADINGS[name]}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^```\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return [[line.partition("  #")[0].strip() for line in block.splitlines()] for block in found]


@pytest.fixture
def environ(tmp_path: Path) -> Mapping[str, str]:
    """A new virtual environment, as it is once it is activated."""
    place = tmp_path / "venv"
    venv.create(place, with_pip=FRESH)
    paths = paths_in(place)
    if not FRESH:
        (Path(paths["purelib"]) / "running.pth").write_text("\n".join(site.getsitepackages()), "utf-8")
        for name, module in (("pip", "pip"), ("pytest", "pytest")):
            _script(Path(paths["scripts"]), name, module)
    told = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON", "MMEDU"))}
    told["PATH"] = os.pathsep.join([paths["scripts"], told["PATH"]])
    told |= {"MMEDU_LANG": "en", "MMEDU_CACHE": str(tmp_path / "cache"), "PYTHONUTF8": "1"}
    return told if FRESH else told | ALONE


def _script(folder: Path, name: str, module: str) -> None:
    """What pip would have written: the command of a library that the running environment has."""
    if os.name == "nt":
        (folder / f"{name}.bat").write_text(f'@"%~dp0python.exe" -m {module} %*\n', "utf-8")
        return
    script = folder / name
    script.write_text(f'#!/bin/sh\nexec "{folder}/python" -m {module} "$@"\n', "utf-8")
    script.chmod(0o755)


def typed(commands: list[str], folder: Path, environ: Mapping[str, str]) -> None:
    """Each in a shell, as somebody types it; it must end as expected."""
    for command in commands:
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False
        )
        [wanted] = [one for start, one in EXPECTED.items() if command.startswith(start)]
        output = done.stdout + done.stderr
        assert (done.returncode, wanted.says in output) == (wanted.code, True), f"{command}\n{output}"


def build_wheel(source: Path, out: Path) -> None:
    """As `pip wheel --no-deps .` does."""
    code = "import sys, hatchling.build as build; build.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(out)], cwd=source, check=True, capture_output=True)


def test_both_pages_have_the_same_commands() -> None:
    english, chinese = (blocks(name) for name in HEADINGS)
    assert english == chinese
    assert len(english) == 2


@pytest.mark.train
def test_with_the_wheel_in_an_empty_folder(tmp_path: Path, environ: Mapping[str, str]) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    build_wheel(ROOT, folder)
    commands = blocks("README.md")[0]
    assert {"pip", "pytest-mmedu", "pytest"} <= {command.split()[0] for command in commands}
    typed(commands, folder, environ)


@pytest.mark.train
def test_with_a_checkout(tmp_path: Path, environ: Mapping[str, str]) -> None:
    """Only what its commands need is copied, so that nothing is written into the folder that is tested."""
    folder = tmp_path / "checkout"
    for name in OF_A_CHECKOUT:
        source, copy = ROOT / name, folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy)
    typed(blocks("README.md")[1], folder, environ)
