"""Lists beside the submissions, as teachers write them and as course systems hand them out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from pytest_mmedu.batch import class_lists
from pytest_mmedu.batch.class_lists import ClassLists, Known
from pytest_mmedu.batch.enrolling import Enrolled
from pytest_mmedu.batch.layouts import Student, find_students
from pytest_mmedu.batch.remarks import on_class
from pytest_mmedu.exercise.roster import students_listed

CHINA = timezone(timedelta(hours=8))
TEN = "2026-11-20T22:00:00+08:00"
MOODLE = """\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 123",张三,a@example.org,"Submitted for grading",,100,Yes,"Friday, 20 November 2026, 10:00 PM",-,"<p>a,
b</p>"
"Participant 124",李四,b@example.org,"No submission",,100,Yes,-,-,
"Participant 125","Ann Lee",c@example.org,"Submitted for grading",,100,Yes,"Friday, November 20, 2026, 10:00 PM",-,
"""
MOODLE_ZH = """识别码,全名,状态,成绩,最高成绩,可以更改成绩,最后修改（学生）,最后修改（教师）,反馈意见
参与者123,张三,提交,,100,是,2026年11月20日 星期五 22:00,2026年11月22日 星期日 08:00,
参与者124,李四,没有提交,,100,是,-,-,
参与者125,Ann Lee,提交,,100,是,2026年11月20日 星期五 22:00,-,
"""
GITHUB = """assignment_name,assignment_url,starter_code_url,github_username,roster_identifier,student_repository_name,\
student_repository_url,submission_timestamp,points_awarded,points_available
HW,u,s,alice,Alice A,school/hw-1-alice,r,2026-11-20T14:00:00Z,0,0
HW,u,s,bob,Bob B,hw-1-team,r,2026-11-20 14:00:00 UTC,0,0
HW,u,s,carol,Carol C,hw-1-team,r,2026-11-20 14:00:00 UTC,0,0
HW,u,s,dave,,hw-1-dave,r,,0,0
"""
FOLDERS = {
    "moodle": ["张三_123_assignsubmission_file_", "Ann Lee_125_assignsubmission_file_"],
    "github": ["hw-1-alice", "hw-1-team"],
}


def hand_in(folder: Path, *names: str) -> list[Student]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix:
            path.write_text("x = 1\n", "utf-8")
        else:
            path.mkdir()
            (path / "homework.py").write_text("x = 1\n", "utf-8")
    return find_students([folder], lambda: folder / "unpacked")


def times(lists: ClassLists, students: list[Student]) -> dict[str, str]:
    return {one.name: lists.of(one).handed_in for one in students}


def remarks(students: list[Student], lists: ClassLists, enrolled: Enrolled | None = None) -> Iterator[tuple[str, str]]:
    return ((one.zh, one.en) for one in on_class(students, enrolled or Enrolled(), lists))


@pytest.mark.parametrize("text", ["姓名,时间\n张三,2026-11-20 22:00\n", "\ufeff张三;2026/11/20 22:00\r\n\r\n"])
def test_the_teachers_list_of_times(tmp_path: Path, text: str) -> None:
    (tmp_path / "handed_in.csv").write_bytes(text.encode())
    lists = ClassLists(CHINA)
    for path in ("张三", "张三.zip", "张三.py", "张三_12_assignsubmission_file_"):
        assert lists.of(Student("张三", tmp_path / path)).handed_in == TEN
    assert lists.of(Student("李四", tmp_path / "李四")) == Known()
    assert ClassLists(None).of(Student("张三", tmp_path / "张三")) == Known()


def test_lists_may_lie_beside_the_zip_of_the_class(tmp_path: Path) -> None:
    (tmp_path / "handed_in.csv").write_text("张三,2026-11-20 22:00\n李四,2026-11-20 22:31\n", "utf-8")
    (tmp_path / "students.csv").write_text("学号,姓名\n2024001,张三\n", "utf-8")
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked" / "handed_in.csv").write_text("李四,2026-11-21 08:00\n", "utf-8")
    lists = ClassLists(CHINA)
    place = tmp_path / "unpacked"
    assert lists.of(Student("张三", place / "张三_1_assignsubmission_file_", beside=tmp_path)) == Known("2024001", TEN)
    assert lists.of(Student("李四", place / "李四", beside=tmp_path)).handed_in == "2026-11-21T08:00:00+08:00"


def test_the_list_of_one_class_says_nothing_about_another(tmp_path: Path) -> None:
    students = [*hand_in(tmp_path / "a", "张三"), *hand_in(tmp_path / "b", "张三")]
    (tmp_path / "a" / "handed_in.csv").write_text("张三,2026-11-20 22:00\n", "utf-8")
    lists = ClassLists(CHINA)
    assert [lists.of(one).handed_in for one in students] == [TEN, ""]


def test_a_list_is_read_once_however_large_the_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    students = hand_in(tmp_path, *(f"s{number}" for number in range(30)))
    (tmp_path / "students.csv").write_text("".join(f"s{number},{number}\n" for number in range(30)), "utf-8")
    read: list[Path] = []
    monkeypatch.setattr(class_lists, "students_listed", lambda folder: read.append(folder) or students_listed(folder))
    lists = ClassLists(None)
    assert {lists.of(one).owner for one in students} == {str(number) for number in range(30)}
    assert read == [tmp_path]


@pytest.mark.parametrize("text", [MOODLE, MOODLE_ZH, MOODLE_ZH.replace("（学生）", "（提交）")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_the_grading_worksheet_of_moodle(tmp_path: Path, text: str, encoding: str) -> None:
    if encoding == "gb18030":
        text = text.replace("\ufeff", "")
    students = hand_in(tmp_path, *FOLDERS["moodle"])
    (tmp_path / "Grades-课程-作业-77.csv").write_text(text, encoding)
    lists = ClassLists(CHINA)
    assert times(lists, students) == {"张三": TEN, "Ann Lee": TEN}
    assert (lists.missing, lists.strangers, lists.unread, lists.without_owner) == (["李四"], [], [], [])


def test_a_worksheet_of_another_assignment_says_nothing_of_this_one(tmp_path: Path) -> None:
    students = hand_in(tmp_path, *(name.replace("_12", "_77") for name in FOLDERS["moodle"]))
    (tmp_path / "grades.csv").write_text(MOODLE, "utf-8")
    assert set(times(ClassLists(CHINA), students).values()) == {""}


def test_what_the_teacher_wrote_counts_more_than_what_moodle_knows(tmp_path: Path) -> None:
    students = hand_in(tmp_path, *FOLDERS["moodle"])
    (tmp_path / "grades.csv").write_text(MOODLE, "utf-8")
    (tmp_path / "handed_in.csv").write_text("张三,2026-11-19 08:00\n", "utf-8")
    assert times(ClassLists(CHINA), students) == {"张三": "2026-11-19T08:00:00+08:00", "Ann Lee": TEN}


def test_a_worksheet_in_a_language_that_is_not_known(tmp_path: Path) -> None:
    students = hand_in(tmp_path, *FOLDERS["moodle"])
    (tmp_path / "a.csv").write_text(MOODLE.replace("Friday, 20 November", "le 20 novembre"), "utf-8")
    lists = ClassLists(CHINA)
    assert times(lists, students)["张三"] == ""
    assert list(remarks(students, lists))[-1:] == [
        (
            "有 1 个交作业时间读不懂，如 a.csv:3 的“le 20 novembre 2026, 10:00 PM”，没有使用。",
            "Times of handing in that cannot be read and were not used: 1, "
            "such as “le 20 novembre 2026, 10:00 PM” in a.csv:3.",
        )
    ]


def test_the_grades_of_github_classroom(tmp_path: Path) -> None:
    students = hand_in(tmp_path, *FOLDERS["github"])
    for name in FOLDERS["github"]:
        (tmp_path / name / ".git").mkdir()
    (tmp_path / "grades.csv").write_text(GITHUB, "utf-8")
    students = find_students([tmp_path], lambda: tmp_path / "unpacked")
    lists = ClassLists(None)
    assert times(lists, students) == {"alice": "2026-11-20T14:00:00+00:00", "team": "2026-11-20T14:00:00+00:00"}
    assert lists.missing == ["dave"]


@pytest.mark.parametrize(
    "text", ["a,b\n1,2\n", "", "\0", "x" * 100_000, "Last modified (submission)\n,\n", '"', "github_username\n"]
)
def test_any_other_table_is_left_alone(tmp_path: Path, text: str) -> None:
    students = hand_in(tmp_path, "张三")
    (tmp_path / "a.csv").write_bytes(text.encode())
    lists = ClassLists(CHINA)
    assert (times(lists, students), lists.missing) == ({"张三": ""}, [])


def test_who_is_on_one_list_and_not_on_the_other_is_named(tmp_path: Path) -> None:
    students = hand_in(tmp_path, "张三", "李四.py", "Wang.zip")
    (tmp_path / "students.csv").write_text("文件夹,学号\n张三,1\nwang,2\n赵六,3\n孙七.py,4\n", "utf-8")
    (tmp_path / "handed_in.csv").write_text(
        "张三,2026-11-20 22:00\n李四,2026-11-20 22:00\n李思,2026-11-20 22:00\n", "utf-8"
    )
    lists = ClassLists(CHINA)
    assert times(lists, students) == {"Wang": "", "张三": TEN, "李四": TEN}
    assert list(remarks(students, lists)) == [
        ("名单上有 2 人没有交作业：赵六、孙七。", "2 on the list of the class handed nothing in: 赵六, 孙七."),
        (
            "handed_in.csv 里的 李思 对不上任何作业，请核对名字。",
            "handed_in.csv names 李思, and no submission is called so: check the names.",
        ),
        ("students.csv 里没有 李四，不知道学号。", "students.csv leaves out 李四: there is no id for them."),
    ]


def test_of_a_large_class_the_first_are_named(tmp_path: Path) -> None:
    students = hand_in(tmp_path, "s")
    (tmp_path / "students.csv").write_text("s,0\n" + "".join(f"a{at},{at}\n" for at in range(1, 31)), "utf-8")
    lists = ClassLists(None)
    times(lists, students)
    ((zh, en),) = remarks(students, lists)
    assert zh.startswith("名单上有 30 人没有交作业：a1、a2、")
    assert zh.endswith("、a20等 30 人。")
    assert en.endswith(", a20 and 10 more.")


def test_names_that_differ_in_capitals_alone_are_one_name(tmp_path: Path) -> None:
    students = hand_in(tmp_path, "wang", "Wang.py", "li")
    assert list(remarks(students, ClassLists(None))) == [
        (
            "名为 Wang 的作业有 2 份，都批改了：Wang (Wang.py)、wang (wang)。是同名的人，还是交了几次？请核对。",
            "2 submissions go by the name of Wang, and each was graded: Wang (Wang.py), wang (wang). "
            "Are these people of one name, or did one hand in more than once?",
        )
    ]


def test_several_hand_ins_of_one_student_are_told_apart_and_named(tmp_path: Path) -> None:
    students = hand_in(tmp_path, "张三", "张三.py", "李四")
    assert [one.name for one in students] == ["张三 (张三)", "张三 (张三.py)", "李四"]
    (tmp_path / "students.csv").write_text("张三,1\n李四,2\n", "utf-8")
    lists = ClassLists(None)
    assert [lists.of(one).owner for one in students] == ["1", "1", "2"]
    assert list(remarks(students, lists)) == [
        (
            "名为 张三 的作业有 2 份，都批改了：张三 (张三)、张三 (张三.py)。是同名的人，还是交了几次？请核对。",
            "2 submissions go by the name of 张三, and each was graded: 张三 (张三), 张三 (张三.py). "
            "Are these people of one name, or did one hand in more than once?",
        )
    ]


def test_a_name_that_two_have_is_nobodys_in_a_list(tmp_path: Path) -> None:
    students = hand_in(tmp_path, "张三_1_assignsubmission_file_", "张三_2_assignsubmission_file_")
    (tmp_path / "handed_in.csv").write_text("张三,2026-11-20 22:00\n张三 (2),2026-11-20 22:00\n", "utf-8")
    lists = ClassLists(CHINA)
    assert times(lists, students) == {"张三 (1)": "", "张三 (2)": TEN}
    assert [line.name for line in lists.strangers] == ["张三"]


def test_what_is_no_submission_is_named(tmp_path: Path) -> None:
    names = ["张三.py.txt", "_李四.py", "名单.xlsx", "students.csv", ".DS_Store", "desktop.ini", "~$a.docx"]
    students = hand_in(tmp_path, "王五.py", *names)
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "gradebook.sqlite").touch()
    assert [one.name for one in students] == ["王五"]
    assert list(remarks(students, ClassLists(None))) == [
        (
            "没有当作作业：_李四.py、张三.py.txt。作业应是文件夹、压缩包，或者 .py、.ipynb、.toml 文件。",
            "Not taken for submissions: _李四.py, 张三.py.txt. "
            "A submission is a folder, an archive, or a .py, .ipynb or .toml file.",
        )
    ]


def test_work_from_another_folder_is_named(tmp_path: Path) -> None:
    assert list(remarks([], ClassLists(None), Enrolled(moved=["张三"]))) == [
        (
            "张三 的作业和上次不在同一个文件夹，成绩册里现在是这一次的。"
            "如果是同名的两个人，请给每个班一个自己的 --out 文件夹。",
            "张三: the work lies in another folder than the last time, and the gradebook now has this one. "
            "If these are two people of one name, give each class an --out folder of its own.",
        )
    ]
