"""An exercise that asks for one answer, and a class of it; some submissions end the Dask worker that grades them."""

from __future__ import annotations

import os
from pathlib import Path

EXERCISE = {
    "exercise.toml": """
        id = "small"
        title = { zh = "小练习", en = "Small" }
        answers = "answers.toml"
    """,
    # This is the teacher's side: what it kills is the Dask worker, above the judge.
    "test_small.py": '''"""小练习 | Small"""

from pathlib import Path

import psutil

from pytest_mmedu import points
from pytest_mmedu.text import Text

WHERE = Text("看日志。", "Look at the log.")
JUDGES = {"pytest", "pytest_mmedu.warm_judge.answering"}


@points(10)
def test_answers(check, submission):
    """答案 | Answers"""
    check.answer("epochs", equals=12, where=WHERE)
    deadly = submission.folder / "deadly.txt"
    if deadly.exists() and not (once := Path(deadly.read_text("utf-8"))).exists():
        if once.name == "once":
            once.touch()
        next(one for one in psutil.Process().parents() if not JUDGES & set(one.cmdline())).kill()
''',
}
ANSWERS = {"right": "epochs = 12\n", "wrong": "epochs = 11\n", "empty": "epochs = ...\n", "broken": "epochs = = 1\n"}


def write_exercise(folder: Path) -> Path:
    for name, content in EXERCISE.items():
        (folder / name).write_text(content, "utf-8")
    return folder


def write_class(folder: Path) -> list[Path]:
    """One of them is on the list of the class, and holds a link, which is not followed."""
    folder.mkdir(exist_ok=True)
    (folder / "students.csv").write_text("name,id\nright,2024001\n", "utf-8")
    found = [hand_in(folder / name, answers) for name, answers in sorted(ANSWERS.items())]
    if os.name != "nt":  # where links take rights that few have
        (folder / "right" / "a_link").symlink_to("/etc/hostname")
    return found


def hand_in(folder: Path, answers: str, deadly: Path | None = None) -> Path:
    """`deadly` is a file: without it the worker dies; one that is called "once" is made then."""
    folder.mkdir()
    (folder / "answers.toml").write_text(answers, "utf-8")
    if deadly is not None:
        (folder / "deadly.txt").write_text(str(deadly), "utf-8")
    return folder
