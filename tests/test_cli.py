"""The command line: help, the table of parameters, and sentences instead of tracebacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main
from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.text import width

COMMANDS = "check doctor export grade log new override params release run starter variant verify watch".split()


def test_help_names_every_command_in_both_languages() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    assert sorted(main.commands) == COMMANDS
    for command in main.commands.values():
        first = (command.help or "").partition("\n")[0]
        assert " | " in first
        assert first in " ".join(result.output.split()), "not cut off"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_params_shows_every_parameter_with_default_and_code(lang: str) -> None:
    result = CliRunner().invoke(main, ["params", "--lang", lang])
    assert result.exit_code == 0
    for row in PARAMETERS:
        assert row.name in result.output
        assert repr(row.default) in result.output
        assert row.code is None or str(row.code) in result.output.replace("\n", "")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_params_fits_into_80_columns(lang: str) -> None:
    result = CliRunner().invoke(main, ["params", "--lang", lang], env={"COLUMNS": "80"})
    assert max(width(line) for line in result.output.splitlines()) <= 80


def test_a_missing_log_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_mmedu", "log", str(tmp_path / "no.log.json")],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no.log.json" in done.stderr
    assert " | " in done.stderr


def test_a_console_that_is_not_utf8_does_not_stop_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_mmedu", "params", "--lang", "zh"],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0
    assert b"epochs" in done.stdout


def test_starting_the_command_line_imports_nothing_heavy() -> None:
    code = "import sys, pytest_mmedu.cli; print(sorted({'torch','mmcv','mmcls','numpy','pytest'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_verify_takes_the_whole_course_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "exercises" / "notes").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["verify", "--lang", "en"])
    assert done.exit_code == 1
    assert "There is no exercise in exercises. The folder of an exercise holds an exercise.toml." in done.output
