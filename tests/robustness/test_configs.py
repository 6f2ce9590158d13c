"""Every config of the table at every level that promises it, and an honest one graded with the same cache after it."""

from __future__ import annotations

import builtins
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options

from .cases_config import ALL, BASE, CASES, HONEST
from .cases_exhausting import TOO_BUSY
from .conftest import SECRET, Graded, Machine

pytestmark = pytest.mark.train
EXERCISE = """\
id = "configs"
title = {{ zh = "配置", en = "Configs" }}
script = "config.py"
dataset = "digits10"
min_isolation = "process"
[budget]
epochs = 1
images = 20
seconds = {seconds}
memory_mb = 2048
"""
ROWS = [
    pytest.param(level, name, id=f"{level}-{name}") for level in ALL for name in CASES if level in CASES[name].levels
]


def hand_in(machine: Machine, name: str, files: dict[str, str]) -> Path:
    folder = machine.folder / "class" / name
    folder.mkdir(parents=True)
    for file, text in {"base.py": BASE, **files}.items():
        known = text.replace("@EXERCISE@", str(machine.exercise)).replace("@TEACHER@", str(machine.folder))
        (folder / file).write_text(known, encoding="utf-8")
    return folder


def grade(machine: Machine, submission: Path, level: str, cache: Path) -> Graded:
    """Half for a field of the config, half for the training that it makes."""
    options = Options(submission=submission, cache=str(cache), isolation=level)
    handed_in = HandedIn(machine.exercise, options, machine.scratch, machine.boxes)
    subject = handed_in.subject
    results = [CHECKS["param"](subject, "lr", equals=0.05), CHECKS["log_exists"](subject)]
    said = json.dumps([result.to_json() for result in results]) + str(handed_in.facts.notes)
    assert SECRET not in said
    done = handed_in.done
    told = subject.no_run.seen.en if subject.no_run else ""
    score = sum(50 * result.share for result in results)
    return Graded(score, told, getattr(done, "stdout_tail", ""), getattr(done, "isolation", ""), handed_in)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for the module: a hostile config that could poison it would be seen at the neighbour."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize(("level", "name"), ROWS)
def test_a_config_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], kept: Path, level: str, name: str
) -> None:
    case = CASES[name]
    text = EXERCISE.format(seconds=case.budget.get("seconds", 60.0))
    (machine.exercise / "exercise.toml").write_text(text, encoding="utf-8")
    submission = hand_in(machine, "case", case.files)
    graded = grade(machine, submission, at_level(level), kept)
    assert not hasattr(builtins, "MMEDU_MARKER")
    assert "MMEDU_MARKER" not in os.environ
    assert f"ran in {os.getpid()}\n" not in graded.printed, "it ran in the judging process"
    assert case.prints in graded.printed
    too_busy = bool(case.budget) and TOO_BUSY in graded.says
    assert case.says in graded.says or too_busy, (graded.says, graded.printed)
    assert (graded.score, graded.level) == (case.score, level), (graded.says, graded.printed)

    (machine.exercise / "exercise.toml").write_text(EXERCISE.format(seconds=60.0), encoding="utf-8")
    neighbour = grade(machine, hand_in(machine, "neighbour", HONEST), level, kept)
    assert (neighbour.score, neighbour.says) == (100.0, "")
    assert re.search(r"ran in", neighbour.printed) is None
