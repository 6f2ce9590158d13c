"""一次 pytest | One run of pytest in a process of its own, within a limit, and what happened where it left nothing.

A `Session` is handed what to run, an empty folder to work in and the limit. This one starts Python anew;
`pytest_mmedu.batch` has one that forks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.text import Text, printable


@dataclass(frozen=True)
class Invocation:
    """One pytest for one exercise and one submission.

    exercise  arguments that are the same for each of its submissions: where the tests are, and how to collect them
    settings  what holds for this submission: flags of the plugin with their values
    """

    exercise: Sequence[str]
    settings: Mapping[str, str]


# None, or what went wrong in case there is no report.
Session = Callable[[Invocation, Path, float], Text | None]
OUTPUT = "output.txt"
_TAIL = 20_000  # bytes of output that are searched for the reason


def fresh_session(invocation: Invocation, folder: Path, limit: float) -> Text | None:
    """`python -m pytest` in `folder`."""
    with started(invocation, folder) as process:
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            return too_long(limit)
    return no_report(code, folder)


@contextmanager
def started(invocation: Invocation, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """pytest in a process of its own; nothing that it started is left at the end."""
    arguments = ["-p", "pytest_mmedu.plugin", *empty_ini(folder), *invocation.exercise]
    settings = [f"{flag}={value}" for flag, value in invocation.settings.items()]
    with (folder / OUTPUT).open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments, *settings],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                kill_tree(process.pid)
                process.wait()


def empty_ini(folder: Path) -> tuple[str, str]:
    """The arguments that keep pytest from reading anybody's settings."""
    ini = folder / "pytest.ini"
    ini.write_text("[pytest]\n", "utf-8")
    return "-c", str(ini)


def environment() -> dict[str, str]:
    """Ours, without what would steer pytest or Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHON", "MMEDU_"))}
    return kept | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def too_long(limit: float) -> Text:
    return Text(f"批改超过 {limit:g} 秒，已停止。", f"Grading took more than {limit:g} seconds and was stopped.")


def no_report(code: int, folder: Path) -> Text:
    """What pytest said last, in case it left no report."""
    why = _last_words(folder / OUTPUT)
    return Text(f"批改进程没有留下报告，退出码 {code}：{why}", f"Grading left no report, exit code {code}: {why}")


def kill_tree(pid: int) -> None:
    """Nothing that grading started may outlive it. The process itself is to be collected by whoever started it."""
    import psutil

    try:
        family = [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=10)


def _last_words(path: Path) -> str:
    """The lines that pytest marks with E, else the last few: what a teacher needs to find the reason."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        lines = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    marked = [line.removeprefix("E") for line in lines if line.startswith("E  ")]
    return printable(" ".join(" ".join(marked or lines[-5:]).split()), 500)
