"""S01 and S02: files that configure pytest, Python or a library where they are found. The work beside them counts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.exercise.load import PYTEST_INI_TEXT
from pytest_mmedu.submission.configuring import takes_no_part

from .conftest import HONEST, Machine
from .sessions import environment, graded

# Each would turn the result round, or leave a mark, where it is in force.
CONFTEST = """\
import pathlib
import pytest

pathlib.Path("@MARK@").write_text("conftest")

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    out = yield
    out.get_result().outcome = "passed"

def pytest_sessionfinish(session):
    session.exitstatus = 0
"""
TOML = '[pytest]\naddopts = ["--collect-only"]\n'
OF_PYTEST = {
    "conftest.py": CONFTEST,
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "pytest.toml": TOML,
    ".pytest.toml": TOML,
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"\n',
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    "test_mine.py": "def test_mine(): pass\n",
}
MARK = "import pathlib\npathlib.Path('@MARK@').write_text(__name__)\nraise SystemExit(0)\n"
OF_PYTHON = {"sitecustomize.py": MARK, "usercustomize.py": MARK, "site.pth": "import pathlib; pathlib.Path('@MARK@')\n"}
LIKE_A_LIBRARY = dict.fromkeys(("json.py", "os.py", "torch.py", "torchvision.py", "mmcls/__init__.py"), MARK)
NAMED = sorted({*OF_PYTEST, *OF_PYTHON} - {"test_mine.py"})


def lay(machine: Machine, submission: Path, files: dict[str, str]) -> Path:
    """The files beside the program; the mark would show that one of them was run."""
    for name, text in files.items():
        (submission / name).parent.mkdir(exist_ok=True)
        (submission / name).write_text(text.replace("@MARK@", str(machine.folder / "mark")), encoding="utf-8")
    return submission


@pytest.mark.parametrize("level", ["namespaces", "landlock", "process"])
@pytest.mark.parametrize(
    ("program", "score", "code"),
    [pytest.param(HONEST, 100.0, 0, marks=pytest.mark.train), ("print(1)\n", 0.0, 1)],
)
def test_s01_s02_the_score_is_as_without_them_and_a_note_names_them(
    machine: Machine, at_level: Callable[[str], str], level: str, program: str, score: float, code: int
) -> None:
    machine.write_exercise(seconds=60.0, memory_mb=2048)  # a training, so that torch and mmcls would be imported
    everything = OF_PYTEST | OF_PYTHON | LIKE_A_LIBRARY
    submission = lay(machine, machine.hand_in("case", program), everything)
    ended = graded(machine, submission, f"--mmedu-isolation={at_level(level)}")
    assert not (machine.folder / "mark").exists()
    assert ended.report.isolation == level
    assert (ended.code, ended.report.score, ended.report.max_score) == (code, score, 100.0)
    notes = [note.en for note in ended.report.notes]
    assert [name for name in NAMED if not any(name in note for note in notes)] == []
    [shadows] = [note for note in notes if "named like a module" in note]
    assert shadows.startswith("json.py, mmcls, os.py, torch.py, torchvision.py: ")


def test_s01_s02_graded_from_within_the_folder_of_the_submission(machine: Machine) -> None:
    machine.write_exercise(asks="function")
    submission = lay(machine, machine.hand_in("case", HONEST), OF_PYTEST | OF_PYTHON | LIKE_A_LIBRARY)
    # -I for the place of the installed command: `python -m` alone would look for modules in the folder first.
    command = [sys.executable, "-I", "-m", "pytest_mmedu", "check", ".", "--exercise", str(machine.exercise)]
    done = subprocess.run(
        [*command, "--isolation", "process", "--cache", "off", "--lang", "en"],
        cwd=submission,
        env=environment(machine),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert not (machine.folder / "mark").exists()
    assert (done.returncode, "Score 100 / 100" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("name", [*NAMED, "code/conftest.py"])
def test_each_is_named_in_both_languages(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(({**OF_PYTEST, **OF_PYTHON}).get(name, CONFTEST), encoding="utf-8")
    [note] = takes_no_part(tmp_path, {"pytest.ini": PYTEST_INI_TEXT})
    assert note.zh == f"{name}：这类文件会改变 pytest 或 Python 的行为；它们没有参与批改。"
    assert note.en == f"{name}: such files change how pytest or Python behaves. They took no part in the grading."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pytest.ini", PYTEST_INI_TEXT.encode()),  # as students are given it
        ("pytest.ini", PYTEST_INI_TEXT.replace("\n", "\r\n").encode()),
        ("pyproject.toml", b'[project]\nname = "mine"\n[tool.ruff]\n'),
        ("setup.cfg", b"[metadata]\nname = mine\n"),
        ("latest.pth", b"PK\x03\x04\0\0import os\n"),
        ("epoch_1.pth", b"\x80\x02}q\0."),
        ("homework.py", b"import pytest\n"),
    ],
)
def test_ordinary_files_are_not_named(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert takes_no_part(tmp_path, {"pytest.ini": PYTEST_INI_TEXT}) == ()


def test_many_are_cut_short(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / f"{number:02}").mkdir()
        (tmp_path / f"{number:02}" / "conftest.py").write_text("", encoding="utf-8")
    [note] = takes_no_part(tmp_path, {})
    assert note.en.startswith("00/conftest.py, 01/conftest.py, ")
    assert note.en.count("conftest.py") == 20
    assert ", …: such files" in note.en


def test_what_the_teacher_laid_into_the_exercise_s_own_folder_is_no_finding(machine: Machine) -> None:
    """A student who works in the folder of the exercise: there a conftest.py does its work."""
    machine.write_exercise(asks="function")
    (machine.exercise / "homework.py").write_text(HONEST, encoding="utf-8")
    (machine.exercise / "conftest.py").write_text("", encoding="utf-8")
    ended = graded(machine, machine.exercise, "--mmedu-isolation=process")
    assert (ended.code, ended.report.score) == (0, 100.0)
    assert not any("took no part" in note.en for note in ended.report.notes)
