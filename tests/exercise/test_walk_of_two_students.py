"""Who knows only the README hands exercise 12 out to two students: other answers for each, and copying earns little."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main

ROOT = Path(__file__).resolve().parents[2]
EXERCISE = "exercises/12_read_a_log"
NUMBER = r"([\d.e+-]+)"


def commands() -> list[list[str]]:
    """The block of the README that is about this exercise."""
    blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    [block] = [text for text in blocks if f"release {EXERCISE} " in text]
    return [shlex.split(line) for line in block.splitlines()]


def typed(command: list[str]) -> str:
    program, *arguments = command
    assert program == ".venv/bin/pytest-mmedu"
    done = CliRunner().invoke(main, [*arguments, "--lang", "en"] if arguments[0] != "release" else arguments)
    assert done.exit_code in (0, 1), done.output
    return done.output


def read(folder: Path) -> dict[str, str]:
    """What a student finds in the logs, with the eyes alone: nothing of the kit's own log reader takes part."""
    line = (folder / "one_line.log").read_text("utf-8")
    epoch, batch, batches = re.findall(r"\d+", line[line.index("[") : line.index("]\t")])
    hours, minutes, seconds = map(int, re.findall(r"eta: (\d+):(\d+):(\d+)", line)[0])
    item = {name: re.findall(rf"[ \t]{name}: {NUMBER}", line)[0] for name in _ITEMS}
    run = (folder / "run.log").read_text("utf-8")
    trained = re.findall(rf"Epoch \[(\d+)\].*lr: {NUMBER},.*loss: {NUMBER}", run)
    tested = re.findall(rf"Epoch\(val\) \[(\d+)\].*accuracy_top-1: {NUMBER},", run)
    best = max(tested, key=lambda one: float(one[1]))
    computers = (folder / "computers.log").read_text("utf-8").splitlines()
    waits = [float(re.findall(rf"data_time: {NUMBER}", one)[0]) / _time(one) for one in computers]
    return {
        "line_epoch": epoch,
        "line_batch": batch,
        "line_batches": batches,
        **{f"line_{name}": value for name, value in item.items()},
        "line_eta": str((hours * 60 + minutes) * 60 + seconds),
        "run_epochs": trained[-1][0],
        "run_lower_lr": next(epoch for epoch, lr, _ in trained if float(lr) < float(trained[0][1])),
        "run_last_loss": trained[-1][2],
        "run_best_accuracy": best[1],
        "run_stop_after": best[0],
        "computer_without_gpu": str(1 + ["memory" in one for one in computers].index(False)),
        "computer_waiting": str(1 + waits.index(max(waits))),
    }


_ITEMS = ("lr", "loss", "time", "data_time", "memory")


def _time(line: str) -> float:
    return float(re.findall(rf" time: {NUMBER}", line)[0])


def answer(folder: Path, found: dict[str, str]) -> None:
    """Every `"..."` of the starter is filled in."""
    path = folder / "answers.toml"
    text = path.read_text("utf-8")
    for name, value in found.items():
        assert text.count(f'\n{name} = "..."\n') == 1
        text = text.replace(f'\n{name} = "..."\n', f"\n{name} = {value}\n")
    assert '= "..."' not in text
    path.write_text(text, encoding="utf-8")


def pytest_in(folder: Path) -> tuple[int, float]:
    """Exit code and score of `pytest`, typed in the student's folder."""
    environ = {**os.environ, "MMEDU_LANG": "en", "PYTHONUTF8": "1"}
    environ["PYTEST_ADDOPTS"] = "-p no:hypothesispytest -p no:cov -p no:randomly -p no:xdist"  # nobody else has them
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=folder,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    [score] = re.findall(r"Score ([\d.]+) / 100\b", done.stdout) or [done.stdout + done.stderr]
    return done.returncode, float(score)


def test_the_walk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / EXERCISE, tmp_path / EXERCISE, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MMEDU_CACHE", str(tmp_path / "cache"))
    *releases, variant, grade = commands()
    for command in releases:
        typed(command)
    li, wang = (tmp_path / command[command.index("--out") + 1] for command in releases)
    given = {"README.md", "answers.toml", "exercise.toml", "pytest.ini", "student.toml", "test_exercise.py"}
    logs = {"computers.log", "one_line.log", "run.log", "run.log.json"}
    assert {path.name for path in li.iterdir()} == {path.name for path in wang.iterdir()} == given | logs
    assert [name for name in logs if (li / name).read_bytes() == (wang / name).read_bytes()] == []

    found = read(li)
    answer(li, found)
    assert pytest_in(li) == (0, 100.0)
    shutil.copyfile(li / "answers.toml", wang / "answers.toml")
    code, score = pytest_in(wang)
    assert code == 1
    assert score < 20

    shown = dict(re.findall(r"^  (\w+) +(\S+)$", typed(variant), re.MULTILINE))
    assert {name: float(value) for name, value in shown.items()} == {name: float(one) for name, one in found.items()}
    table = typed(grade)
    assert re.search(r"\bli\b.*\b100\b", table)
    assert re.search(rf"\bwang\b.*\b{score:g}\b", table)
