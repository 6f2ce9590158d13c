"""Loading the plugin: what it may cost those who do not use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOADED = {
    "pytest_mmedu",
    *(f"pytest_mmedu.{name}" for name in ("errors", "fixtures", "grader", "hooks", "options", "plugin", "text")),
    *("pytest_mmedu.report", "pytest_mmedu.report.writers"),  # the settings name the kinds of reports
}
MEASURE = """
import json, sys
import pytest, _pytest.config
before = set(sys.modules)
import pytest_mmedu.plugin, pytest_mmedu.hooks, pytest_mmedu.fixtures
print(json.dumps(sorted(set(sys.modules) - before)))
"""
GRADE = """
import json, sys, pytest
code = pytest.main(["-q", "-p", "pytest_mmedu.plugin", "-p", "no:cacheprovider", "--mmedu-lang=en", *sys.argv[1:]])
print()
print(json.dumps([int(code), sorted({name.partition(".")[0] for name in sys.modules})]))
"""
RUN = """
import json, sys, pytest
code = pytest.main(["-q", "-p", "pytest_mmedu.plugin", "-p", "no:cacheprovider", sys.argv[1]])
print(json.dumps([int(code), sorted(name for name in sys.modules if name.startswith("pytest_mmedu"))]))
"""


def measured(*command: str, env: dict[str, str] | None = None) -> list[Any]:
    done = subprocess.run(
        [sys.executable, "-c", *command], capture_output=True, text=True, encoding="utf-8", check=True, env=env
    )
    found: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_loading_imports_a_few_modules_of_ours_and_nothing_else() -> None:
    """What it takes in time is measured in benchmarks/startup.py: a test of it would fail on a busy machine."""
    assert set(measured(MEASURE)) == LOADED


def test_a_run_without_points_imports_next_to_nothing_of_ours(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    path = pytester.makepyfile("def test_x(tmp_path): assert tmp_path")
    code, modules = measured(RUN, str(path))
    assert code == 0
    assert set(modules) == LOADED


def test_grading_what_needs_no_training_imports_no_large_library(tmp_path: Path) -> None:
    """As a run from the cache: the parameters are read and judged; whoever looks at a card waits for no import."""
    (tmp_path / "exercise.toml").write_text('id = "a"\ntitle = { zh = "甲", en = "A" }\n', "utf-8")
    program = "from MMEdu import MMClassification as cls\ncls().train(epochs=...)\n"
    (tmp_path / "homework.py").write_text(program, "utf-8")
    (tmp_path / "test_exercise.py").write_text(
        "from pytest_mmedu import points\n\n\n@points(5)\n"
        'def test_it(check):\n    """题 | Test"""\n    check.param("epochs", at_least=3)\n    check.run_finished()\n',
        "utf-8",
    )
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    code, modules = measured(GRADE, str(tmp_path), env=environ)
    assert code == 1  # the dots are to be filled in
    assert {"torch", "numpy", "mmcv", "cv2", "PIL", "rich", "pydantic", "click", "nbformat", "hypothesis"} & set(
        modules
    ) == set()
