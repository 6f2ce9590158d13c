"""A log of which every student has a variant: how many epochs was it? And what is handed in for it."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.exercise.release import write_starters
from pytest_mmedu.exercise.variant import Variant

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


def write_exercise(folder: Path) -> Path:
    place = folder / "02_log"
    for name, text in FILES.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    write_starters(place)
    return place


def right(student: str) -> int:
    return Variant("02_log", student).integer("how many epochs", 3, 40)


def answered(folder: Path, value: int, student: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "answers.toml").write_text(f"how_many = {value}\nfirst = 1\n", "utf-8")
    if student:
        (folder / "student.toml").write_text(f'student = "{student}"\n', "utf-8")
    return folder
