"""What is wrong with an exercise before anything is graded: change -> exact sentences."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.exercise.lint import lint

MakeExercise = Callable[..., Path]

TITLE = 'title = { zh = "小练习", en = "Small" }\n'
SAMPLES = (
    "submissions/accepted/positional_style/mine.py",
    "submissions/rejected/short/homework.py",
    "submissions/rejected/fast/homework.py",
)


def test_a_sound_exercise(make_exercise: MakeExercise) -> None:
    assert lint(make_exercise()) == []


CASES: dict[str, tuple[dict[str, str | None], list[tuple[str, str, str]]]] = {
    "exercise.toml": (
        {"exercise.toml": 'id = "01_small"\n'},
        [
            (
                "01_small/exercise.toml",
                'exercise.toml 缺少 title。应为带 zh 和 en 的表，如 { zh = "…", en = "…" }。请补上这一项。',
                'exercise.toml lacks title. It takes a table with zh and en: { zh = "…", en = "…" }. Add this entry.',
            )
        ],
    ),
    "id": (
        {"exercise.toml": 'id = "02_small"\n' + TITLE},
        [
            (
                "01_small/exercise.toml",
                "id 是 02_small，文件夹却叫 01_small。",
                "The id is 02_small, but the folder is called 01_small.",
            )
        ],
    ),
    "no tests": (
        {"test_small.py": None},
        [("01_small", "没有测试文件 test_*.py。", "There is no test file test_*.py.")],
    ),
    "text in one language": (
        {"README.md": "Fill in epochs.\n"},
        [
            (
                "01_small/README.md",
                "要有中文和英文的说明。",
                "It must explain the exercise in Chinese and in English.",
            )
        ],
    ),
    "title in one language": (
        {"test_small.py": '"""小 | Small"""\n\n\ndef test_a(check):\n    """Only English"""\n'},
        [
            (
                "01_small/test_small.py",
                "test_a 的文档字符串第一行应为“中文 | English”。",
                "The docstring of test_a must begin with a line “中文 | English”.",
            )
        ],
    ),
    "tests with a syntax error": (
        {"test_small.py": '"""小 | Small"""\n\ndef test_a(:\n'},
        [("01_small/test_small.py", "第 3 行有语法错误。", "There is a syntax error in line 3.")],
    ),
    "starter out of date": (
        {"homework.py": "print(1)\n"},
        [
            (
                "01_small/homework.py",
                "与母本不一致，请重新生成。",
                "It does not agree with the master: write it anew.",
            )
        ],
    ),
    "a solution given away": (
        {"README.md": "# 小练习\n\n把 epochs = 12 填上。 | Fill it in.\n"},
        [
            (
                "01_small/README.md",
                "README.md 里能读到 epochs 的答案。",
                "README.md gives the answer for epochs away.",
            )
        ],
    ),
    "master without marks": (
        {"master.py": "n = 1\n"},
        [
            (
                "01_small/master.py",
                "master.py 第 1 行：没有 # SOLUTION 记号。请在学生要填写的每一行末尾加上它。",
                "Line 1 of master.py: no # SOLUTION mark. Put one at the end of each line that students fill in.",
            )
        ],
    ),
    "submissions and their list": (
        {
            "submissions.toml": (
                "[accepted.nobody]\n[rejected.short]\nscore = 4\nfails = []\nhint = { zh = [], en = [] }\n"
            )
        },
        [
            ("01_small/submissions.toml", "没有文件夹 nobody。", "There is no folder nobody."),
            (
                "01_small/submissions.toml",
                "没有写 accepted/positional_style 应得的结果。",
                "It does not say what accepted/positional_style must get.",
            ),
            (
                "01_small/submissions.toml",
                "没有写 rejected/fast 应得的结果。",
                "It does not say what rejected/fast must get.",
            ),
            (
                "01_small/submissions.toml",
                "rejected/short 没有写哪些检查会失败。",
                "rejected/short names no check that fails.",
            ),
            (
                "01_small/submissions.toml",
                "rejected/short 的 hint 要有中文和英文的词。",
                "hint of rejected/short needs words in both languages.",
            ),
        ],
    ),
    "no submissions": (
        {**dict.fromkeys(SAMPLES), "submissions.toml": ""},
        [
            (
                "01_small/submissions.toml",
                "accepted 下至少要有一份作业。",
                "There must be at least one accepted submission.",
            ),
            (
                "01_small/submissions.toml",
                "rejected 下至少要有一份作业。",
                "There must be at least one rejected submission.",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_flaw_is_a_sentence_in_both_languages(make_exercise: MakeExercise, name: str) -> None:
    changes, wanted = CASES[name]
    folder = make_exercise()
    for file, text in changes.items():
        _change(folder / file, text)
    assert [(one.where, one.text.zh, one.text.en) for one in lint(folder)] == wanted


def _change(path: Path, text: str | None) -> None:
    if text is not None:
        path.write_text(text, encoding="utf-8")
    elif path.parent.parent.parent.name == "submissions":
        shutil.rmtree(path.parent)
    else:
        path.unlink()


def test_a_data_set_that_does_not_exist(make_exercise: MakeExercise) -> None:
    folder = make_exercise({"exercise.toml": 'id = "01_small"\n' + TITLE + 'dataset = "nowhere10"\n'})
    (problem,) = lint(folder)
    assert problem.where == "01_small/exercise.toml"
    assert "nowhere10" in problem.text.zh
    assert "nowhere10" in problem.text.en
