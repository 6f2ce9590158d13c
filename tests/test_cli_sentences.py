"""What the command line says of itself: wrong commands in one sentence of two languages, help within 80 columns."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pytest_mmedu.cli import main
from pytest_mmedu.text import width


def typed(*words: str) -> Result:
    return CliRunner().invoke(main, words, prog_name="pytest-mmedu")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exercise, a class, a file, to be named by wrong commands."""
    (tmp_path / "exercise").mkdir()
    (tmp_path / "exercise" / "test_it.py").touch()
    (tmp_path / "class").mkdir()
    (tmp_path / "file.txt").touch()
    (tmp_path / "homework.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Command, the sentence in Chinese, the same in English.
WRONG = [
    ("frobnicate", "没有命令 frobnicate。", "No such command 'frobnicate'."),
    ("--colour", "没有选项 --colour。", "No such option"),
    ("check --exercise exercise", "还要写 SUBMISSION。", "Missing argument 'SUBMISSION'."),
    ("check homework.py", "还要写选项 --exercise。", "Missing option '--exercise'."),
    ("check homework.py --exercise", "选项 --exercise 后面要写一个值。", "Option '--exercise' requires an argument."),
    ("check none.py --exercise exercise", "SUBMISSION 是 none.py：没有这个文件或文件夹。", "'none.py' does not exist."),
    ("check homework.py more --exercise exercise", "多写了 more。", "Got unexpected extra argument (more)."),
    (
        "check homework.py --exercise class",
        "--exercise：class 里没有练习，缺少 test_*.py。",
        "--exercise: there is no exercise in class: test_*.py is missing.",
    ),
    (
        "check homework.py --exercise file.txt",
        "--exercise：file.txt 里没有练习，缺少 test_*.py。",
        "--exercise: there is no exercise in file.txt: test_*.py is missing.",
    ),
    (
        "check homework.py --exercise exercise --min-score many",
        "--min-score 是 many：应为数字。",
        "'many' is not a valid",
    ),
    (
        "grade class --exercise exercise --min-score -0.5",
        "--min-score 是 -0.5：不能小于 0。",
        "is not in the range x>=0.",
    ),
    ("grade class --exercise exercise --workers two", "--workers 是 two：应为整数。", "'two' is not a valid integer"),
    ("grade class --exercise exercise --workers -3", "--workers 是 -3：不能小于 1。", "-3 is not in the range x>=1."),
    ("grade class --exercise exercise --out file.txt", "--out 是 file.txt：它是文件，这里要文件夹。", "is a file."),
    ("grade class --exercise exercise --show-cards=1", "选项 --show-cards 后面不写值。", "does not take a value."),
    (
        "grade homework.py --exercise exercise",
        "FOLDERS...：homework.py 是一份作业，不是全班的文件夹；一份作业请用 pytest-mmedu check 批改。",
        "homework.py is one submission, not the folder of a class: grade it with pytest-mmedu check.",
    ),
    ("verify none", "FOLDERS 是 none：没有这个文件或文件夹。", "'none' does not exist."),
    ("export class --format xls", "--format 是 xls：应为 'csv', 'jsonl', 'markdown' 之一。", "'xls' is not one of"),
    (
        "override class li",
        "请写 --score 或 --comment，或者只写 --remove。",
        "Give --score or --comment, or --remove alone.",
    ),
    (
        "check homework.py --exercise exercise --isolation best",
        "--isolation 是 'best'。应为 auto、",
        "--isolation is 'best'. It takes auto, ",
    ),
    ("params --lang fr", "--lang 是 'fr'。应为 zh、en 或 auto。", "--lang is 'fr'. It takes zh, en or auto."),
]


@pytest.mark.parametrize(("command", "zh", "en"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_command_is_told_in_one_line_of_two_languages(here: Path, command: str, zh: str, en: str) -> None:
    done = typed(*command.split())
    said = done.output.strip()
    assert done.exit_code == 2, said
    chinese, bar, english = said.partition(" | ")
    assert chinese.startswith(zh)
    assert bar
    assert en in english
    assert "\n" not in said


def test_the_next_step_is_the_help_of_the_command(here: Path) -> None:
    assert typed("check", "none.py", "--exercise", "exercise").output.strip() == (
        "SUBMISSION 是 none.py：没有这个文件或文件夹。运行 pytest-mmedu check --help 查看用法。 | "
        "Invalid value for 'SUBMISSION': Path 'none.py' does not exist. "
        "Type pytest-mmedu check --help to see how it is used."
    )


def test_words_of_click_that_nobody_translated_are_shown_as_they_are() -> None:
    @click.command()
    def odd() -> None:
        raise click.UsageError("Something new")

    main.add_command(odd)
    try:
        assert typed("odd").output.startswith("Something new.")
    finally:
        del main.commands["odd"]


def test_no_command_shows_the_help() -> None:
    done = typed()
    assert done.exit_code == 2
    assert done.output == typed("--help").output


@pytest.mark.parametrize(
    "command", [[], *([name] for name in main.commands)], ids=lambda words: "".join(words) or "main"
)
def test_help_fits_a_terminal_of_80_columns_and_has_both_languages(command: list[str]) -> None:
    lines = typed(*command, "--help").output.splitlines()
    assert [line for line in lines if width(line) > 80] == []
    assert lines[0].startswith("用法 | Usage: pytest-mmedu")
    assert "选项 | Options:" in lines
    assert any(line.endswith("  显示这些说明 | show this message") for line in lines)


def test_the_lines_of_the_exit_codes_stay_lines() -> None:
    lines = typed("grade", "--help").output.splitlines()
    assert "    0    全部批改完 | everything is graded" in lines
    assert lines[lines.index("    0    全部批改完 | everything is graded") - 1] == "  退出码 | Exit codes"


def test_a_place_that_cannot_be_written_is_said(here: Path) -> None:
    done = typed("new", str(here / "file.txt" / "mine"))
    assert done.exit_code == 3
    chinese, _, english = done.output.strip().partition(" | ")
    assert chinese.startswith(f"写不了 {here / 'file.txt' / 'mine'}：")
    assert english.endswith("Check the path.")
