"""variant.py: what it makes for a student, what can be wrong with it, and what the tests and the teacher get of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.own_part import OwnPart
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VariantFile
from pytest_mmedu.exercise.variant_lint import variant_problems
from tests.exercise.small_log import NEUTRAL, right, write_exercise


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    return write_exercise(tmp_path)


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
