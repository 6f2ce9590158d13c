"""What the exit code says: graded, below the least score, a wrong command, or not to be graded."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gradebook.conftest import EXERCISE, HALF, RIGHT, TESTS, Grade, MakeClass
from tests.gradebook.graded import run, scores

CRASHES = (
    TESTS
    + '''

@points(5)
def test_ours(submission):
    """老师写的 | By the teacher"""
    if "boom" in (submission.folder / "answers.toml").read_text("utf-8"):
        raise RuntimeError("the teacher's own mistake")
'''
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_graded_has_its_own_exit_code_and_is_tried_again_when_asked(
    hand_in: MakeClass, grade: Grade, exercise: Path, results: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (exercise / "test_asks.py").write_text(CRASHES, "utf-8")
    folder = hand_in({"张三": RIGHT, "wang": f"{HALF}# boom\n"})
    outcome = grade(folder, min_score=11, lang=lang)
    assert (outcome.exit_code, list(outcome.not_graded)) == (4, ["wang"])
    shown = capsys.readouterr().out
    told = {
        "zh": "有 1 份没批成：\n  wang：{}\n加上 --regrade failed 再批一次这些作业。\n",
        "en": "1 could not be graded:\n  wang: {}\nAdd --regrade failed to try these again.\n",
    }
    assert told[lang].partition("{}")[0] in shown
    assert shown.endswith(told[lang].partition("{}")[2])
    assert scores(results) == {"张三": 15, "wang": None}
    assert grade(folder).new == 0
    assert grade(folder, regrade=["failed"]).new == 1
    run("override", results, "wang", "--score", 12)
    outcome = grade(folder, min_score=12.5)
    assert (outcome.exit_code, outcome.below) == (1, ["wang"])


def test_the_commands_exit_codes(hand_in: MakeClass, exercise: Path, tmp_path: Path) -> None:
    words = ["grade", hand_in({"张三": HALF}), "--exercise", exercise, "--cache", "off", "--workers", "1"]
    below = run(*words, "--min-score", 6)
    assert (below.exit_code, below.output.splitlines()[-1]) == (1, "Below 6 points: 张三.")
    (exercise / "exercise.toml").write_text(EXERCISE + "wrong = 1\n", "utf-8")
    assert run(*words).exit_code == 2
    (exercise / "exercise.toml").write_text(EXERCISE, "utf-8")
    (tmp_path / "empty").mkdir()
    nobody = run("grade", tmp_path / "empty", *words[2:])
    assert (nobody.exit_code, "这里没有作业。" in nobody.output) == (2, True)
    assert run("grade", tmp_path / "nowhere", *words[2:]).exit_code == 2
    (tmp_path / "file").write_text("", "utf-8")
    assert run(*words, "--out", tmp_path / "file" / "results").exit_code == 3


@pytest.mark.parametrize(
    ("answers", "more", "code"),
    [
        (HALF, ["--min-score", "5"], 0),
        (HALF, ["--min-score", "5.5"], 1),
        (f"{RIGHT}# boom\n", ["--min-score", "5"], 4),
    ],
)
def test_the_exit_code_of_one_submission(
    hand_in: MakeClass, exercise: Path, answers: str, more: list[str], code: int
) -> None:
    (exercise / "test_asks.py").write_text(CRASHES.replace("points(5)", "points(0)"), "utf-8")
    submission = hand_in({"wang": answers}) / "wang"
    assert run("check", submission, "--exercise", exercise, "--cache", "off", *more).exit_code == code


def test_a_wrong_exercise_is_a_wrong_command(hand_in: MakeClass, exercise: Path) -> None:
    (exercise / "exercise.toml").write_text("wrong = 1\n", "utf-8")
    done = run("check", hand_in({"wang": RIGHT}) / "wang", "--exercise", exercise)
    assert (done.exit_code, "exercise.toml lacks id." in done.output) == (2, True)
