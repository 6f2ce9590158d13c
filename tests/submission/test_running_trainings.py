"""Real trainings by students' programs, in their own processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import find_dataset, read_dataset
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.process import Confinement
from pytest_mmedu.text import Text

pytestmark = pytest.mark.train
HEAD = "from MMEdu import MMClassification as cls\n"
Run = Callable[..., SubmissionRun]
Level = Callable[[], Confinement]


@pytest.fixture
def run(tmp_path: Path, in_a_process: Level) -> Run:
    def run_it(text: str, *, images: Any = None, **budget: Any) -> SubmissionRun:
        folder = tmp_path / "handed in"
        folder.mkdir(exist_ok=True)
        (folder / "homework.py").write_text(text, encoding="utf-8")
        return run_submission(
            find_submission(folder),
            images=images,
            budget=Budget(**{"seconds": 120.0, **budget}),
            cache=RunCache(tmp_path / "cache"),
            confinement=in_a_process,
        )

    return run_it


def test_a_training_and_the_second_time_from_the_cache(run: Run, tmp_path: Path) -> None:
    text = HEAD + (
        "model = cls(backbone='LeNet')\nmodel.num_classes = 10\nmodel.load_dataset(path='digits10')\n"
        "lr = 0.5\nglobals()['lr'] = 0.05\n"
        "model.train(\n    epochs=3,\n    lr=lr, batch_size=16)\nprint('done')\n"
    )
    done = run(text, epochs=1, images=None)
    assert done.no_run is None
    assert not done.from_cache
    assert done.notes == (
        Text("程序要求训练 3 轮，批改时训练 1 轮。", "The program asks for 3 epochs; for grading 1 are trained."),
    )
    assert done.stdout_tail.endswith("done\n")

    (asked,) = done.asked
    assert (asked["epochs"].value, asked["epochs"].differs, asked["epochs"].place) == (3, None, "homework.py:8")
    assert (asked["lr"].value, asked["lr"].differs, asked["lr"].place) == (0.5, 0.05, "homework.py:5")
    assert asked["batch_size"].differs is None
    assert asked["dataset"].differs is None

    (trained,) = done.runs
    assert trained.params["epochs"] == 1
    assert set(trained.checkpoints) == {1}
    assert trained.latest is not None
    assert trained.log is not None
    assert [record.lr for record in read_log(trained.log).train] == [0.05, 0.05]
    assert not any(path.is_symlink() for path in trained.folder.rglob("*"))

    program = (
        "import sys\nfrom pathlib import Path\nfrom pytest_mmedu.cache import RunCache\n"
        "from pytest_mmedu.submission import *\n"
        f"root = Path({str(tmp_path)!r})\n"
        "done = run_submission(find_submission(root / 'handed in'), budget=Budget(epochs=1, seconds=120.0),"
        " cache=RunCache(root / 'cache'))\n"
        "assert done.from_cache and done.runs[0].from_cache, done\n"
        "heavy = {'torch', 'numpy', 'mmcv', 'mmcls', 'psutil', 'nbformat', 'pytest'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    again = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, "")


def test_two_trainings_on_the_exercises_data_and_an_error_afterwards(run: Run, tmp_path: Path) -> None:
    images = shutil.copytree(find_dataset("shapes3"), tmp_path / "flowers")
    text = HEAD + (
        "def go(fold, lr):\n    model = cls('LeNet')\n    model.load_dataset(path='../data/flowers')\n"
        "    model.train(epochs=1, lr=lr, batch_size=8, save_fold=fold)\n"
        "go('first', 0.1)\ngo('second', 0.01)\nmodel.test()\n"
    )
    done = run(text, images=read_dataset(images))
    assert done.no_run is None, done.stdout_tail
    assert [asked["lr"].value for asked in done.asked] == [0.1, 0.01]
    assert [trained.params["lr"] for trained in done.runs] == [0.1, 0.01]
    assert done.notes == (
        Text(
            "训练完成之后（homework.py:8）：程序出错：名字 model 没有定义（NameError）。",
            "After the training (homework.py:8): The program failed: NameError: name 'model' is not defined",
        ),
    )


MISTAKES: dict[str, tuple[str, str, Text]] = {
    "wrong value": (
        "m = cls('LeNet')\nm.load_dataset('digits10')\nm.train(lr=-1)\n",
        "homework.py:4",
        Text("参数 lr 收到 -1。应为大于 0 的数。", "Parameter lr got -1. It takes a number above 0."),
    ),
    "no data": (
        "m = cls('LeNet')\nm.load_dataset(path='D:/data/cls')\nm.train()\n",
        "homework.py:3",
        Text(
            "Error Code: -101. 找不到数据集文件夹 D:/data/cls。自带的数据集有 digits10、faces2、shapes3、signs6。",
            "Error Code: -101. There is no data set folder D:/data/cls. "
            "The kit brings digits10, faces2, shapes3, signs6.",
        ),
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_students_mistake(run: Run, name: str) -> None:
    text, place, seen = MISTAKES[name]
    no_run = run(HEAD + text).no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.place, no_run.seen) == ("failed", place, seen)


def test_a_program_that_leaves_before_its_training_ends(run: Run) -> None:
    text = HEAD + (
        "import os\nfrom pytest_mmedu.mmedu import recorder\nm = cls('LeNet')\nm.load_dataset('digits10')\n"
        "recorder.hooks.append(lambda params: os._exit(0))\nm.train(epochs=1000)\n"
    )
    done = run(text)
    assert done.runs == ()
    assert done.no_run is not None
    assert done.no_run.seen == Text(
        "程序没有运行到结尾就停止了（退出码 0）。", "The program stopped before its end (exit code 0)."
    )
    assert [asked["epochs"].value for asked in done.asked] == [1000]


def test_a_training_that_left_nothing_in_a_program_in_utf_16(tmp_path: Path, in_a_process: Level) -> None:
    """It is seen that it needs the libraries; a number too long for Python to write out harms no record."""
    text = (
        "from MMEdu import MMClassification\nfrom pathlib import Path\nfrom pytest_mmedu.mmedu import recorder\n"
        "recorder.record({'epochs': 10**5000})\nrecorder.finish(Path('gone'))\n"
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "homework.py").write_text(text, encoding="utf-16")
    cache = RunCache(tmp_path / "cache")
    no_run = run_submission(find_submission(tmp_path / "in"), cache=cache, confinement=in_a_process).no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen, no_run.hint) == (
        "failed",
        Text(
            "训练完成了，但作业文件夹里没有它的文件。",
            "A training ended, but its files are not in the homework's folder.",
        ),
        Text(
            "让 save_fold 留在作业文件夹里面，程序也不要删掉它。",
            "Let save_fold lie inside the homework's folder, and do not delete it.",
        ),
    )
