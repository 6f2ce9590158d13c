"""Exercises of which every student has a variant: who a student is, what is handed out, and what is judged."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.own_part import OwnPart
from pytest_mmedu.exercise.personal import Student, same_students, student_of
from pytest_mmedu.exercise.release import release, write_starters
from pytest_mmedu.exercise.roster import roster
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VariantFile
from pytest_mmedu.exercise.variant_lint import variant_problems
from pytest_mmedu.exercise.verify import verify
from pytest_mmedu.report.report import Report

Grade = Callable[[Path, Path], Report]

VARIANT = '''"""小日志的变式 | Variants of the small log"""

import json


def epochs(variant):
    return variant.integer("how many epochs", 3, 40)


def files(variant):
    rows = [{"mode": "train", "epoch": n, "iter": 10, "lr": 0.01, "loss": 2 / n} for n in range(1, epochs(variant) + 1)]
    return {"run.log.json": "".join(json.dumps(row) + "\\n" for row in rows)}


def answers(variant):
    return {"how_many": epochs(variant)}
'''
NEUTRAL, ONE, OTHER = (
    Variant("02_log", student).integer("how many epochs", 3, 40) for student in ("", "2024001", "2024002")
)
FILES = {
    "exercise.toml": 'id = "02_log"\ntitle = { zh = "小日志", en = "A log" }\nanswers = "answers.toml"\n',
    "README.md": "# 小日志\n\n训练了几轮？\n\n# A log\n\nHow many epochs?\n",
    "variant.py": VARIANT,
    "master_answers.toml": f"# 训练了几轮？ | How many epochs?\nhow_many = {NEUTRAL}\nfirst = 1\n",
    "test_log.py": '''"""小日志 | A log"""

from pytest_mmedu import points
from pytest_mmedu.logs import read_log


@points(10)
def test_epochs(check, variant_files):
    """轮数 | Epochs"""
    log = read_log(variant_files("run.log.json"))
    check.answer("how_many", equals=log.train[-1].epoch)


@points(1)
def test_first(check, variant_files):
    """第一轮 | The first epoch"""
    check.answer("first", equals=read_log(variant_files("run.log.json")).train[0].epoch)
''',
    "hidden/test_more.py": '''"""老师的测试 | The teacher's own tests"""

from pytest_mmedu import points


@points(5)
def test_by_the_key(check, variant, variant_answers):
    """和答案一样 | As the key says"""
    assert not variant.is_neutral or variant_answers["how_many"] == variant.integer("how many epochs", 3, 40)
    check.answer("how_many", equals=variant_answers["how_many"])
''',
    "submissions.toml": """
        [accepted.of_one]
        [rejected.of_another]
        score = 1
        fails = ["answer how_many test_epochs", "answer how_many test_by_the_key"]
        hint = { zh = ["再读一遍题目"], en = ["Read the question once more"] }
        [rejected.counts_from_nought]
        score = 15
        fails = ["answer first"]
        hint = { zh = ["再读一遍题目"], en = ["Read the question once more"] }
    """,
    "submissions/accepted/of_one/answers.toml": f"how_many = {ONE}\nfirst = 1\n",
    "submissions/accepted/of_one/student.toml": 'student = "2024001"\n',
    "submissions/rejected/of_another/answers.toml": f"how_many = {ONE}\nfirst = 1\n",
    "submissions/rejected/of_another/student.toml": 'student = "2024002"\n',
    "submissions/rejected/counts_from_nought/answers.toml": f"how_many = {NEUTRAL}\nfirst = 0\n",
}


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    folder = tmp_path / "02_log"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    write_starters(folder)
    return folder


def right(student: str) -> int:
    return Variant("02_log", student).integer("how many epochs", 3, 40)


def answered(folder: Path, value: int, student: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.toml").write_text(f"how_many = {value}\nfirst = 1\n", "utf-8")
    if student:
        (folder / "student.toml").write_text(f'student = "{student}"\n', "utf-8")
    return folder


# -- who it is -------------------------------------------------------------------------------------------------------


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


# -- variant.py ------------------------------------------------------------------------------------------------------


def test_what_it_makes(exercise: Path) -> None:
    teachers = VariantFile(exercise)
    one, other = (teachers.files(Variant("02_log", student))["run.log.json"] for student in ("2024001", "2024002"))
    assert len(one.splitlines()) == right("2024001") != right("2024002") == len(other.splitlines())
    assert teachers.answers(Variant("02_log", "2024001")) == {"how_many": right("2024001")}
    assert not (exercise / "__pycache__").exists()


def test_without_it_there_is_nothing(tmp_path: Path) -> None:
    assert VariantFile(tmp_path).files(Variant("x")) == {}
    assert VariantFile(tmp_path).answers(Variant("x")) == {}


WRONG = {
    "a name that leads out": (
        'def files(variant):\n    return {"../x": "1"}\n',
        "files gives a file the name '../x'. Use a relative name such as logs/run.log.json.",
        "",
    ),
    "no text": (
        'def files(variant):\n    return {"x.json": {}}\n',
        "files gives x.json the content dict. The content is a str or bytes.",
        "",
    ),
    "a list": (
        "def files(variant):\n    return [1]\n",
        "files returned [1]. It returns a dict of names and contents.",
        "",
    ),
    "a mistake": (
        "def files(variant):\n    n = 1\n    return n / 0\n",
        "variant.py failed: ZeroDivisionError: division by zero. Make it run first.",
        ":3",
    ),
    "no Python": (
        "def files(variant:\n",
        "variant.py failed: SyntaxError: '(' was never closed",
        ":1",
    ),
    "the same for all": ('def files(variant):\n    return {"x": "1"}\n', "Every student gets the same.", None),
    "chance": (
        "import itertools\ncounter = itertools.count()\nimport sys\nsys._mmedu_n = getattr(sys, '_mmedu_n', 0)\n"
        "def answers(variant):\n    sys._mmedu_n += 1\n    return {'n': sys._mmedu_n}\n",
        "The same id gives something else the second time. Choose by variant alone, without random and the clock.",
        None,
    ),
    "names that differ": (
        "def files(variant):\n    return {variant.student or 'x': '1'}\n",
        "Students get files of different names.",
        None,
    ),
    "another key": (
        f"def answers(variant):\n    return {{'how_many': {NEUTRAL} + 1 + len(variant.student)}}\n",
        "how_many: not the answer that variant.py gives for the empty id.",
        None,
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_it_is_said(exercise: Path, name: str) -> None:
    text, sentence, place = WRONG[name]
    (exercise / "variant.py").write_text(text, "utf-8")
    [(_, said)] = variant_problems(load_exercise(exercise))
    assert said.en.startswith(sentence)
    assert said.zh != said.en
    if place is not None:
        with pytest.raises(ExerciseError) as caught:
            VariantFile(exercise).files(Variant("02_log"))
        assert caught.value.place == f"02_log/variant.py{place}"


# -- handing out -----------------------------------------------------------------------------------------------------


def test_a_student_gets_his_own(exercise: Path, tmp_path: Path) -> None:
    names = {"README.md", "exercise.toml", "answers.toml", "test_log.py", "pytest.ini", "run.log.json", "student.toml"}
    for student in ("2024001", "王小红"):
        out = tmp_path / student
        assert {path.name for path in release(exercise, out, student=student)} == names
        assert {path.relative_to(out).as_posix() for path in out.rglob("*")} == names
        assert len((out / "run.log.json").read_bytes().splitlines()) == right(student)
        assert student_of(out).id == student
    same = names - {"run.log.json", "student.toml"}
    for name in same:
        assert (tmp_path / "2024001" / name).read_bytes() == (tmp_path / "王小红" / name).read_bytes()


def test_without_an_id_it_is_the_neutral_one(exercise: Path, tmp_path: Path) -> None:
    release(exercise, tmp_path / "out")
    assert not (tmp_path / "out" / "student.toml").exists()
    assert len((tmp_path / "out" / "run.log.json").read_bytes().splitlines()) == right("")


@pytest.mark.parametrize("student", ['a"b', "C:\\x", "O'Hara"])
def test_any_id_comes_back_as_it_was(exercise: Path, tmp_path: Path, student: str) -> None:
    release(exercise, tmp_path / "out", student=student)
    assert student_of(tmp_path / "out").id == student


@pytest.mark.parametrize("student", [" ", "a\nb", "x" * 81])
def test_what_is_no_id(exercise: Path, tmp_path: Path, student: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        release(exercise, tmp_path / "out", student=student)
    assert caught.value.todo.en == "Give a line of text, at most 80 characters."
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["readme.md", "homework.py", "student.toml", "answers.toml"])
def test_a_variant_overwrites_nothing(exercise: Path, tmp_path: Path, name: str) -> None:
    (exercise / "variant.py").write_text(f"def files(variant):\n    return {{{name!r}: ''}}\n", "utf-8")
    with pytest.raises(ExerciseError) as caught:
        release(exercise, tmp_path / "out", student="1")
    assert caught.value.text.zh == f"variant.py 也写了 {name}。请换一个文件名。"
    assert caught.value.text.en == f"variant.py writes {name} as well. Choose another name for its file."


# -- judging ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def grade(warm_session: Session) -> Grade:
    return partial(grade_one, session=warm_session)


def earned(report: Report) -> dict[str, float]:
    return {test.nodeid.rpartition("::")[2]: test.earned for test in report.tests}


ALL = {"test_epochs": 10.0, "test_first": 1.0, "test_by_the_key": 5.0}
COPIED = {"test_epochs": 0.0, "test_first": 1.0, "test_by_the_key": 0.0}


def test_a_neighbours_answers_are_wrong(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    own = grade(exercise, answered(tmp_path / "wang", right("2024001"), "2024001"))
    copied = grade(exercise, answered(tmp_path / "li", right("2024001"), "2024002"))
    assert (earned(own), earned(copied)) == (ALL, COPIED)
    assert own.submission.student == "2024001"
    assert [note.en for note in own.notes] == ["student.toml says that the student is 2024001: not verified."]


def test_the_log_that_counts_is_the_one_handed_out(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    """Whoever shortens the log has not changed the question."""
    out = tmp_path / "out"
    release(exercise, out, student="2024001")
    (out / "run.log.json").write_text(json.dumps({"mode": "train", "epoch": 1, "iter": 1, "loss": 1.0}) + "\n", "utf-8")
    answered(out, 1)
    assert earned(grade(exercise, out)) == COPIED


def test_in_the_students_own_folder_the_public_tests_judge(exercise: Path, tmp_path: Path, grade: Grade) -> None:
    out = tmp_path / "02_log_released"
    release(exercise, out, student="2024001")
    answered(out, right("2024001"))
    assert earned(grade(out, out)) == {"test_epochs": 10.0, "test_first": 1.0}


def test_a_class(exercise: Path, tmp_path: Path) -> None:
    work = tmp_path / "class"
    answered(work / "li", right("2024002"), "2024001")
    answered(work / "wang", right("2024001"), "2024001")
    answered(work / "zhao", right("2024002"))
    (work / "students.csv").write_text("folder,id\nzhao,2024002\n", "utf-8")
    command = ["grade", str(work), "--exercise", str(exercise), "--lang", "en", "--out", str(tmp_path / "results")]
    done = CliRunner().invoke(main, command)
    assert "li, wang have the same id 2024001: find out whose work it is." in done.output
    scores = {
        path.stem: (data["score"], data["submission"]["student"])
        for path in sorted((tmp_path / "results" / "reports").glob("*.json"))
        for data in [json.loads(path.read_text("utf-8"))]
    }
    assert scores == {"li": (1.0, "2024001"), "wang": (16.0, "2024001"), "zhao": (16.0, "2024002")}


def test_it_verifies(exercise: Path, grade: Grade) -> None:
    assert lint(exercise) == []
    assert verify(exercise, grade=grade) == []


def test_what_the_tests_ask_for(exercise: Path, tmp_path: Path) -> None:
    part = OwnPart(exercise, "2024001", tmp_path)
    assert part.variant == Variant("02_log", "2024001")
    assert part.file("run.log.json") == part.file("run.log.json")
    with pytest.raises(ExerciseError) as caught:
        part.file("other.log.json")
    assert caught.value.text.en == "No file other.log.json is handed out. There is run.log.json. Check the name."
    (exercise / "variant.py").unlink()
    with pytest.raises(ExerciseError) as caught:
        _ = OwnPart(exercise, "2024001", tmp_path).answers
    assert caught.value.text.en == (
        "The right answers are with the teacher alone. "
        "A test that needs them belongs into the folder hidden, which students do not get."
    )


# -- the command line ------------------------------------------------------------------------------------------------


def test_the_teacher_sees_the_answers(exercise: Path) -> None:
    command = ["variant", str(exercise), "--student", "2024001", "--lang"]
    shown = {lang: CliRunner().invoke(main, [*command, lang]).output for lang in ("zh", "en")}
    number = right("2024001")
    assert shown["zh"] == f"小日志 · 2024001\n  how_many  {number}\n  自己的文件：run.log.json\n"
    assert shown["en"] == f"A log · 2024001\n  how_many  {number}\n  own files: run.log.json\n"
    neutral = CliRunner().invoke(main, [*command[:3], "", "--lang", "en"]).output
    assert neutral.startswith(f"A log · the neutral variant\n  how_many  {right('')}\n")


def test_an_exercise_without_variants(exercise: Path) -> None:
    (exercise / "variant.py").unlink()
    done = CliRunner().invoke(main, ["variant", str(exercise), "--student", "1"])
    assert done.exit_code == 1
    assert "02_log has no variants: it is the same for all." in done.output


def test_release_and_check_take_an_id(exercise: Path, tmp_path: Path) -> None:
    out = tmp_path / "handout"
    done = CliRunner().invoke(main, ["release", str(exercise), "--out", str(out), "--student", "2024001"])
    assert done.exit_code == 0, done.output
    answered(out, right("2024001"))
    check = ["check", str(out), "--exercise", str(exercise), "--lang", "en", "--student", "2024002"]
    graded = CliRunner().invoke(main, check)
    assert graded.exit_code == 1
    assert "student.toml says 2024001; the work was graded as that of 2024002." in " ".join(graded.output.split())
    assert "Score 1 / 16" in graded.output
