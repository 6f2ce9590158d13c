"""The author's guide, followed to the letter: its files are written, its commands are run, its exercise verifies."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.exercise.lint import lint
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VariantFile
from pytest_mmedu.exercise.variant_lint import variant_problems

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "exercises" / "README.md").read_text("utf-8")
CHINESE, ENGLISH = GUIDE.split("\n---\n")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXERCISE = "exercises/17_my_topic"


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Kind and text of every code block, with the last file that is named above it."""
    found = []
    for block in BLOCK.finditer(page):
        named = re.findall(rf"`({EXERCISE}/[\w./]+)`", page[: block.start()])
        found.append((block[1], block[2], named[-1] if named else ""))
    return found


def test_both_languages_have_the_same_steps() -> None:
    assert blocks(CHINESE) == blocks(ENGLISH)
    headings = [re.findall(r"^##? ", page, re.MULTILINE) for page in (CHINESE, ENGLISH)]
    assert headings[0] == headings[1]
    assert len(re.findall(r"^## \d\. ", ENGLISH, re.MULTILINE)) == 5
    assert len(re.findall(r"^(?:- |\| )", CHINESE, re.M)) == len(re.findall(r"^(?:- |\| )", ENGLISH, re.M))


@pytest.mark.train
def test_following_it_gives_an_exercise_that_can_be_handed_out(tmp_path: Path) -> None:
    steps = ENGLISH.partition("## A variant for every student")[0]
    here, said = tmp_path, ""
    for kind, text, file in blocks(steps):
        if kind == "diff":
            change(tmp_path / file, text)
        elif kind:
            (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / file).write_text(text, encoding="utf-8")
        else:
            for line in text.splitlines():
                here = tmp_path / "handout" if line == "pytest" else tmp_path
                said = run(line, here, tmp_path / "cache")
    assert "not filled in" in said
    assert "Score 0 / 110" in said
    assert "batch_size=...," in (tmp_path / "handout" / "homework.py").read_text("utf-8")
    names = {path.name for path in (tmp_path / "handout").iterdir() if path.is_file()}
    assert names == {"README.md", "exercise.toml", "homework.ipynb", "homework.py", "pytest.ini", "test_exercise.py"}
    assert lint(tmp_path / EXERCISE) == []


def change(path: Path, diff: str) -> None:
    """One line out, one line in."""
    old, new = (next(line[1:] for line in diff.splitlines() if line.startswith(sign)) for sign in "-+")
    text = path.read_text("utf-8")
    assert text.count(f"{old}\n") == 1
    path.write_text(text.replace(f"{old}\n", f"{new}\n"), encoding="utf-8")


def run(line: str, here: Path, cache: Path) -> str:
    """A command as it stands there, with this Python; only the students' pytest finds something left to do."""
    program, *arguments = shlex.split(line)
    module = {"pytest-mmedu": ["pytest_mmedu"], "pytest": ["pytest", "-p", "no:cacheprovider"]}[program]
    environ = {**os.environ, "MMEDU_CACHE": str(cache), "MMEDU_LANG": "en", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    environ["PYTEST_ADDOPTS"] = "-p no:hypothesispytest -p no:cov -p no:randomly -p no:xdist"  # nobody else has them
    done = subprocess.run(
        [sys.executable, "-m", *module, *arguments],
        cwd=here,
        env=environ,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == (1 if program == "pytest" else 0), done.stdout + done.stderr
    return done.stdout


def test_its_variant_is_one(tmp_path: Path) -> None:
    kind, text, _ = blocks(ENGLISH)[-1]
    assert kind == "python"
    (tmp_path / "variant.py").write_text(text, encoding="utf-8")
    teachers = VariantFile(tmp_path)
    one = Variant("17_my_topic", "2024001")
    assert teachers.answers(one) == {"epochs": len(teachers.files(one)["run.log.json"].splitlines())}
    assert list(variant_problems(load_exercise(tmp_path))) == []
