"""Class folders as course systems hand them out: every student once, with the right name."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.batch.layouts import Student, find_students
from pytest_mmedu.cli import main
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.report.json_file import read_report

METADATA = """\
---
submission_101:
  :submitters:
  - :name: 张三
    :sid: '2020'
    :email: a@example.org
  :created_at: 2026-01-01 10:00:00
  :score: 1.0
submission_102:
  :submitters:
  - :name: "Li Si"
  - :name: 'Wang/Wu'
"""
HOMEWORK = "x = 1\n"
LAYOUTS: dict[str, tuple[list[str], list[tuple[str, str]]]] = {
    "plain": (
        [
            "张三/homework.py",
            "li si/a/b.ipynb",
            "王五.py",
            "赵六.zip",
            "x.toml",
            ".git/config",
            "_old/x.py",
            "list.csv",
        ],
        [("li si", "li si"), ("x", "x.toml"), ("张三", "张三"), ("王五", "王五.py"), ("赵六", "赵六.zip")],
    ),
    "Moodle": (
        [
            "张三_123_assignsubmission_file_/homework.py",
            "张三_123_assignsubmission_onlinetext_/onlinetext.html",
            "Li Si_124_assignsubmission_file_/hw.zip",
            "Ann_Lee_125_assignsubmission_file/hw.py",
            "Text Only_126_assignsubmission_onlinetext_/onlinetext.html",
        ],
        [
            ("Ann_Lee", "Ann_Lee_125_assignsubmission_file"),
            ("Li Si", "Li Si_124_assignsubmission_file_"),
            ("Text Only", "Text Only_126_assignsubmission_onlinetext_"),
            ("张三", "张三_123_assignsubmission_file_"),
        ],
    ),
    "Moodle without folders": (
        ["张三_123_assignsubmission_file_hw.zip", "李四_124_assignsubmission_file_hw.py"],
        [("张三", "张三_123_assignsubmission_file_hw.zip"), ("李四", "李四_124_assignsubmission_file_hw.py")],
    ),
    "one Moodle zip": (["张三_1_assignsubmission_file_.zip"], [("张三", "张三_1_assignsubmission_file_.zip")]),
    "Gradescope": (
        ["submission_101/homework.py", "submission_102/homework.py", "submission_103/x.py", "submission_metadata.yml"],
        [("张三", "submission_101"), ("Li Si、Wang_Wu", "submission_102"), ("submission_103", "submission_103")],
    ),
    "Gradescope, wrapped": (
        ["assignment_7_export/submission_101/homework.py", "assignment_7_export/submission_metadata.yml"],
        [("张三", "assignment_7_export/submission_101")],
    ),
    "GitHub Classroom": (
        ["hw-1-alice/.git/HEAD", "hw-1-alice/homework.py", "hw-1-bob-x/.github/w.yml", "hw-1-bob-x/homework.py"],
        [("alice", "hw-1-alice"), ("bob-x", "hw-1-bob-x")],
    ),
    "folders that only look like it": (
        ["li-ming/homework.py", "li-hua/homework.py"],
        [("li-hua", "li-hua"), ("li-ming", "li-ming")],
    ),
    "two of one name": (
        ["Li_1_assignsubmission_file_/x.py", "Li_2_assignsubmission_file_/x.py", "a.zip", "A.tar.gz"],
        [
            ("A (A.tar.gz)", "A.tar.gz"),
            ("Li (1)", "Li_1_assignsubmission_file_"),
            ("Li (2)", "Li_2_assignsubmission_file_"),
            ("a (a.zip)", "a.zip"),
        ],
    ),
    "unpacked by Windows": (
        ["高一3班/高一3班/张三/homework.py", "高一3班/高一3班/李四/hw.zip", "高一3班/__MACOSX/x.py"],
        [("张三", "高一3班/高一3班/张三"), ("李四", "高一3班/高一3班/李四")],
    ),
    "one student alone": (["张三/homework.py"], [("张三", "张三")]),
    "a name with a line end": (["a\nb\x1b[2J/homework.py"], [("a_b_[2J", "a\nb\x1b[2J")]),
}


def lay_out(folder: Path, names: list[str]) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(METADATA if name.endswith(".yml") else HOMEWORK, encoding="utf-8")
    return folder


def packed(names: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, METADATA if name.endswith("metadata.yml") else HOMEWORK)
    return out.getvalue()


def found(students: list[Student], below: Path) -> list[tuple[str, str]]:
    return [(one.name, one.path.relative_to(below).as_posix()) for one in students]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[], Path]:
    place = tmp_path / "unpacked"
    place.mkdir()
    return lambda: Path(tempfile.mkdtemp(dir=place))


if os.name == "nt":  # where no folder can have such a name
    del LAYOUTS["a name with a line end"]


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_student_once_with_a_name(tmp_path: Path, fresh: Callable[[], Path], name: str) -> None:
    names, expected = LAYOUTS[name]
    folder = lay_out(tmp_path / "class", names)
    assert found(find_students([folder], fresh), folder) == expected
    assert list((tmp_path / "unpacked").iterdir()) == []


@pytest.mark.parametrize("name", ["Moodle", "Gradescope", "Gradescope, wrapped", "GitHub Classroom"])
@pytest.mark.parametrize("how", ["the zip itself", "a folder that holds it", "wrapped once more"])
def test_one_zip_with_all(tmp_path: Path, fresh: Callable[[], Path], name: str, how: str) -> None:
    names, expected = LAYOUTS[name]
    folder = tmp_path / "class"
    folder.mkdir()
    inside = [f"第一次作业/{one}" for one in names] if how.startswith("wrapped") else names
    (folder / "all.zip").write_bytes(packed(inside))
    students = find_students([folder if how.startswith("a folder") else folder / "all.zip"], fresh)
    assert [one.name for one in students] == [student for student, _ in expected]
    assert all(one.path.exists() and (tmp_path / "unpacked") in one.path.parents for one in students)
    assert [path.name for path in folder.iterdir()] == ["all.zip"]


def test_the_only_zip_of_a_folder_may_be_one_students(tmp_path: Path, fresh: Callable[[], Path]) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "张三.zip").write_bytes(packed(["homework.py", "log/run.log.json"]))
    assert found(find_students([tmp_path / "class"], fresh), tmp_path / "class") == [("张三", "张三.zip")]


def test_a_broken_zip_of_a_student_is_still_a_student(tmp_path: Path, fresh: Callable[[], Path]) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "张三.zip").write_bytes(b"PK\x03\x04")
    assert [one.name for one in find_students([tmp_path / "class"], fresh)] == ["张三"]


def test_several_classes_at_once(tmp_path: Path, fresh: Callable[[], Path]) -> None:
    folders = [lay_out(tmp_path / "a", ["张三/x.py"]), lay_out(tmp_path / "b", ["张三/x.py", "李四/x.py"])]
    assert [one.name for one in find_students(folders, fresh)] == ["张三 (a)", "张三 (b)", "李四"]


@pytest.mark.parametrize("how", ["an empty folder", "a broken zip"])
def test_nobody_there(tmp_path: Path, fresh: Callable[[], Path], how: str) -> None:
    place = tmp_path / "class.zip"
    if how == "an empty folder":
        place.mkdir()
    else:
        place.write_bytes(b"PK\x03\x04")
    with pytest.raises(SubmissionError) as caught:
        find_students([place], fresh)
    zh = "这里没有作业。" if how == "an empty folder" else "class.zip 不是完整的压缩包。"
    assert caught.value.seen.zh == zh


def test_metadata_that_is_no_yaml(tmp_path: Path, fresh: Callable[[], Path]) -> None:
    folder = lay_out(tmp_path / "class", ["submission_1/x.py"])
    (folder / "submission_metadata.yml").write_bytes(b"\xff\xfe\x00" + b"name: x\n" * 1000)
    assert [one.name for one in find_students([folder], fresh)] == ["submission_1"]


EXERCISE = {
    "exercise.toml": 'id = "asks"\ntitle = { zh = "问", en = "Asks" }\nanswers = "answers.toml"\n',
    "test_asks.py": (
        "from pytest_mmedu import points\n\n@points(2)\ndef test_q(check):\n"
        '    """问 | Asks"""\n    check.answer("q", equals=7)\n    check.answer("p", equals=8)\n'
    ),
}


def test_a_class_in_one_zip_is_graded_by_name(tmp_path: Path) -> None:
    (tmp_path / "asks").mkdir()
    for name, text in EXERCISE.items():
        (tmp_path / "asks" / name).write_text(text, encoding="utf-8")
    answers = {"张三_1": "q = 7\np = 8\n", "李四_2": "q = 7\np = 9\n"}
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for student, text in answers.items():
            archive.writestr(f"{student}_assignsubmission_file_/作业/answers.toml", text)
    flags = ["--exercise", str(tmp_path / "asks"), "--out", str(tmp_path / "out"), "--lang", "en"]
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "class.zip"), *flags, "--cache", "off"])
    assert done.exit_code == 0, done.output
    scores = {path.stem: read_report(path).score for path in (tmp_path / "out" / "reports").glob("*.json")}
    assert scores == {"张三": 2.0, "李四": 1.0}
    assert "张三" in done.output
