"""Programs run in another Python than the one that grades: which MMEdu they get there, and what is told of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import find_dataset, read_dataset
from pytest_mmedu.errors import MachineError
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.interpreter import Interpreter, describe
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.material import copy_at_most
from pytest_mmedu.submission.process import ProcessLevel, python
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.text import Text

LIKE_MMEDU = Path(__file__).with_name("like_mmedu.py")
SCRIPT = """\
from MMEdu import MMClassification as cls
model = cls(backbone={backbone!r})
model.num_classes = 10
model.load_dataset(path={dataset!r})
log = model.train({arguments})
print(len(log))
"""
Run = Callable[..., SubmissionRun]
HERE = ".".join(map(str, sys.version_info[:3]))


def site_of(environment: Path) -> Path:
    return next(path for path in environment.rglob("site-packages") if path.is_dir())


def made_environment(folder: Path) -> Path:
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    return folder


def put_mmedu(site: Path, version: str = "2.0.0") -> None:
    """The package, and what a package manager notes of it and of what it stands on."""
    (site / "MMEdu").mkdir()
    shutil.copyfile(LIKE_MMEDU, site / "MMEdu" / "__init__.py")
    for name, number in {"MMEdu": version, "torch": "1.8.1", "mmcv-full": "1.4.5", "mmcls": "0.20.0"}.items():
        notes = site / f"{name.replace('-', '_')}-{number}.dist-info"
        notes.mkdir()
        (notes / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n", "utf-8")


def program_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    """An environment that has MMEdu and not this kit."""
    environment = made_environment(tmp_path_factory.mktemp("another python") / "classroom")
    put_mmedu(site_of(environment))
    return describe(program_of(environment))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Interpreter:
    return describe(program_of(made_environment(tmp_path_factory.mktemp("another python") / "empty")))


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_it(
        interpreter: Interpreter, arguments: str = "epochs=4, lr=0.05, batch_size=16", **how: Any
    ) -> SubmissionRun:
        dataset, backbone = how.pop("dataset", "digits10"), how.pop("backbone", "LeNet")
        folder = tmp_path / "handed in"
        folder.mkdir(exist_ok=True)
        text = SCRIPT.format(arguments=arguments, dataset=dataset, backbone=backbone)
        (folder / "homework.py").write_text(text, "utf-8")
        usual = {"images": read_dataset("digits10"), "budget": Budget(epochs=3, images=50, seconds=60)}
        cache = RunCache(tmp_path / "cache")
        return run_submission(find_submission(folder), cache=cache, interpreter=interpreter, **{**usual, **how})

    return run_it


REAL = Text(
    f"在 Python {HERE}（torch 1.8.1、mmcv 1.4.5、mmcls 0.20.0）里训练，用的是 MMEdu 2.0.0 本身。",
    f"Trained in Python {HERE} (torch 1.8.1, mmcv 1.4.5, mmcls 0.20.0) with the real MMEdu 2.0.0.",
)


def test_the_real_package_trains_what_the_budget_allows_and_the_report_says_so(
    run: Run, classroom: Interpreter
) -> None:
    done = run(classroom, "epochs=4, lr=0.05, batch_size=16, save_fold='mine'")
    assert done.no_run is None
    (one,) = done.runs
    assert {name: one.params[name] for name in ("epochs", "lr", "dataset", "save_fold", "num_classes")} == {
        "epochs": 3,
        "lr": 0.05,
        "dataset": "digits10",
        "save_fold": "mine",
        "num_classes": 10,
    }
    assert one.environment == {
        **{"python": HERE, "torch": "1.8.1", "mmcv": "1.4.5", "mmcls": "0.20.0", "MMEdu": "2.0.0"},
        **{"numpy": "none", "opencv": "none", "device": "cpu"},
    }
    assert [value.differs for value in done.asked[0].values.values()] == [None] * len(done.asked[0].values)
    assert done.notes == (
        REAL,
        Text("程序要求训练 4 轮，批改时训练 3 轮。", "The program asks for 4 epochs; for grading 3 are trained."),
        Text("批改时训练集和验证集各最多用 50 张图片。", "For grading at most 50 pictures of each split are used."),
    )
    assert one.log is not None
    log = read_log(one.log)
    assert (log.meta["dataset_size"], log.epochs, list(log.val.metrics)) == (50, 3, ["accuracy_top-5"])
    assert sorted(one.checkpoints) == [1, 2, 3]


def test_its_own_save_folder_beside_the_working_folder_is_found(run: Run, classroom: Interpreter) -> None:
    done = run(classroom)
    assert [one.best.name for one in done.runs if one.best] == ["best_accuracy_top-5_epoch_3.pth"]
    assert done.asked[0]["save_fold"].differs is None


def test_a_loss_of_nan_ends_the_training_and_not_the_program(run: Run, classroom: Interpreter) -> None:
    """The real train() fails there, after the training, at reading its own log."""
    done = run(classroom, "epochs=3, lr=1e5, batch_size=16")
    assert (done.no_run, len(done.runs), done.stdout_tail) == (None, 1, "7\n")


# What is wrong -> how the program is changed, the sentence, the next step, the line.
MISTAKES: dict[str, tuple[dict[str, Any], Text, Text, int]] = {
    "an unknown name": (
        {"arguments": "learning_rate=0.1"},
        Text(
            "Error Code: -501. 没有名为 learning_rate 的参数。",
            "Error Code: -501. There is no parameter learning_rate.",
        ),
        Text("你是不是想写 lr？", "Did you mean lr?"),
        5,
    ),
    "a mistake whose own message fails": (
        {"arguments": "device=None"},
        Text(
            "Error Code: -301. 参数 device 收到 None。应为 'cpu' 或 'cuda'。",
            "Error Code: -301. Parameter device got None. It takes 'cpu' or 'cuda'.",
        ),
        Text("没有 NVIDIA 显卡的电脑用 'cpu'。", "Use 'cpu' on a computer without an NVIDIA GPU."),
        5,
    ),
    "a value that it takes in silence": (
        {"arguments": "epochs=0"},
        Text("参数 epochs 收到 0。应为不小于 1 的整数。", "Parameter epochs got 0. It takes a whole number from 1."),
        Text("请写一个正整数，不加引号。", "Write a positive whole number without quotes."),
        5,
    ),
    "no such data set": (
        {"dataset": "nowhere"},
        Text(
            "Error Code: -101. 没有这个数据集文件夹（No such dateset directory: nowhere）。",
            "Error Code: -101. There is no such data set folder (No such dateset directory: nowhere).",
        ),
        Text(
            "请核对路径；相对路径从程序所在的文件夹算起。",
            "Check the path; a relative one starts at the folder of the program.",
        ),
        4,
    ),
    "no such network": (
        {"backbone": "LeNet5"},
        Text(
            "Error Code: -302. 没有这个网络（No such argument: LeNet5）。",
            "Error Code: -302. There is no such network (No such argument: LeNet5).",
        ),
        Text(
            "可以用的有 LeNet、MobileNet、ResNet18、ResNet50、RegNet。请核对大小写。",
            "There are LeNet, MobileNet, ResNet18, ResNet50, RegNet. Check the spelling, capitals included.",
        ),
        2,
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_its_own_errors_are_told_in_both_languages(run: Run, classroom: Interpreter, name: str) -> None:
    changed, seen, hint, line = MISTAKES[name]
    done = run(classroom, **changed)
    assert done.no_run is not None
    assert (done.runs, done.no_run.outcome) == ((), "failed")
    assert (done.no_run.seen, done.no_run.hint, done.no_run.place) == (seen, hint, f"homework.py:{line}")


def test_without_mmedu_and_without_the_training_stack_it_is_nobodys_mistake(run: Run, empty: Interpreter) -> None:
    done = run(empty)
    assert done.no_run is not None
    assert done.no_run.outcome == "error"
    assert done.no_run.seen == Text(
        f"Python {HERE}（--mmedu-python）：没有安装训练所需的软件包 cv2。",
        f"Python {HERE} (--mmedu-python): The package cv2, needed for training, is not installed.",
    )
    assert done.no_run.hint == Text(
        "请在那个环境里安装 MMEdu，或 torch、mmcv 1.x 和 mmcls 0.x。",
        "Install MMEdu in that environment, or torch, mmcv 1.x and mmcls 0.x.",
    )


@pytest.mark.train
def test_without_mmedu_the_kits_own_is_handed_in(run: Run, tmp_path: Path) -> None:
    """In an environment that finds the real mmcls and not this kit."""
    environment = made_environment(tmp_path / "with mmcls")
    found = find_spec("mmcls")
    assert found is not None
    assert found.origin is not None
    (site_of(environment) / "stack.pth").write_text(f"{Path(found.origin).parent.parent}\n", "utf-8")
    interpreter = describe(program_of(environment))
    done = run(interpreter, "epochs=1, lr=0.05, batch_size=16, topk=(1, 5)")
    assert done.no_run is None
    assert (done.runs[0].params["epochs"], done.runs[0].environment["torch"]) == (1, interpreter.versions["torch"])
    assert done.notes[0].en.startswith(f"Trained in Python {HERE} (torch {interpreter.versions['torch']}, mmcv ")
    assert done.notes[0].en.endswith(" with this kit's MMClassification (there is no MMEdu in it).")
    assert done.notes[0].zh.endswith("里训练，用的是本工具的 MMClassification（那里没有 MMEdu）。")


@pytest.mark.parametrize("level", ["namespaces", "landlock"])
def test_a_box_shows_that_python_and_nothing_more(run: Run, classroom: Interpreter, level: str, tmp_path: Path) -> None:
    """The environment lies where a box shows nothing; beside it is a file of the teacher's."""
    tried = Boxes().tried(level)
    if tried.box is None:
        pytest.skip(f"no {level} here: {tried.missing}")
    secret = Path(classroom.program).parents[2] / "secret.txt"
    secret.write_text("solution", "utf-8")
    box = tried.box
    done = run(classroom, confinement=lambda: box)
    assert (done.no_run, done.isolation, len(done.runs)) == (None, level, 1)
    (tmp_path / "handed in" / "homework.py").write_text(f"open({str(secret)!r}).read()\n", "utf-8")
    looked = run_submission(
        find_submission(tmp_path / "handed in"),
        cache=RunCache(tmp_path / "cache"),
        confinement=lambda: box,
        interpreter=classroom,
    )
    assert looked.no_run is not None
    assert looked.no_run.seen.en.startswith(
        ("The program failed: FileNotFoundError", "The program failed: PermissionE")
    )


def test_a_process_that_is_kept_warm_is_another_python() -> None:
    """What is warm is the judge's own Python: a command for another one goes to the level as it is."""
    asked: list[list[str]] = []

    class Cold(ProcessLevel):
        def run(self, command: Any, *_: Any, **__: Any) -> Any:
            asked.append([*command])

    command = python("pytest_mmedu.submission._child", "talk", program="another")
    WarmLevel(Cold(), None).run(command, None, None, started=Path(), heavy=True)  # type: ignore[arg-type]
    assert asked == [command]


def test_the_cache_knows_which_python_trained_and_with_what(run: Run, classroom: Interpreter) -> None:
    first = run(classroom)
    again = run(classroom)
    newer = run(replace(classroom, versions={**classroom.versions, "MMEdu": "2.0.1"}))
    assert (first.from_cache, again.from_cache, newer.from_cache) == (False, True, False)
    assert again.notes == first.notes


def test_what_an_interpreter_says_of_itself(classroom: Interpreter) -> None:
    assert (classroom.version, classroom.kind) == (HERE, sys.implementation.name)
    assert classroom.versions["mmcls"] == "0.20.0"
    assert Path(classroom.program).is_file()
    assert any(Path(classroom.program).is_relative_to(place) for place in classroom.places)


def test_a_file_that_is_no_python(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\necho never\necho 'bad magic number' >&2\nexit 3\n", "utf-8")
    program.chmod(0o755)
    with pytest.raises(MachineError) as caught:
        describe(program)
    assert caught.value.text.en.startswith(f"{program} is no Python that can be used (")
    assert caught.value.text.en.endswith(
        "Name an interpreter of Python 3.8 or newer with --mmedu-python, or the folder of its environment."
    )


def test_a_python_that_fills_somebodys_home_is_not_shown_to_students(
    classroom: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(classroom.prefixes[0]) / "home"
    home.mkdir(exist_ok=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    with pytest.raises(MachineError, match="Students' programs would see all of"):
        replace(classroom).places  # noqa: B018 - a property


def test_a_data_set_with_fewer_pictures_has_lists_to_match(tmp_path: Path) -> None:
    images = read_dataset(find_dataset("shapes3"))
    copy_at_most(images, tmp_path / "copy", "test_set", 6)
    found = read_dataset(tmp_path / "copy")
    kept = images.at_most(6).splits
    for split in ("training_set", "val_set"):
        names = [sample.path.relative_to(images.root) for sample in kept[split]]
        assert [sample.path.relative_to(tmp_path / "copy") for sample in found.splits[split]] == names
    assert not (tmp_path / "copy" / "test.txt").exists()
    assert [finding.kind for finding in found.findings if finding.kind != "missing text"] == []


def old_python() -> str | None:
    """A Python before 3.10, where one is installed; the variable names it where it is not on the path."""
    for name in (os.environ.get("MMEDU_OLD_PYTHON", ""), "python3.8", "python3.9"):
        found = shutil.which(name) if name else None
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return found
    return None


def test_in_a_python_of_the_classrooms(run: Run, tmp_path: Path) -> None:
    """The child for real in an older Python than any that this kit runs in."""
    program = old_python()
    if program is None:
        pytest.skip("no Python 3.8 or 3.9 here; MMEDU_OLD_PYTHON may name one")
    subprocess.run([program, "-m", "venv", "--without-pip", str(tmp_path / "old")], check=True)
    bare = describe(program_of(tmp_path / "old"))
    without = run(bare)
    assert without.no_run is not None
    assert without.no_run.seen.en == (
        f"Python {bare.version} has no MMEdu that works (it is not installed), "
        "and this kit's own MMClassification takes Python 3.10 or newer."
    )
    put_mmedu(site_of(tmp_path / "old"))
    done = run(describe(program_of(tmp_path / "old")), "epochs=3, lr=1e5, batch_size=16")
    assert (done.no_run, done.stdout_tail) == (None, "7\n")
    assert done.runs[0].environment["python"] == bare.version
