"""An exercise that asks for answers: its starter comes from the key, and verify grades it as any other."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.answer_key import AnswerKey
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import release, write_starters
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.exercise.verify import count, verify

FILES = {
    "exercise.toml": 'id = "reading"\ntitle = { zh = "读日志", en = "Read a log" }\nanswers = "answers.toml"\n',
    "README.md": "读一读日志 run.log.json。\n\nRead the log run.log.json.\n",
    "run.log.json": json.dumps({"mode": "train", "epoch": 17, "iter": 1, "loss": 0.25}) + "\n",
    "test_reading.py": '''"""读日志 | Read a log"""
from pathlib import Path

from pytest_mmedu import Text, points
from pytest_mmedu.logs import read_log

LAST = read_log(Path(__file__).with_name("run.log.json")).train[-1]


@points(4)
def test_end(check):
    """最后一行 | The last line"""
    check.answer("epoch", equals=LAST.epoch, where=Text("看 epoch。", "Look at epoch."))
    check.answer("loss", equals=LAST.loss, within="2%")
''',
    "master_answers.toml": (
        "# 答案 | Answers\nepoch = 17  # 哪一轮？ | Which epoch?\n[more]\n'# no comment' = 'a # b'\n"
    ),
    "submissions.toml": (
        '[accepted.other]\n[rejected.wrong]\nscore = 2\nfails = ["answer epoch"]\n'
        'hint = { zh = ["看 epoch"], en = ["Look at epoch"] }\n'
        '[rejected.form]\nscore = 2\nfails = ["answer loss"]\nhint = { zh = ["要求的写法"], en = ["the form"] }\n'
    ),
    "submissions/accepted/other/answers.json": '{"epoch": "17", "loss": 0.251}',
    "submissions/rejected/wrong/answers.toml": "epoch = 18\nloss = 0.25\n",
    "submissions/rejected/form/answers.toml": 'epoch = 17\nloss = "a quarter"\n',
}
STARTER = '# 答案 | Answers\nepoch = "..."  # 哪一轮？ | Which epoch?\n[more]\n\'# no comment\' = "..."\n'


@pytest.fixture
def exercise(tmp_path: Path) -> Path:
    folder = tmp_path / "reading"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def key(folder: Path, text: str) -> AnswerKey:
    (folder / "master_answers.toml").write_bytes(text.encode())
    return AnswerKey(load_exercise(folder))


def test_the_starter_is_the_key_left_open(exercise: Path) -> None:
    assert write_starters(exercise) == (exercise / "answers.toml",)
    assert (exercise / "answers.toml").read_bytes().decode() == STARTER


def test_a_key_in_json(exercise: Path) -> None:
    found = key(exercise, '{\n  "a": 17,\n  "b": "x, y"\n}\n').starter
    assert found == '{\n  "a": "...",\n  "b": "..."\n}\n'
    assert set(json.loads(found).values()) == {"..."}


def test_it_grades_as_its_author_says(exercise: Path, warm_session: Session) -> None:
    key(exercise, FILES["master_answers.toml"].replace("[more]", "loss = 0.25\n[more]"))
    write_starters(exercise)
    assert lint(exercise) == []
    assert verify(exercise, grade=partial(grade_one, session=warm_session)) == []
    assert count(exercise) == 5


def test_what_students_get_holds_no_answer(exercise: Path, tmp_path: Path) -> None:
    write_starters(exercise)
    names = {path.name for path in release(exercise, tmp_path / "out")}
    assert {"answers.toml", "README.md", "test_reading.py"} <= names
    assert not {"master_answers.toml", "submissions.toml", "homework.py"} & names
    assert "17" not in (tmp_path / "out" / "answers.toml").read_text("utf-8")


@pytest.mark.parametrize("told", ['check.answer("epoch", equals=17)', "epoch = 17", "epoch是17"])
def test_an_answer_that_is_given_away_is_found(exercise: Path, told: str, tmp_path: Path) -> None:
    write_starters(exercise)
    readme = exercise / "README.md"
    readme.write_text(f"{FILES['README.md']}\n{told}\n", encoding="utf-8")
    assert "README.md gives the answer for epoch away." in [problem.text.en for problem in lint(exercise)]
    with pytest.raises(ExerciseError) as caught:
        release(exercise, tmp_path / "out")
    assert caught.value.seen.en == "README.md gives the answer for epoch away."


def test_without_a_key(exercise: Path) -> None:
    (exercise / "master_answers.toml").unlink()
    (problem, *_) = lint(exercise)
    assert problem.where == "reading/master_answers.toml"
    assert problem.text.en.startswith("master_answers.toml is missing or is not UTF-8 text.")


def test_an_answer_over_several_lines(exercise: Path) -> None:
    with pytest.raises(ExerciseError) as caught:
        key(exercise, "a = [\n 1,\n]\n")
    assert (caught.value.seen.en, caught.value.place) == (
        "The answer a goes over several lines.",
        "master_answers.toml:1",
    )
