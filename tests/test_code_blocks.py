"""What the pages show and no other test types: the rule for late work, clusters, CI, the commands of contributors."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import click
import pytest

from pytest_mmedu.cli import main
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import release
from pytest_mmedu.report.json_file import read_report

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = ROOT / "exercises" / "01_first_training"
READMES = ("README.md", "README.zh.md")
CLUSTERS = ("docs/clusters.md", "docs/clusters.zh.md")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


def blocks(page: str, kind: str = "") -> list[str]:
    return [text for of, text in BLOCK.findall((ROOT / page).read_text("utf-8")) if of == kind]


def commands(page: str) -> list[list[str]]:
    """The lines of its blocks as a shell takes them apart."""
    lines = (line for text in blocks(page) for line in text.splitlines())
    return [words for words in (shlex.split(line, comments=True) for line in lines) if words]


def understood(command: click.Command, arguments: list[str]) -> bool:
    return command.make_parser(click.Context(command)).parse_args(arguments)[1] == []


@pytest.mark.parametrize("page", READMES)
def test_the_rule_for_late_work_is_understood(page: str, tmp_path: Path) -> None:
    [rule] = [text for text in blocks(page, "toml") if text.startswith("[late]")]
    folder = tmp_path / "exercise"
    release(EXERCISE, folder, data=False)
    with (folder / "exercise.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + rule)
    late = load_exercise(folder).late
    assert late is not None
    assert late.due == datetime(2026, 11, 20, 23, 59, tzinfo=timezone(timedelta(hours=8)))
    assert (late.per_day, late.unit, late.most, late.grace_hours) == (10, "percent", 50, 1)


def test_the_page_on_clusters_types_the_same_in_both_languages() -> None:
    english, chinese = (commands(page) for page in CLUSTERS)
    assert english == chinese
    assert len({*map(tuple, (blocks(page, "yaml") for page in CLUSTERS))}) == 1


@pytest.mark.parametrize("words", commands(CLUSTERS[0]), ids=" ".join)
def test_every_command_about_clusters_is_understood(words: list[str]) -> None:
    program, *arguments = words
    if program == "pip":
        extra = re.fullmatch(r"pytest-mmedu\[(\w+)\]", arguments[1])
        assert extra is not None
        assert f"\n{extra[1]} = [" in PROJECT
    elif program == "dask":
        name, *rest = arguments
        module = pytest.importorskip(f"distributed.cli.dask_{name}", reason="dask.distributed is not installed")
        assert understood(module.main, rest)
    else:
        assert program == "pytest-mmedu"
        assert understood(main.commands[arguments[0]], arguments[1:])


def test_the_settings_of_a_queue_are_those_of_dask_jobqueue() -> None:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed")
    pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
    dask = importlib.import_module("dask")
    [text] = blocks(CLUSTERS[0], "yaml")
    shown = yaml.safe_load(text)["jobqueue"]
    assert list(shown) == ["slurm"]
    assert set(shown["slurm"]) <= set(dask.config.get("jobqueue.slurm"))


def test_the_commands_for_ci_leave_their_reports(tmp_path: Path) -> None:
    """In a student's repository, where nothing is filled in yet."""
    shutil.copy(EXERCISE / "homework.py", tmp_path)
    release(EXERCISE, tmp_path / "exercises" / EXERCISE.name, data=False)
    typed = [words for words in commands("README.md") if any("report" in word for word in words)]
    assert [words for words in commands("README.zh.md") if any("report" in word for word in words)] == typed
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("MMEDU_", "PYTEST_"))}
    for program, *arguments in typed:
        module = Path(program).name.replace("-", "_")
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=tmp_path, env={**environ, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stdout + done.stderr
        assert " 0 / 100" in done.stdout
    assert read_report(tmp_path / "report.json").max_score == 100
    assert "<testsuites>" in (tmp_path / "report.xml").read_text("utf-8")
    assert (tmp_path / "card.md").read_text("utf-8").startswith("## ")


def test_what_contributors_type_exists() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = "\n".join(blocks("CONTRIBUTING.md"))
    assert set(re.findall(r"\bmake (\w+)", told)) <= targets
    paths = re.findall(r"\btests/[\w/.]+", told)
    assert [path for path in paths if not (ROOT / path).exists()] == []
    markers = set(re.findall(r'^  "(\w+):', PROJECT.partition("markers = [")[2].partition("]")[0], re.MULTILINE))
    assert set(re.findall(r' -m "?(?:not )?(?!pytest|pip|venv)(\w+)', told)) <= markers
    assert [extra for extra in re.findall(r"\.\[(\w+)\]", told) if f"\n{extra} = [" not in PROJECT] == []
