"""A whole exercise verified: a sound one, one with every kind of flaw, and the first of the course."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.problem import Problem
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.exercise.verify import find_exercises, verify, verify_all
from pytest_mmedu.exercise.verify_view import Watched
from pytest_mmedu.text import Text

MakeExercise = Callable[..., Path]


def test_a_sound_exercise(make_exercise: MakeExercise, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_all([make_exercise()], lang="zh")
    assert capsys.readouterr().out == "✔ 01_small：7 份作业都合预期\n"


def test_every_flaw_is_named(make_exercise: MakeExercise, warm_session: Session) -> None:
    seen: list[str] = []
    folder = make_exercise(
        {
            "submissions.toml": """
                [accepted.positional_style]
                [rejected.short]
                score = 5
                fails = ["param lr"]
                hint = { zh = ["三轮"], en = ["Too few epochs"] }
            """,
            "submissions/accepted/positional_style/mine.py": (
                "from MMEdu import MMClassification\nnet = MMClassification('LeNet')\nnet.train(lr=5, epochs=7)\n"
            ),
            "submissions/rejected/fast/homework.py": None,
        }
    )
    test = folder / "test_small.py"
    test.write_text(
        test.read_text("utf-8")
        + '\n\n@points(2)\ndef test_free(check):\n    """白送 | For free"""\n    check.no_unknown_parameters()\n',
        "utf-8",
    )
    found = verify(folder, grade=partial(grade_one, session=warm_session), watch=seen.append)
    assert [(one.where, one.text.en) for one in found] == [
        ("01_small/starter", "It earns 2 points instead of 0."),
        ("01_small/starter", "Not filled in, but no_unknown_parameters (No unknown parameter names) passed."),
        ("01_small/starter (notebook)", "It earns 2 points instead of 0."),
        (
            "01_small/starter (notebook)",
            "Not filled in, but no_unknown_parameters (No unknown parameter names) passed.",
        ),
        ("01_small/accepted/positional_style", "It earns 8 points instead of 12."),
        ("01_small/accepted/positional_style", "Not expected of param (Parameter lr): to fail."),
        ("01_small/rejected/short", "It earns 6 points instead of 5."),
        ("01_small/rejected/short", "Not expected of param (Parameter epochs): to fail."),
        ("01_small/rejected/short", "param lr should fail, but does not."),
        ("01_small/rejected/short", "The student is not told “三轮”."),
        ("01_small/", "No rejected submission makes param (Parameter lr) fail."),
        (
            "01_small/",
            "No rejected submission makes no_unknown_parameters (No unknown parameter names) fail.",
        ),
    ]
    made = {"reference", "reference (notebook)", "starter", "starter (notebook)"}
    assert set(seen) == made | {"accepted/positional_style", "rejected/short"}


def test_a_broken_table_is_told_and_nothing_is_graded(make_exercise: MakeExercise) -> None:
    folder = make_exercise()
    (folder / "submissions.toml").write_text("[accepted\n", "utf-8")

    def never(exercise: Path, submission: Path) -> None:
        raise AssertionError("nothing is to be graded")

    (problem,) = verify(folder, grade=never)  # type: ignore[arg-type]
    assert problem.text.en.startswith("submissions.toml is not valid TOML: ")


def test_the_list_of_differences() -> None:
    written = io.StringIO()
    folder = Path("01_small")
    problem = Problem("01_small/starter", Text("得 2 分，应得 0 分。", "It earns 2 points instead of 0."))
    with Watched("en", {folder: 3}, Console(file=written, width=30, soft_wrap=True)) as shown:
        shown.step(folder, "starter")
        shown.tell(folder, [problem])
    assert not shown.all_well
    assert written.getvalue() == ("✘ 01_small: 1 thing wrong\n    01_small/starter: It earns 2 points instead of 0.\n")


def test_exercises_are_found_in_a_course(tmp_path: Path) -> None:
    for name in ("02_b", "01_a", "notes"):
        (tmp_path / name).mkdir()
    for name in ("02_b", "01_a"):
        (tmp_path / name / "exercise.toml").write_text("", "utf-8")
    both = [tmp_path / "01_a", tmp_path / "02_b"]
    assert find_exercises([tmp_path]) == both
    assert find_exercises(both[::-1]) == both[::-1]
    with pytest.raises(ExerciseError) as caught:
        find_exercises([tmp_path / "notes"])
    assert caught.value.text.zh == "notes 里没有练习。练习文件夹里要有 exercise.toml。"
    assert caught.value.text.en == "There is no exercise in notes. The folder of an exercise holds an exercise.toml."
