"""A class graded on a Windows that Linux plays, in real processes: no fork, no links, nothing that is open removed."""

from __future__ import annotations

import csv
import os
import site
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.environments import paths_in

from .like_windows import FAULTS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is played on Linux, with the help of /proc")
ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
EXERCISE = 'id = "there"\ntitle = { zh = "在那里", en = "There" }\n'
TESTS = '''\
from pytest_mmedu import points


@points(10)
def test_total(check):
    """求和 | The sum"""
    check.function("total", examples=[([1],), ([2, 3],)], reference=sum)
'''
RIGHT = """\
import subprocess, sys
subprocess.run([sys.executable, "-c", "print('另一个进程')"], check=True)
def total(numbers):
    with open("中间 结果.txt", "w", encoding="utf-8") as file:
        file.write(str(sum(numbers)))
    return sum(numbers)
"""
# It leaves a process behind that works in a folder of its own and holds a file open, as it does itself.
HOLDING = """\
import os, subprocess, sys
os.makedirs("deep/inside")
os.chdir("deep/inside")
kept = open("kept.txt", "w")
subprocess.Popen([sys.executable, "-c", "import time; also = open('also.txt', 'w'); time.sleep(3600)"])
def total(numbers): return sum(numbers)
"""
CLASS = {
    "王小红_2024001/homework.py": RIGHT,
    "Li Lei/homework.py": HOLDING,
}
# That only other systems can have.
FOREIGN_NAMES = ("aux.txt", "笔记. /a", "HOMEWORK.PY", "长" * 200, "/".join(["深" * 30] * 8))
Python = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """The disk on which everything lies: it has names as there, and an environment whose every process plays along."""
    place = tmp_path / "C"
    (place / "Temp 临时").mkdir(parents=True)
    return place


@pytest.fixture
def python(tmp_path: Path, there: Path) -> Python:
    """A Python of that environment, at a console of a Chinese Windows."""
    environment = tmp_path / "venv"
    venv.create(environment)
    paths = paths_in(environment)
    lines = [str(ROOT), *site.getsitepackages(), str(HERE), f"import like_windows; like_windows.play({str(there)!r})"]
    (Path(paths["purelib"]) / "there.pth").write_text("\n".join(lines), "utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "MMEDU", "PYTHON"))}
    folders = {"TMPDIR": there / "Temp 临时", "MMEDU_CACHE": there / "cache", "HOME": there}
    told = {"PATH": paths["scripts"], "PYTHONIOENCODING": "cp936", "MMEDU_LANG": "zh"}
    environ = kept | told | {name: str(value) for name, value in folders.items()}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(paths["scripts"]) / "python"), *arguments]
        return subprocess.run(command, cwd=there, env=environ, capture_output=True, encoding="cp936", check=False)

    return run


def _lay_out(there: Path) -> None:
    (there / "exercise").mkdir()
    (there / "exercise" / "exercise.toml").write_text(EXERCISE, "utf-8")
    (there / "exercise" / "test_there.py").write_text(TESTS, "utf-8")
    for name, text in CLASS.items():
        path = there / "三班 作业" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        path.chmod(0o444)  # as copied from a CD or a share: Windows keeps the mark
    with zipfile.ZipFile(there / "三班 作业" / "韩梅梅.zip", "w") as packed:
        packed.writestr("作业: 最终?/homework.py", RIGHT)
        for name in FOREIGN_NAMES:
            packed.writestr(f"作业: 最终?/{name}", "one of many")


def _leave_a_folder(there: Path) -> None:
    """Of a process that was killed an hour ago."""
    left = there / "Temp 临时" / "mmedu-run-killed"
    (left / "work").mkdir(parents=True)
    (left / ".alive").touch()
    (left / "work" / "a").touch()
    os.utime(left / ".alive", (time.time() - 3600,) * 2)


def _scores(there: Path) -> dict[str, str]:
    with (there / "成绩" / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    student, score = (next(at for at, name in enumerate(rows[0]) if word in name) for word in ("学生", "得分"))
    return {row[student]: row[score] for row in rows[1:]}


def test_a_class_is_graded_and_nothing_is_left(there: Path, python: Python) -> None:
    _lay_out(there)
    _leave_a_folder(there)
    grade = ("-m", "pytest_mmedu", "grade", "三班 作业", "--exercise", "exercise", "--out", "成绩")
    done = python(*grade)
    faults = there / FAULTS
    assert not faults.exists(), faults.read_text("utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert _scores(there) == {"王小红_2024001": "10", "Li Lei": "10", "韩梅梅": "10"}
    assert "新批改 0 份" in python(*grade).stdout
    assert list((there / "Temp 临时").iterdir()) == []
    assert _working_in(there) == []


def _working_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        ("kept = open('a'); os.remove('a')", "PermissionError: [Errno 13]"),
        ("os.mkdir('d'); os.chdir('d'); os.rmdir('../d')", "PermissionError: [Errno 13]"),
        ("os.mkdir('a'); kept = open('a/b', 'w'); os.rename('a', 'c')", "PermissionError: [Errno 13]"),
        ("open('12:30.txt', 'w')", "OSError: [Errno 22]"),
        ("os.mkdir('con')", "OSError: [Errno 22]"),
        ("os.mkdir('a' * 230)", "FileNotFoundError: [Errno 2]"),
        ("from pytest_mmedu.submission import tree as t; t.os.fork()", "AttributeError: module 'os' has no attribute"),
        ("from pytest_mmedu.submission import tree as t; t.os.symlink('a', 'b')", "OSError: [Errno 1314]"),
    ],
)
def test_the_stage_refuses_what_windows_does(there: Path, python: Python, program: str, fault: str) -> None:
    done = python("-c", f"import os; open('a', 'w').close() if 'mkdir' not in {program!r} else None; {program}")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(fault)
