"""One submission graded by a pytest of its own, as a teacher starts it: what it ends with, shows and reports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import Report

from .conftest import Machine


@dataclass(frozen=True)
class Ended:
    """A session that left a report; `shown` is everything that it printed."""

    code: int
    report: Report
    shown: str


def environment(machine: Machine, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of the pytest that runs this very test."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MMEDU_"))}
    kept |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(machine.folder.parent / "temporary")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}


def command(machine: Machine, submission: Path, report: Path, *flags: str) -> list[str]:
    """A pytest that reads no settings but those given here."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    words += [f"--rootdir={machine.exercise}", "-p", "pytest_mmedu.plugin", str(machine.exercise)]
    return [*words, f"--mmedu-submission={submission}", f"--mmedu-report=json:{report}", "--mmedu-cache=off", *flags]


def graded(
    machine: Machine,
    submission: Path,
    *flags: str,
    env: Mapping[str, str] | None = None,
    within: Sequence[str] = (),
) -> Ended:
    """The exit code, the report and the card. `within`: a command that starts the session, in its own circumstances."""
    report = machine.folder.parent / "report.json"
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [*within, *command(machine, submission, report, *flags)],
        cwd=machine.exercise,
        env=environment(machine, env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    shown = done.stdout + done.stderr
    assert report.exists(), shown
    assert "Traceback" not in shown
    return Ended(done.returncode, read_report(report), shown)
