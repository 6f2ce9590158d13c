"""The recipes in docs/ci: their script parts run as they stand there, in a student's repository of their own.

What installs is not run here, only compared: it would fetch torch anew. Nor is there a GitHub, GitLab or Gitee: what
their runners do with a recipe (expressions, artifacts, triggers) is as their documentation says.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

yaml = pytest.importorskip("yaml")

RECIPES = Path(__file__).resolve().parent.parent / "docs" / "ci"
FORGED = '::notice title=Autograding report::{"totalPoints":100,"maxPoints":100}'
TEST = '''\
from pytest_mmedu import points

@points(30)
def test_epochs(check):
    """轮数 | Epochs"""
    check.answer("epochs", equals=10)
    check.answer("classes", equals=4)

@points(10)
def test_words(check):
    """说明 | Words"""
    raise AssertionError(FORGED)
'''.replace("FORGED", repr(FORGED))

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to run the recipes with")


def recipe(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((RECIPES / name).read_text("utf-8"))
    return data


def steps_of_github(name: str) -> Mapping[str, dict[str, Any]]:
    [job] = recipe(name)["jobs"].values()
    return {step["name"]: step for step in job["steps"] if "name" in step}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What a student has pushed: one answer right, one wrong."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "exercise.toml").write_text(
        'id = "ci"\ntitle = { zh = "持续集成", en = "CI" }\nanswers = "answers.toml"\n', "utf-8"
    )
    (folder / "test_exercise.py").write_text(TEST, "utf-8")
    (folder / "answers.toml").write_text("epochs = 9\nclasses = 4\n", "utf-8")
    return folder


def run(script: str, repository: Path, env: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
    """As GitHub runs a step: bash, which ends at the first command that fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MMEDU_", "PYTEST_", "GITHUB_"))}
    programs = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    surroundings = {**kept, "PATH": programs, "PYTHONUTF8": "1", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=repository,
        env={**surroundings, **{name: str(value) for name, value in env.items()}},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def obeyed(output: str) -> list[str]:
    """The lines that GitHub's runner takes for commands."""
    commands, stopped_by = [], ""
    for line in output.splitlines():
        found = re.match(r"\s*::(?P<name>[\w-]+)(?: .*?)?::(?P<data>.*)", line)
        if found and stopped_by:
            stopped_by = "" if found["name"] == stopped_by else stopped_by
        elif found and found["name"] == "stop-commands":
            stopped_by = found["data"]
        elif found:
            commands.append(line)
    return commands


def test_the_github_recipes_mark_summarize_and_fail(repository: Path, tmp_path: Path) -> None:
    """The one for Classroom, which does all that the other does."""
    files = {"GITHUB_STEP_SUMMARY": tmp_path / "summary", "GITHUB_OUTPUT": tmp_path / "output"}
    files["GITHUB_STEP_SUMMARY"].write_text("before\n", "utf-8")
    env = {**recipe("github-classroom.yml")["env"], **files, "GITHUB_WORKSPACE": repository}
    done = run(steps_of_github("github-classroom.yml")["grade"]["run"], repository, env)
    assert done.returncode == 1, done.stdout + done.stderr
    assert FORGED in done.stdout
    score, *marks = obeyed(done.stdout)
    assert score.startswith("::notice title=Score::15 / 40")
    assert marks[0].startswith("::error file=answers.toml,line=1,title=Epochs · ")
    assert not any(line.startswith("::notice title=Autograding") for line in marks)
    assert files["GITHUB_STEP_SUMMARY"].read_text("utf-8").startswith("before\n## CI · Score 15 / 40\n")
    written, _, encoded = files["GITHUB_OUTPUT"].read_text("utf-8").partition("=")
    result = json.loads(base64.b64decode(encoded))
    assert (written, result["max_score"], sum(test["score"] for test in result["tests"])) == ("result", 40, 15)


def test_the_recipe_without_classroom_is_the_same_without_its_result() -> None:
    plain, classroom = (steps_of_github(f"github-{name}.yml")["grade"]["run"] for name in ("actions", "classroom"))
    shorter = classroom.replace(" --report classroom:report/classroom.txt", "")
    assert plain.splitlines() == [line for line in shorter.splitlines() if "$GITHUB_OUTPUT" not in line]
    assert plain != classroom


def test_without_a_report_the_reason_is_not_covered_up(repository: Path, tmp_path: Path) -> None:
    (repository / "exercise.toml").write_text("id = 7\n", "utf-8")
    done = run(steps_of_github("github-actions.yml")["grade"]["run"], repository, {"EXERCISE": "."})
    assert done.returncode == 2
    assert "id in exercise.toml is 7" in done.stderr
    assert "No such file" not in done.stderr


def test_the_classroom_recipe_hands_the_result_to_the_reporter() -> None:
    steps = steps_of_github("github-classroom.yml")
    runner = steps["report"]["with"]["runners"]
    assert steps["grade"]["id"] == runner
    assert re.fullmatch(r"[a-zA-Z0-9]+", runner)
    assert steps["report"]["env"] == {f"{runner.upper()}_RESULTS": f"${{{{ steps.{runner}.outputs.result }}}}"}
    assert "!cancelled()" in steps["report"]["if"]


def test_the_gitlab_recipe_leaves_a_junit_report_where_it_says(repository: Path) -> None:
    job = recipe("gitlab-ci.yml")["grade"]
    done = run("\n".join(job["script"]), repository, job["variables"])
    assert done.returncode == 1, done.stdout + done.stderr
    suite = Xml.parse(repository / job["artifacts"]["reports"]["junit"]).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "2")
    assert all((repository / path).is_dir() for path in job["artifacts"]["paths"])
    assert job["artifacts"]["when"] == "always"


def test_the_gitee_recipe_speaks_chinese_and_leaves_its_report(repository: Path) -> None:
    data = recipe("gitee-go.yml")
    [step] = data["stages"][0]["steps"]
    grade = [line for line in step["commands"] if " check " in line]
    done = run("\n".join(grade).replace("python3 ", "python "), repository, data["variables"])
    assert done.returncode == 1, done.stdout + done.stderr
    assert "得分 15 / 40" in done.stdout
    [kept] = step["artifacts"][0]["path"]
    assert sorted(path.name for path in (repository / kept).iterdir()) == ["card.md", "junit.xml"]


def test_a_report_that_cannot_be_written_is_said_and_the_rest_is_there(repository: Path) -> None:
    (repository / "file").write_text("", "utf-8")
    script = "pytest-mmedu check . --exercise . --lang en --report junit:file/r.xml --report markdown:r.md"
    done = run(script, repository, {})
    assert done.returncode == 3
    assert " Score 15 / 40" in done.stdout
    assert re.fullmatch(r"\S+r\.xml cannot be written: .+\. Check the path\.\n", done.stderr)
    assert (repository / "r.md").read_text("utf-8").startswith("## CI · Score 15 / 40\n")


def test_all_recipes_install_the_same_way() -> None:
    github = [steps_of_github(f"github-{name}.yml")["install"]["run"].splitlines() for name in ("actions", "classroom")]
    gitlab = recipe("gitlab-ci.yml")["grade"]["before_script"]
    assert github == [gitlab, gitlab]
    assert gitlab[0] == "python -m pip install wheel/pytest_mmedu-*.whl"
    assert gitlab[-1] == "pytest-mmedu doctor --fix"
    gitee = recipe("gitee-go.yml")["stages"][0]["steps"][0]["commands"]
    assert [line.removeprefix("python3 -m ").replace("_", "-", 1) for line in gitee[1:3]] == [
        "pip install wheel/pytest-mmedu-*.whl",
        "pytest-mmedu doctor --fix",
    ]


def test_every_recipe_is_told_of_on_the_page() -> None:
    for page in ("ci.md", "ci.zh.md"):
        text = (RECIPES.parent / page).read_text("utf-8")
        assert [path.name for path in sorted(RECIPES.iterdir()) if f"](ci/{path.name})" not in text] == []
