"""Which program of an untidy folder is taken, and what is said about the others."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.report.json_file import write_report
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName
from pytest_mmedu.submission import find_submission, read_asked
from pytest_mmedu.submission.plain_files import list_files
from pytest_mmedu.text import Text

FILLED = "from MMEdu import MMClassification as cls\ncls().train(epochs=3)\n"
OPEN = "from MMEdu import MMClassification as cls\ncls().train(epochs=..., lr=...)\n"
HALF = "from MMEdu import MMClassification as cls\ncls().train(epochs=3, lr=...)\n"
BROKEN = "from MMEdu import MMClassification as cls\ncls().train(epochs=3\n"
HELPER = "def accuracy(): return 1\n"


def put(folder: Path, **files: str) -> Path:
    """`a__py="…"` makes a.py; a notebook gets the text as its one cell."""
    for key, text in files.items():
        path = folder / key.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_notebook(text) if path.suffix == ".ipynb" else text, encoding="utf-8")
    return folder


def as_notebook(text: str) -> str:
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def taken(folder: Path, script: str | None = None) -> str:
    return find_submission(folder, script=script).source_name


def test_a_file(tmp_path: Path) -> None:
    put(tmp_path, homework__py=FILLED)
    found = find_submission(tmp_path / "homework.py")
    assert (found.folder, found.source_file, found.kind) == (tmp_path, tmp_path / "homework.py", "script")
    assert found.alone
    assert read_asked(found)[0]["epochs"].place == "homework.py:2"


def test_a_notebook_in_a_folder(tmp_path: Path) -> None:
    put(tmp_path, homework__ipynb=FILLED)
    found = find_submission(tmp_path)
    assert (found.source_name, found.kind, found.notes, found.alone) == ("homework.ipynb", "notebook", (), False)


def test_chinese_and_spaced_names_in_sub_folders(tmp_path: Path) -> None:
    put(tmp_path / "三班 张三" / "我的 作业", **{"图像 分类__py": FILLED})
    found = find_submission(tmp_path)
    assert found.source_name == "三班 张三/我的 作业/图像 分类.py"
    assert read_asked(found)[0].place == "三班 张三/我的 作业/图像 分类.py:2"


def test_the_named_script_wins(tmp_path: Path) -> None:
    put(tmp_path, homework__py=FILLED, a_first_try__py=FILLED)
    found = find_submission(tmp_path, script="homework.py")
    assert found.source_name == "homework.py"
    assert found.notes == (
        Text(
            "批改的是 homework.py（文件名与练习一致），没有看 a_first_try.py。",
            "homework.py is graded (it has the name that the exercise asks for); not looked at: a_first_try.py.",
        ),
    )


def test_without_a_name_the_one_that_trains(tmp_path: Path) -> None:
    put(tmp_path, a_helper__py=HELPER, zz__py=FILLED)
    found = find_submission(tmp_path)
    assert (found.source_name, found.notes) == ("zz.py", ())


@pytest.mark.parametrize(
    ("script", "notebook", "name"),
    [
        (FILLED, OPEN, "homework.py"),
        (OPEN, FILLED, "homework.ipynb"),
        (FILLED, FILLED, "homework.py"),
        (OPEN, OPEN, "homework.py"),
        (OPEN, HALF, "homework.ipynb"),
        (OPEN, BROKEN, "homework.ipynb"),
        (BROKEN, OPEN, "homework.py"),
        (BROKEN, FILLED, "homework.ipynb"),
        (HELPER, FILLED, "homework.ipynb"),
    ],
)
def test_of_script_and_notebook_the_one_that_is_filled_in(
    tmp_path: Path, script: str, notebook: str, name: str
) -> None:
    put(tmp_path, homework__py=script, homework__ipynb=notebook)
    assert taken(tmp_path, "homework.py") == name
    assert taken(tmp_path) == name


def test_a_note_says_which_of_the_two_is_graded(tmp_path: Path) -> None:
    put(tmp_path, homework__py=FILLED, homework__ipynb=FILLED)
    assert find_submission(tmp_path).notes == (
        Text(
            "批改的是 homework.py（脚本优先），没有看 homework.ipynb。",
            "homework.py is graded (a script comes before a notebook); not looked at: homework.ipynb.",
        ),
    )
    put(tmp_path, homework__py=OPEN)
    assert find_submission(tmp_path).notes == (
        Text(
            "批改的是 homework.ipynb（只有它填好了），没有看 homework.py。",
            "homework.ipynb is graded (it alone is filled in); not looked at: homework.py.",
        ),
    )


def test_a_stray_notebook_does_not_push_the_named_script_aside(tmp_path: Path) -> None:
    put(tmp_path, homework__py=OPEN, playing__ipynb=FILLED)
    assert taken(tmp_path, "homework.py") == "homework.py"


def test_the_exercise_is_never_taken_for_homework(tmp_path: Path) -> None:
    files = dict.fromkeys(("test_exercise__py", "conftest__py", "master__py"), FILLED)
    put(tmp_path, exercise__toml="", **files)
    put(tmp_path / "submissions" / "accepted" / "reference", homework__py=FILLED)
    found = find_submission(tmp_path)
    assert (found.source_file, found.kind) == (None, None)
    assert found.notes == (Text("没有找到脚本或笔记本。", "There is no script or notebook."),)
    assert read_asked(found) == ()
    put(tmp_path, homework__py=OPEN)
    assert taken(tmp_path) == "homework.py"


def test_a_program_that_was_saved_as_a_text(tmp_path: Path) -> None:
    put(tmp_path, homework__py__txt=FILLED, answers__docx="")
    assert find_submission(tmp_path).notes == (
        Text(
            "没有找到脚本或笔记本；answers.docx、homework.py.txt 不能运行：程序的文件名以 .py 或 .ipynb 结尾。",
            "There is no script or notebook; answers.docx, homework.py.txt cannot be run: "
            "the name of a program ends in .py or .ipynb.",
        ),
    )


def test_only_a_test_file_was_handed_in(tmp_path: Path) -> None:
    put(tmp_path, test_exercise__py=FILLED)
    assert find_submission(tmp_path).notes == (
        Text(
            "没有找到脚本或笔记本；test_*.py 是练习的测试文件，不算作业。",
            "There is no script or notebook; test_*.py belongs to the exercise and is not taken for homework.",
        ),
    )


def test_hidden_and_foreign_folders_are_passed_over(tmp_path: Path) -> None:
    for folder in (".git", "__pycache__", ".ipynb_checkpoints", "site-packages", "__MACOSX"):
        put(tmp_path / folder, homework__py=FILLED)
    put(tmp_path / "env", pyvenv__cfg="")
    put(tmp_path / "env" / "lib", homework__py=FILLED)
    assert find_submission(tmp_path).source_file is None


def test_what_grading_itself_wrote_is_not_part_of_the_homework(tmp_path: Path) -> None:
    put(tmp_path, **{"homework.py": "x = 1\n", "answers.json": '{"format": "mine"}'})
    report = Report(ExerciseName("01", Text.same("1")), SubmissionName("me"), (), 0.0, 0.0)
    write_report(report, tmp_path / "report.json")
    RunCache(tmp_path / "runs").get_or_make("key", lambda folder: (folder / "a.txt").touch())
    found, notes = list_files(tmp_path)
    assert [entry.path.as_posix() for entry in found] == ["answers.json", "homework.py"]
    assert notes == ()


def test_a_huge_script_is_passed_over_with_a_note(tmp_path: Path) -> None:
    with (tmp_path / "dump.py").open("wb") as file:
        file.truncate(3_000_000)
    put(tmp_path, mine__py=FILLED)
    found = find_submission(tmp_path)
    assert found.source_name == "mine.py"
    assert found.notes == (Text("dump.py 太大（3 MB），没有读。", "dump.py is too large (3 MB) and was not read."),)


@pytest.mark.skipif(sys.platform == "win32", reason="there it is a copy")
@pytest.mark.parametrize(
    ("target", "notes"),
    [
        ("epoch_2.pth", ()),
        ("../out.pth", (Text("没有读 first/latest.pth：是链接。", "first/latest.pth was not read: it is a link."),)),
    ],
)
def test_the_link_that_a_training_leaves_is_not_worth_a_word(
    tmp_path: Path, target: str, notes: tuple[Text, ...]
) -> None:
    put(tmp_path, homework__py=FILLED)
    (tmp_path / "first").mkdir()
    (tmp_path / "first" / "epoch_2.pth").write_bytes(b"weights")
    (tmp_path / "first" / "latest.pth").symlink_to(target)
    assert find_submission(tmp_path).notes == notes


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need POSIX")
def test_links_and_pipes_are_not_opened(tmp_path: Path) -> None:
    put(tmp_path / "outside", homework__py=FILLED)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.py").symlink_to(tmp_path / "outside" / "homework.py")
    (folder / "b").symlink_to(tmp_path / "outside", target_is_directory=True)
    os.mkfifo(folder / "c.py")
    found = find_submission(folder)
    assert found.source_file is None
    assert found.notes[:3] == (
        Text("没有读 a.py：是链接。", "a.py was not read: it is a link."),
        Text("没有读 b：是链接。", "b was not read: it is a link."),
        Text("没有读 c.py：不是普通文件。", "c.py was not read: it is not a plain file."),
    )


@pytest.mark.skipif(sys.platform == "win32", reason="links need POSIX")
def test_a_link_is_no_submission(tmp_path: Path) -> None:
    put(tmp_path, homework__py=FILLED)
    (tmp_path / "link.py").symlink_to(tmp_path / "homework.py")
    with pytest.raises(SubmissionError) as caught:
        find_submission(tmp_path / "link.py")
    assert caught.value.seen.zh.endswith("link.py 是链接，不读。")


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        find_submission(tmp_path / "nothing")
    assert caught.value.seen.en == f"There is no {tmp_path / 'nothing'}."
    assert caught.value.todo == Text("请核对作业的路径。", "Check the path of the submission.")


def test_a_picture_is_no_submission(tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(b"")
    with pytest.raises(SubmissionError) as caught:
        find_submission(tmp_path / "cat.png")
    assert caught.value.text == Text(
        "cat.png 不是脚本或笔记本。应为 .py 或 .ipynb 文件，或一个文件夹。请核对作业的路径。",
        "cat.png is neither a script nor a notebook. It takes a .py or .ipynb file, or a folder. "
        "Check the path of the submission.",
    )
