"""Workflow commands: what GitHub's runner reads out of a line is what was put in."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.report.workflow_commands import command, workflow_commands
from tests.report.every_outcome import ALL_EARNED, EVERY_OUTCOME, everywhere

ANY = st.text(st.characters(exclude_categories=("Cs",)))
LINE = re.compile(r"::(?P<name>\w+)(?: (?P<properties>.*?))?::(?P<data>.*)", re.DOTALL)


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A line as the runner takes it apart."""
    found = LINE.fullmatch(line)
    assert found is not None
    pairs = (pair.partition("=") for pair in (found["properties"] or "").split(",") if pair)
    return found["name"], {name: unescaped(value) for name, _, value in pairs}, unescaped(found["data"])


def unescaped(text: str) -> str:
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, char)
    return text


@given(file=ANY, title=ANY, message=ANY)
@settings(deadline=None)
def test_the_runner_reads_what_was_written(file: str, title: str, message: str) -> None:
    line = command("error", message, file=file, line="3", title=title)
    assert "\n" not in line
    assert "\r" not in line
    wanted = {name: value for name, value in (("file", file), ("line", "3"), ("title", title)) if value}
    assert read(line) == ("error", wanted, message)


@given(text=ANY)
@settings(deadline=None)
def test_no_text_makes_a_command_of_its_own(text: str) -> None:
    lines = workflow_commands(everywhere(text), "en", {}.get).splitlines()
    assert len(lines) == 1 + 3 * 2  # the score; of each of three tests its message and its result
    assert {read(line)[0] for line in lines} <= {"error", "warning", "notice"}


def test_a_mistake_is_marked_on_its_file_and_line() -> None:
    found = {"homework.py": "exercises/01, zwei/homework.py", "homework.ipynb": "homework.ipynb"}
    read_back = [read(line) for line in workflow_commands(EVERY_OUTCOME, "en", found.get).splitlines()]
    [epochs] = [one for one in read_back if "epochs" in one[1]["title"]]
    assert epochs == (
        "error",
        {
            "file": "exercises/01, zwei/homework.py",
            "line": "10",
            "title": "The parameters you chose · Parameter epochs",
        },
        "1 (should be between 5 and 30)\nHint  Too few epochs: does the loss still fall?\nPlace  homework.py:10",
    )
    [seed] = [one for one in read_back if "seed" in one[1]["title"]]
    assert seed[1] == {"file": "homework.ipynb", "title": "The seed · Random seed"}
    assert seed[0] == "warning"


def test_a_log_of_this_run_is_named_and_not_marked() -> None:
    lines = workflow_commands(EVERY_OUTCOME, "en", {}.get).splitlines()
    [accuracy] = [read(line) for line in lines if "Validation" in line]
    assert set(accuracy[1]) == {"title"}
    assert "Place  20260101_120000.log.json:4" in accuracy[2]


def test_full_points_are_one_notice() -> None:
    told = "10 / 10\nIsolation level: process (watched: memory; not provided: files)"
    [line] = workflow_commands(ALL_EARNED, "en", {}.get).splitlines()
    assert read(line) == ("notice", {"title": "Score"}, told)
