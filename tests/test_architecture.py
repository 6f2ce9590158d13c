"""The arrows of the design, kept: who may import whom, and what every file of the package has in common.

A message names the file and the line. Imports inside functions count, too: an arrow is an arrow.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pytest_mmedu"

# From the bottom to the top. A module imports its own layer and those below.
CORE, READING, TRAINING, JUDGING, APPLICATIONS, PYTEST_WORLD = LAYERS = (
    "core",
    "reading",
    "training",
    "judging",
    "applications",
    "pytest world",
)
LAYER_OF = {
    **dict.fromkeys(("__init__", "text", "errors", "result", "strict_json"), CORE),
    **dict.fromkeys(
        (
            "answered",
            "asked",
            "cache",
            "config_tree",
            "dataset",
            "frozen",
            "logs",
            "one_computer",
            "params",
            "rules",
            "run",
            "toml_text",
        ),
        READING,
    ),
    **dict.fromkeys(("checkpoint", "temporary"), READING),
    **dict.fromkeys(("train", "mmedu"), TRAINING),
    **dict.fromkeys(("alike", "checks", "gradebook", "report", "score", "submission"), JUDGING),
    **dict.fromkeys(("batch", "exercise"), APPLICATIONS),
    **dict.fromkeys(("fixtures", "grader", "hooks", "marks", "options", "plugin"), PYTEST_WORLD),
    **dict.fromkeys(
        (
            "checking",
            "declaring",
            "exchange",
            "handed_in",
            "seeing",
            "submission_evidence",
            "submission_facts",
            "summary",
        ),
        PYTEST_WORLD,
    ),
    **dict.fromkeys(("__main__", "cli", "doctor", "warm_judge"), PYTEST_WORLD),
}
# Below the pytest world only these reach the training: processes that stand apart from the judging one.
STARTS_TRAININGS = {"submission/_child.py", "submission/_config_program.py", "submission/_evaluate.py"}
# Reads the versions that belong to the key of a cached run; imports nothing.
FOR_ALL = {"pytest_mmedu.train.versions"}
TRAINING_STACK = {"torch", "torchvision", "mmcv", "mmcls", "cv2", "onnx", "onnxruntime", "MMEdu"}
HEAVY = TRAINING_STACK | {"numpy"}
LONGEST_FILE = 300


@dataclass(frozen=True)
class Import:
    """One import statement: the full name of what it imports, and how it stands there."""

    name: str
    line: int
    in_function: bool
    only_for_types: bool

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]

    @property
    def part(self) -> str | None:
        """The part of this package that it names: "logs" for pytest_mmedu.logs.reading, else None."""
        words = self.name.split(".")
        return None if words[0] != PACKAGE.name else words[1] if len(words) > 1 else "__init__"


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def shown(self) -> str:
        return self.path.relative_to(PACKAGE).as_posix()

    @property
    def part(self) -> str:
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    @property
    def public(self) -> bool:
        return not self.path.stem.startswith("_") or self.path.stem == "__init__"

    @cache  # noqa: B019 - as many as there are files
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"), str(self.path))

    def imports(self) -> Iterator[Import]:
        yield from _imports(self.tree(), in_function=False, only_for_types=False)


def _imports(node: ast.AST, *, in_function: bool, only_for_types: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            names = [alias.name for alias in child.names]
        elif isinstance(child, ast.ImportFrom):
            assert not child.level, "imports are written in full"
            names = [f"{child.module}.{alias.name}" for alias in child.names]
        else:
            names = []
            inside = in_function or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
            types = only_for_types or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test))
            yield from _imports(child, in_function=inside, only_for_types=types)
        for name in names:
            yield Import(name, child.lineno, in_function, only_for_types)


def layer(part: str) -> str:
    """A module beside another whose name it begins with belongs to it: checkpoint_archive to checkpoint."""
    known = part if part in LAYER_OF else part.partition("_")[0]
    return LAYER_OF.get(known, "")


MODULES = [Module(path) for path in sorted(PACKAGE.rglob("*.py")) if "datasets_tiny" not in path.parts]


def complain(problems: list[str], rule: str) -> None:
    """Fail with one line per place."""
    if problems:
        pytest.fail(f"{rule}\n  " + "\n  ".join(problems), pytrace=False)


def test_the_package_is_seen() -> None:
    assert {"text.py", "plugin.py", "logs/__init__.py", "train/__init__.py"} <= {module.shown for module in MODULES}
    lines = [found.line for module in MODULES for found in module.imports()]
    assert len(lines) > 300


def test_every_module_has_its_layer() -> None:
    homeless = [module.shown for module in MODULES if not layer(module.part)]
    complain(homeless, "no layer yet: put these into LAYER_OF")


def test_no_layer_imports_from_above() -> None:
    problems = []
    for module in MODULES:
        for found in module.imports():
            if found.part is None or found.only_for_types or found.part == "__init__":
                continue
            own, other = layer(module.part), layer(found.part)
            if own and other and LAYERS.index(other) > LAYERS.index(own):
                problems.append(f"{module.shown}:{found.line}: {own} imports {found.name}, which is {other}")
    complain(problems, "a module imports its own layer and those below")


def test_only_the_pytest_world_and_the_child_reach_the_training() -> None:
    problems = [
        f"{module.shown}:{found.line}: imports {found.name}"
        for module in MODULES
        for found in module.imports()
        if found.part is not None
        and layer(found.part) == TRAINING
        and not found.only_for_types
        and layer(module.part) not in (TRAINING, PYTEST_WORLD)
        and module.shown not in STARTS_TRAININGS
        and not found.name.startswith(tuple(FOR_ALL))
    ]
    complain(problems, "trainings are started by fixtures, the command line and the child process")


def test_only_the_pytest_world_imports_pytest() -> None:
    problems = [
        f"{module.shown}:{found.line}: imports {found.name}"
        for module in MODULES
        for found in module.imports()
        if found.top in ("pytest", "_pytest") and layer(module.part) != PYTEST_WORLD
    ]
    complain(problems, "pytest is for the pytest world alone")


def test_only_the_training_imports_the_training_stack() -> None:
    problems = [
        f"{module.shown}:{found.line}: imports {found.name}"
        for module in MODULES
        for found in module.imports()
        if found.top in HEAVY and layer(module.part) != TRAINING and not _torch_in_checkpoint(module, found)
    ]
    complain(problems, "torch, numpy, mmcv and mmcls are for train/ and mmedu/ alone")


def _torch_in_checkpoint(module: Module, found: Import) -> bool:
    """checkpoint.py may import torch, inside a function."""
    return module.part == "checkpoint" and found.top == "torch" and found.in_function


def test_checkpoint_imports_torch_in_one_function_at_most() -> None:
    for module in MODULES:
        if module.part == "checkpoint":
            assert sum(found.top == "torch" for found in module.imports()) <= 1, module.shown


def test_the_core_needs_the_standard_library_only() -> None:
    problems = [
        f"{module.shown}:{found.line}: imports {found.name}"
        for module in MODULES
        for found in module.imports()
        if layer(module.part) == CORE and found.part is None and found.top not in sys.stdlib_module_names
    ]
    complain(problems, "text, errors and result work everywhere")


def test_no_module_is_named_like_one_of_the_standard_library() -> None:
    names = {module.path.stem: module for module in MODULES if module.path.stem != "__init__"}
    names |= {module.path.parent.name: module for module in MODULES if module.path.stem == "__init__"}
    taken = [
        f"{module.shown}: {name}" for name, module in names.items() if name in sys.stdlib_module_names - {"__main__"}
    ]
    complain(sorted(taken), "such a name is confusing, and breaks where the folder is on the path")


def test_no_name_of_a_file_is_there_twice() -> None:
    seen: dict[str, str] = {}
    problems = []
    for module in MODULES:
        name = module.path.name
        if name in seen and name != "__init__.py":
            problems.append(f"{module.shown} and {seen[name]}")
        seen[name] = module.shown
    complain(problems, "one name, one file")


@pytest.mark.parametrize("name", ["utils", "helpers", "helper", "manager", "common", "misc"])
def test_no_file_has_a_name_that_says_nothing(name: str) -> None:
    complain([module.shown for module in MODULES if name in module.path.stem.split("_")], "say what it does")


def test_no_file_is_too_long() -> None:
    lengths = {module.shown: len(module.path.read_text("utf-8").splitlines()) for module in MODULES}
    too_long = [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE]
    complain(too_long, f"at most {LONGEST_FILE} lines: split it by topic")


def test_every_public_module_says_in_both_languages_what_it_is() -> None:
    problems = []
    for module in MODULES:
        first = (ast.get_docstring(module.tree()) or "").partition("\n")[0]
        chinese, bar, english = first.partition(" | ")
        if module.public and not (bar and english.isascii() and not chinese.isascii()):
            problems.append(f"{module.shown}:1: {first!r}")
    complain(problems, "the first line of a module is `中文 | English`")


def test_every_public_function_is_documented() -> None:
    """Predicates and conversions whose whole body is one line say it by their name."""
    problems = [
        f"{module.shown}:{node.lineno}: {node.name}"
        for module in MODULES
        if module.public
        for node in module.tree().body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith(("_", "pytest_"))
        and len(node.body) > 1
        and not ast.get_docstring(node)
    ]
    complain(problems, "a docstring says what a caller needs to know")


@pytest.mark.parametrize("name", ["pytest_mmedu", "pytest_mmedu.plugin", "pytest_mmedu.cli", *sorted(FOR_ALL)])
def test_importing_it_imports_nothing_heavy(name: str) -> None:
    code = f"import sys, {name}; print(sorted(set({sorted(HEAVY)!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_itself_imports_neither_pytest_nor_anything_of_its_own() -> None:
    code = "import sys, pytest_mmedu; print(sorted(m for m in sys.modules if 'pytest' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['pytest_mmedu']"


def test_a_pytest_run_that_does_not_use_the_plugin_imports_nothing_heavy_and_no_report(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure():\n"
        f"    print('heavy:', sorted(set({[*HEAVY, 'pytest_mmedu.summary']!r}) & set(sys.modules)))\n",
        encoding="utf-8",
    )
    (tmp_path / "test_empty.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "mmedu", "-p", "no:cacheprovider", str(tmp_path)]
    # Other plugins are left out: what they import is not ours to answer for.
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environ, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "heavy: []" in done.stdout
