"""Who a student is: what the work says, what the list of the class says, and two who say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.personal import Student, same_students, student_of
from pytest_mmedu.exercise.roster import roster
from tests.exercise.small_log import answered


def test_nobody(tmp_path: Path) -> None:
    assert student_of(tmp_path) == Student()


def test_what_the_work_says_is_a_claim(tmp_path: Path) -> None:
    found = student_of(answered(tmp_path / "work", 1, "2024001"))
    assert (found.id, found.claimed) == ("2024001", True)
    [note] = found.notes
    assert note.zh == "student.toml 里写着学号 2024001，没有核实。"
    assert note.en == "student.toml says that the student is 2024001: not verified."


def test_it_may_lie_one_folder_deeper(tmp_path: Path) -> None:
    answered(tmp_path / "work" / "作业", 1, "2024001")
    assert student_of(tmp_path / "work").id == "2024001"


@pytest.mark.parametrize("text", ["student = 2024001\n", "\ufeffstudent = '2024001'\n", 'student = " 2024001 "\r\n'])
def test_ways_to_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "student.toml").write_bytes(text.encode())
    assert student_of(tmp_path).id == "2024001"


def test_a_name_in_an_old_windows_encoding(tmp_path: Path) -> None:
    (tmp_path / "student.toml").write_bytes('student = "王小红"\n'.encode("gbk"))
    assert student_of(tmp_path).id == "王小红"


@pytest.mark.parametrize(
    "text",
    ["student = \n", "name = 'x'\n", 'student = ""\n', 'student = "a\\nb"\n', f'student = "{"x" * 81}"\n', "x" * 5000],
)
def test_what_cannot_be_understood_is_nobody_and_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "student.toml").write_text(text, "utf-8")
    found = student_of(tmp_path)
    assert (found.id, found.claimed) == ("", False)
    assert [note.en for note in found.notes] == [
        'student.toml cannot be understood, so there is no id; it takes student = "ID".'
    ]
    assert found.notes[0].zh == 'student.toml 读不懂，按没有学号批改；应为 student = "学号"。'


def test_a_link_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text('student = "2024001"\n', "utf-8")
    (tmp_path / "work").mkdir()
    try:
        (tmp_path / "work" / "student.toml").symlink_to(tmp_path / "elsewhere.toml")
    except OSError:
        pytest.skip("no links here")
    assert student_of(tmp_path / "work") == Student()


@pytest.mark.parametrize(
    "text",
    [
        "folder,id\nwang,2024001\n",
        "文件夹,学号\r\nwang.zip,2024001\r\n",
        "\ufeffWang;2024001\n",
        "wang\t2024001\n\n",
        "学号,姓名\n2024001,wang\n",
    ],
)
def test_the_list_of_the_class_comes_first(tmp_path: Path, text: str) -> None:
    (tmp_path / "students.csv").write_bytes(text.encode())
    assert student_of(answered(tmp_path / "wang", 1)) == Student("2024001")
    found = student_of(answered(tmp_path / "wang", 1, "2024002"))
    assert (found.id, found.claimed) == ("2024001", False)
    assert [note.zh for note in found.notes] == ["student.toml 里写的是 2024002，这份作业按 2024001 批改。"]
    assert [note.en for note in found.notes] == ["student.toml says 2024002; the work was graded as that of 2024001."]
    assert student_of(tmp_path / "wang", "2024003").id == "2024003"
    assert student_of(answered(tmp_path / "li", 1, "2024005")).claimed


@pytest.mark.parametrize(
    ("text", "place", "seen"),
    [
        ("wang,1\nwang,2\n", ":2", "Line 2 of students.csv: wang has another id already."),
        ("wang\n", ":1", "Line 1 of students.csv says wang."),
        ("wang,\n", ":1", "Line 1 of students.csv says wang ."),
    ],
)
def test_a_list_that_is_wrong(tmp_path: Path, text: str, place: str, seen: str) -> None:
    (tmp_path / "students.csv").write_text(text, "utf-8")
    with pytest.raises(ExerciseError) as caught:
        roster(tmp_path)
    assert caught.value.seen.en == seen
    assert caught.value.place == f"students.csv{place}"


def test_two_with_one_id_are_named_and_nobody_else(tmp_path: Path) -> None:
    pairs = [("wang", "2024001"), ("li", "２０２４００１"), ("zhao", "2024003"), ("a", ""), ("b", "")]
    [remark] = same_students(pairs)
    assert remark.zh == "wang、li 都写着学号 2024001，请核对是谁的作业。"
    assert remark.en == "wang, li have the same id 2024001: find out whose work it is."
