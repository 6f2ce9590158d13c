"""A small exercise that is judged from its source alone: nothing is trained, so grading one takes a second."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.exercise.release import write_starters

FILES = {
    "exercise.toml": 'id = "01_small"\ntitle = { zh = "小练习", en = "Small" }\nteaches = ["T02"]\n',
    "README.md": "# 小练习\n\n填写 epochs 和 lr。\n\n# Small\n\nFill in epochs and lr.\n",
    "master.py": '''"""小练习 | Small"""

# %%
from MMEdu import MMClassification as cls

# %% [markdown]
# 轮数和学习率 | epochs and learning rate

# %%
model = cls(backbone="LeNet")
model.train(
    epochs=12,  # SOLUTION
    lr=0.02,  # SOLUTION
)
''',
    "test_small.py": '''"""小练习 | Small"""

import pytest

from pytest_mmedu import points
from pytest_mmedu.checks import Subject
from pytest_mmedu.submission import read_asked


@pytest.fixture
def subject(submission):
    return Subject(asked=read_asked(submission)[0])


@points(6)
def test_epochs(check):
    """轮数 | Epochs"""
    check.param("epochs", between=(5, 20))


@points(4)
def test_rate(check):
    """学习率 | Learning rate"""
    check.param("lr", between=(0.001, 0.1))
''',
    "submissions.toml": """
        [accepted.positional_style]
        [rejected.short]
        score = 4
        fails = ["param epochs"]
        hint = { zh = ["轮数太少"], en = ["Too few epochs"] }
        [rejected.fast]
        score = 6
        fails = ["param lr"]
        hint = { zh = ["学习率太大"], en = ["too large a learning rate"] }
    """,
    "submissions/accepted/positional_style/mine.py": (
        "from MMEdu import MMClassification\nn = 10\nnet = MMClassification('LeNet')\nnet.train(lr=.01, epochs=n)\n"
    ),
    "submissions/rejected/short/homework.py": (
        "from MMEdu import MMClassification as cls\nmodel = cls('LeNet')\nmodel.train(epochs=1, lr=0.01)\n"
    ),
    "submissions/rejected/fast/homework.py": (
        "from MMEdu import MMClassification as cls\nmodel = cls('LeNet')\nmodel.train(epochs=9, lr=3)\n"
    ),
}

MakeExercise = Callable[..., Path]


@pytest.fixture
def make_exercise(tmp_path: Path) -> MakeExercise:
    """Writes the exercise `01_small`; keyword `changes` replaces files (None leaves one out)."""

    def make(changes: dict[str, str | None] | None = None, *, starters: bool = True) -> Path:
        folder = tmp_path / "01_small"
        for name, text in {**FILES, **(changes or {})}.items():
            if text is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(text, encoding="utf-8")
        if starters:
            write_starters(folder)
        return folder

    return make
