"""Exercise 01 walked through as a student gets it; test_course.py has it verified with all the others."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.release import release

EXERCISE = Path(__file__).resolve().parents[2] / "exercises" / "01_first_training"


def test_nothing_is_wrong_with_its_files() -> None:
    assert lint(EXERCISE) == []


@pytest.mark.train
def test_what_a_student_does(tmp_path: Path) -> None:
    folder = tmp_path / "练习 1"
    release(EXERCISE, folder)
    code, untouched = _pytest(folder, tmp_path)
    assert code == 1
    assert "得分 0 / 100" in untouched
    assert "还没有填写" in untouched

    homework = folder / "homework.py"
    text = homework.read_text("utf-8")
    homework.write_text(
        text.replace("save_fold = ...", 'save_fold = "模型"').replace("epochs=...", "epochs=6"), "utf-8"
    )
    code, first = _pytest(folder, tmp_path)
    assert code == 0
    assert "得分 100 / 100" in first
    assert FROM_CACHE not in first

    code, second = _pytest(folder, tmp_path)
    assert code == 0
    assert "得分 100 / 100" in second
    assert FROM_CACHE in second

    code, third = _pytest(folder, tmp_path, sys.executable, "-c", LOADED)
    assert code == 0
    loaded = third.splitlines()[-1].split()
    assert "pytest_mmedu.submission.running" in loaded
    assert NOT_FROM_CACHE.intersection(loaded) == set()


FROM_CACHE = "训练结果来自缓存，没有重新训练。"
LOADED = "import pytest, sys; code = pytest.main(sys.argv[1:]); print(*sys.modules); sys.exit(code)"
# What only a training needs, or another kind of submission or log: a student waits for none of it the second time.
NOT_FROM_CACHE = {
    "torch",
    "numpy",
    "mmcv",
    "mmcls",
    "cv2",
    "PIL",
    "psutil",
    "rich",
    "pydantic",
    "click",
    "nbformat",
} | {
    f"pytest_mmedu.{name}"
    for name in (
        "config_tree",
        "logs.console_text",
        "submission.carrying_out",
        "submission.config.choosing",
        "submission.evaluation_child",
        "submission.isolation.trying",
        "submission.process",
    )
}


def _pytest(folder: Path, tmp_path: Path, *python: str) -> tuple[int, str]:
    """What the student types, in the student's folder; -p no:... leaves out plugins of ours for development."""
    start = python or (sys.executable, "-m", "pytest")
    command = [*start, "-p", "no:randomly", "-p", "no:xdist", "-p", "no:cacheprovider"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MMEDU_"))}
    environment = kept | {"MMEDU_CACHE": str(tmp_path / "cache"), "MMEDU_LANG": "zh", "PYTHONUTF8": "1"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    return done.returncode, done.stdout
