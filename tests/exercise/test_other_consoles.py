"""A Chinese Windows console (code page 936, GBK): every command shows its Chinese there, and ends as it should."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from pytest_mmedu.cli import main
from pytest_mmedu.exercise.verify_view import Watched

MakeExercise = Callable[..., Path]
LOG = (
    '{"env_info": "", "seed": 0}\n'
    '{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss": 2.3}\n'
    '{"mode": "val", "epoch": 1, "iter": 4, "lr": 0.01, "accuracy_top-1": 50.0}\n'
    '{"mode": "train", "epoch": 2, "iter": 10, "lr": 0.01, "loss": 1.1}\n'
)


def in_gbk(*arguments: str | Path) -> Result:
    """A command on such a console; what it cannot show would come out as `?`."""
    runner = CliRunner(charset="gbk", env={"COLUMNS": "80", "MMEDU_LANG": "zh"})
    return runner.invoke(main, [str(one) for one in arguments])


def assert_readable(result: Result) -> None:
    assert not isinstance(result.exception, UnicodeError)
    assert "?" not in result.output
    assert any("一" <= char <= "鿿" for char in result.output)


@pytest.mark.parametrize("command", ["params", "doctor"])
def test_what_needs_no_file(command: str) -> None:
    result = in_gbk(command)
    assert result.exit_code in ((0,) if command == "params" else (0, 3))
    assert_readable(result)


def test_a_log(tmp_path: Path) -> None:
    path = tmp_path / "日志.log.json"
    path.write_text(LOG, "utf-8")
    result = in_gbk("log", path)
    assert result.exit_code == 0
    assert_readable(result)
    assert "日志.log.json" in result.output


def test_a_log_that_is_not_there(tmp_path: Path) -> None:
    result = in_gbk("log", tmp_path / "没有.log.json")
    assert result.exit_code == 1
    assert_readable(result)


def test_a_class_with_its_cards(make_exercise: MakeExercise) -> None:
    folder = make_exercise()
    result = in_gbk("grade", folder / "submissions" / "rejected", "--exercise", folder, "--show-cards")
    assert result.exit_code == 0
    assert_readable(result)
    assert " [x] 轮数" in result.output
    assert " [v] 学习率" in result.output
    assert "✔" not in result.output


def test_what_students_get(make_exercise: MakeExercise, tmp_path: Path) -> None:
    result = in_gbk("release", make_exercise(), "--out", tmp_path / "发给学生")
    assert result.exit_code == 0
    assert_readable(result)


def test_a_verdict_on_an_exercise(tmp_path: Path) -> None:
    raw = io.BytesIO()
    console = Console(file=io.TextIOWrapper(raw, encoding="gbk"), soft_wrap=True)
    with Watched("zh", {tmp_path / "01_small": 7}, console) as watched:
        watched.tell(tmp_path / "01_small", [])
    console.file.flush()
    assert raw.getvalue().decode("gbk").strip() == "[v] 01_small：7 份作业都合预期"


def test_a_character_that_no_code_page_has_does_not_stop_a_command(make_exercise: MakeExercise) -> None:
    folder = make_exercise({"submissions/rejected/short/homework.py": 'print("👍")\nthumb = "👍"\n1 +\n'})
    result = in_gbk("check", folder / "submissions" / "rejected" / "short", "--exercise", folder)
    assert result.exit_code == 1
    assert not isinstance(result.exception, UnicodeError)
    assert "语法错误" in result.output
