"""S29: a class with submissions broken in eight ways: all are in the report, and nobody is in another one's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.json_file import read_report

from .conftest import HONEST, Machine
from .sessions import environment

HONEST_ONES = 8
# What lies in the folder of each who earns nothing.
BROKEN: dict[str, dict[str, bytes]] = {
    "nothing at all": {},
    "a picture for a program": {"homework.py": bytes(range(256)) * 20},
    "a syntax error": {"homework.py": b"model.train(epochs=3\n"},
    "a torn notebook": {"homework.ipynb": b'{"cells": [{"cell_ty'},
    "an endless loop": {"homework.py": b"while True: pass\n"},
    "kills itself": {"homework.py": b"import os\nos.kill(os.getpid(), 9)\n"},
    "a flood": {"homework.py": b"while True: print('x' * 10_000)\n"},
    "no program but a film": {"film.mp4": bytes(1000), "homework.py.txt": b"print(1)\n"},
}


@pytest.mark.train
def test_s29_all_of_a_class_are_in_the_report(machine: Machine, tmp_path: Path) -> None:
    machine.write_exercise(seconds=3.0)
    for number in range(HONEST_ONES):
        machine.hand_in(f"honest {number}", HONEST)
    for name, files in BROKEN.items():
        folder = machine.folder / "class" / name
        folder.mkdir()
        for file, data in files.items():
            (folder / file).write_bytes(data)
    command = [sys.executable, "-m", "pytest_mmedu", "grade", str(machine.folder / "class")]
    command += [f"--exercise={machine.exercise}", f"--out={tmp_path / 'out'}", "--workers=2", "--lang=en"]
    command += [f"--cache={tmp_path / 'cache'}"]
    done = subprocess.run(command, env=environment(machine), capture_output=True, timeout=600, check=False)
    shown = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Traceback" not in shown
    scores = {path.stem: read_report(path).score for path in (tmp_path / "out" / "reports").glob("*.json")}
    honest = dict.fromkeys(("honest", *(f"honest {number}" for number in range(HONEST_ONES))), 100.0)
    assert scores == {**honest, **dict.fromkeys(BROKEN, 0.0)}, shown
    for name in scores:
        assert name in shown
    assert [path.name for path in (tmp_path / "temporary").iterdir()] == []
