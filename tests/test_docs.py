"""The pages for students and teachers: what they show is typed, run or drawn here, in both languages."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from pytest_mmedu.cli import main
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.release import release
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.report.terminal import card
from pytest_mmedu.text import LANGS, Lang

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = ROOT / "exercises" / "01_first_training"
PAGES = ("students", "teachers")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What a page writes as a file, or takes from one, is the same in both; a card is not.
IN_ONE_LANGUAGE = "text"


def page(name: str, lang: Lang) -> str:
    return (ROOT / "docs" / (f"{name}.md" if lang == "en" else f"{name}.zh.md")).read_text("utf-8")


def blocks(name: str, lang: Lang, *kinds: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page(name, lang)) if kind in kinds]


def commands(name: str) -> list[str]:
    return [line for text in blocks(name, "en", "") for line in text.splitlines()]


@pytest.mark.parametrize("name", PAGES)
def test_both_languages_have_the_same_parts(name: str) -> None:
    code = {lang: [b for b in BLOCK.findall(page(name, lang)) if b[0] != IN_ONE_LANGUAGE] for lang in LANGS}
    assert code["zh"] == code["en"]
    shapes = [re.findall(r"^(#+ |- |\| |```text)", BLOCK.sub(r"```\1", page(name, lang)), re.M) for lang in LANGS]
    assert shapes[0] == shapes[1]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_files(name: str, lang: Lang) -> None:
    links = re.findall(r"\]\(([^)#:]+)[^):]*\)", page(name, lang))
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.mark.parametrize("line", [line for name in PAGES for line in commands(name)])
def test_every_command_is_understood(line: str) -> None:
    program, *arguments = shlex.split(line)
    if program != "pytest-mmedu":
        assert program in ("pip", "pytest", "python")
        return
    command = main.commands[arguments[0]]
    assert command.make_parser(click.Context(command)).parse_args(arguments[1:])[1] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_homework_of_the_page_is_a_real_one(lang: Lang) -> None:
    starter = (EXERCISE / "homework.py").read_text("utf-8")
    shown = blocks("students", lang, "python")
    assert len(shown) == 2
    for text in shown:
        assert text in starter
        assert "..." in text


def test_the_card_of_a_homework_that_is_not_filled_in(tmp_path: Path, warm_session: Session) -> None:
    handout = tmp_path / "homework"
    release(EXERCISE, handout, data=False)
    report = grade_one(handout, handout, cache=tmp_path / "cache", session=warm_session)
    for lang in LANGS:
        [shown] = blocks("students", lang, "text")
        assert shown == card(report, lang) + "\n"


@pytest.mark.train
def test_the_teachers_way_from_the_exercise_to_the_marks(tmp_path: Path) -> None:
    """Two students: one hands in what is right in his own way, one what she was given."""
    before, after = (text.splitlines() for text in blocks("teachers", "en", ""))
    for line in before[:1]:
        typed(line, tmp_path)
    [test_file], [exercise] = blocks("teachers", "en", "python"), blocks("teachers", "en", "toml")
    (tmp_path / "first" / "test_exercise.py").write_text(test_file, "utf-8")
    (tmp_path / "first" / "exercise.toml").write_text(exercise, "utf-8")
    typed(before[2], tmp_path)
    shutil.copytree(tmp_path / "first/submissions/accepted/as_function", tmp_path / "submissions" / "li")
    shutil.copytree(tmp_path / "handout", tmp_path / "submissions" / "wang")
    for line in after:
        typed(line, tmp_path)
    rows = (tmp_path / "results" / "gradebook.csv").read_text("utf-8-sig").splitlines()
    assert {"li": "95", "wang": "0"}.items() <= {row.split(",")[0]: row.split(",")[1] for row in rows}.items(), rows
    assert {path.name for path in (tmp_path / "results" / "students").iterdir()} == {"li.html", "wang.html"}
    assert (tmp_path / "results" / "index.html").is_file()


def typed(line: str, folder: Path) -> str:
    """A command as it stands there, with this Python."""
    environ: Mapping[str, str] = {**os.environ, "MMEDU_CACHE": str(folder / "cache"), "PYTHONUTF8": "1"}
    program, *arguments = shlex.split(line)
    assert program == "pytest-mmedu"
    done = subprocess.run(
        [sys.executable, "-m", "pytest_mmedu", *arguments],
        cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout
