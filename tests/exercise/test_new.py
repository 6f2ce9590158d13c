"""`pytest-mmedu new`: a skeleton that is sound as it is, in both languages, and never on top of something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu.cli import main
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.expected import expected_submissions
from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.skeleton import write_skeleton
from pytest_mmedu.text import Text

NAMES = {
    *("README.md", "exercise.toml", "homework.ipynb", "homework.py", "master.py"),
    *("submissions.toml", "test_exercise.py", "submissions/accepted/as_function/homework.py"),
    *(
        f"submissions/rejected/{name}/homework.py"
        for name in ("lr_far_too_large", "never_trains", "no_validation", "too_few_epochs")
    ),
}


def test_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "17_my_topic"
    written = write_skeleton(folder, "我的题目 | My topic")
    assert {path.relative_to(folder).as_posix() for path in written} == NAMES
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == NAMES
    assert lint(folder) == []
    exercise = load_exercise(folder)
    assert (exercise.id, exercise.title) == ("17_my_topic", Text("我的题目", "My topic"))
    assert sum(one.kind == "rejected" for one in expected_submissions(exercise)) == 4
    for path in written:
        text = path.read_bytes()
        assert b"@ID@" not in text
        assert b"@ZH@" not in text
        assert b"@EN@" not in text
        assert b"\r" not in text
    assert (folder / "homework.py").read_text("utf-8").count("...,") == 2


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("17_my_topic", "新练习 my topic", "My topic"),
        ("try-this", "新练习 try this", "Try this"),
        ("17_x", "新练习 x", "Exercise x"),
        ("17", "新练习 17", "Exercise 17"),
    ],
)
def test_a_title_is_made_from_the_name(tmp_path: Path, name: str, zh: str, en: str) -> None:
    write_skeleton(tmp_path / name)
    assert load_exercise(tmp_path / name).title == Text(zh, en)
    assert lint(tmp_path / name) == []


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "17_mine"
    folder.mkdir()
    (folder / "master.py").write_text("mine", "utf-8")
    with pytest.raises(ExerciseError) as caught:
        write_skeleton(folder)
    assert caught.value.text.zh == "17_mine 已经有了。请换一个名字。"
    assert caught.value.text.en == "17_mine is there already. Choose another name."
    assert [path.read_text("utf-8") for path in folder.iterdir()] == ["mine"]


@pytest.mark.parametrize("name", ["我的", "a b", "-x", "a.b"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        write_skeleton(tmp_path / name)
    assert caught.value.text.zh == (
        f"练习不能叫 {name}。名字由字母、数字、下划线和短横线组成。请换一个名字，如 17_my_topic。"
    )
    assert caught.value.text.en == (
        f"An exercise cannot be called {name}. A name consists of letters, digits, underscores and hyphens. "
        "Choose another name, such as 17_my_topic."
    )
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("title", ["only one", "只有 | ", '引"号 | quo"te', "a\\b | c"])
def test_a_title_that_is_none(tmp_path: Path, title: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        write_skeleton(tmp_path / "17_x", title)
    assert caught.value.text.zh == f"题目是 {title}。应为“中文 | English”，不含双引号和反斜杠。请两种语言都写上。"
    assert caught.value.text.en == (
        f'The title is {title}. It takes "中文 | English", without quotes and backslashes. Write it in both languages.'
    )


def test_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "17_my_topic"
    done = CliRunner().invoke(main, ["new", str(folder), "--title", "我的 | Mine"])
    assert done.exit_code == 0
    assert {Path(line).relative_to(folder).as_posix() for line in done.output.splitlines()} == NAMES
    again = CliRunner().invoke(main, ["new", str(folder)])
    assert again.exit_code == 1
    assert "17_my_topic is there already." in again.output


def test_starters_are_written_anew_by_a_command(tmp_path: Path) -> None:
    folder = tmp_path / "17_x"
    write_skeleton(folder)
    master = folder / "master.py"
    master.write_text(
        master.read_text("utf-8").replace("lr=0.02,", "lr=0.03,").replace("epochs=6", "epochs=7"), "utf-8"
    )
    master.write_text(master.read_text("utf-8") + "print(model)\n", "utf-8")
    assert [problem.where for problem in lint(folder)] == ["17_x/homework.py", "17_x/homework.ipynb"]
    done = CliRunner().invoke(main, ["starter", str(folder)])
    assert done.output.splitlines() == [str(folder / "homework.py"), str(folder / "homework.ipynb")]
    assert lint(folder) == []
    assert (folder / "homework.py").read_text("utf-8").endswith("print(model)\n")
