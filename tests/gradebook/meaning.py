"""What a gradebook says, without what may differ between two gradings of the same class: times and seconds."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.json_file import read_report
from tests.interruptible import COMMAND


def meaning(results: Path) -> dict[str, Any]:
    """Every row, every report in its file, and the names of all files."""
    with Gradebook(results / "gradebook.sqlite") as book:
        rows = {row.student: _of_row(row) for row in book.rows()}
    files = sorted(path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file())
    reports = {path.stem: _of_report(read_report(path).to_json()) for path in sorted(results.glob("reports/*.json"))}
    return {"rows": rows, "reports": reports, "files": [name for name in files if not _passing(name)]}


def _of_row(row: Row) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    report = row.report and _of_report(row.report.to_json())
    return {**told, "path": Path(row.path).name, "graded_at": bool(row.graded_at), "report": report}


def _of_report(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "seconds"}


def _passing(name: str) -> bool:
    """Of a grader that works or was killed."""
    return name.endswith((".tmp", ".lock", "-wal", "-shm"))


def command(folder: Path, exercise: Path, results: Path, *more: str) -> list[str]:
    words = [*COMMAND, "grade", str(folder), "--exercise", str(exercise)]
    return [*words, "--out", str(results), "--lang", "en", "--workers", "1", *more]


def start(words: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    shown, _ = process.communicate(timeout=600)
    return process.returncode, shown.decode("utf-8", "replace")


def graded(results: Path) -> int:
    """How many gradings have ended by now, seen from outside."""
    path = results / "gradebook.sqlite"
    if not path.exists():
        return 0
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
        return int(base.execute("SELECT count(*) FROM attempts").fetchone()[0])
    return 0


def wait_for(count: int, process: subprocess.Popen[bytes], results: Path) -> None:
    """Until so many are graded, or the process has ended by itself."""
    while process.poll() is None and graded(results) < count:
        time.sleep(0.01)
