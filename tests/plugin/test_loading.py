"""Loading the plugin: what it may cost those who do not use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"torch", "numpy", "mmcv", "mmcls", "cv2", "PIL", "rich", "pydantic", "click", "nbformat", "filelock", "psutil"}
MEASURE = """
import json, sys, time
import pytest, _pytest.config
before = set(sys.modules)
began = time.process_time()
import pytest_mmedu.plugin, pytest_mmedu.fixtures
took = time.process_time() - began
print(json.dumps([took, sorted(name.partition(".")[0] for name in set(sys.modules) - before)]))
"""
RUN = """
import json, sys, pytest
code = pytest.main(["-q", "-p", "pytest_mmedu.plugin", "-p", "no:cacheprovider", sys.argv[1]])
print(json.dumps([int(code), sorted(name for name in sys.modules if name.startswith("pytest_mmedu"))]))
"""


def measured(*command: str, env: dict[str, str] | None = None) -> list[object]:
    done = subprocess.run(
        [sys.executable, "-c", *command], capture_output=True, text=True, encoding="utf-8", check=True, env=env
    )
    found: list[object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_loading_imports_nothing_heavy() -> None:
    _, modules = measured(MEASURE)
    assert not HEAVY & set(modules)  # type: ignore[call-overload]


def test_loading_takes_under_10_ms(tmp_path: Path) -> None:
    """Compiled files at hand, as after an installation; processor time, and the best of several runs of it."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    measured(MEASURE, env=env)
    assert min(float(measured(MEASURE, env=env)[0]) for _ in range(5)) < 0.010  # type: ignore[arg-type]


def test_a_run_without_points_imports_next_to_nothing_of_ours(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    path = pytester.makepyfile("def test_x(tmp_path): assert tmp_path")
    code, modules = measured(RUN, str(path))
    assert code == 0
    assert set(modules) == {  # type: ignore[call-overload]
        "pytest_mmedu",
        *(f"pytest_mmedu.{name}" for name in ("errors", "fixtures", "grader", "options", "plugin", "text")),
    }
