"""别的批改工具 | The other tools, each as its own manual has a class graded, each checked for the full score.

pytest      a process per submission, whose test file imports the student's program
otter       `otter run`, which grades a submission without a container; a process per submission
nbgrader    `nbgrader autograde`, one command for the class, a kernel per submission
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4
from rivals.assignments import Assignment


class Tool(ABC):
    """`prepare` is not timed: it is done once for an assignment, or when a class hands in."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs

    @abstractmethod
    def prepare(self, assignment: Assignment, folder: Path, students: int) -> None: ...

    @abstractmethod
    def grade(self, folder: Path, students: int) -> None: ...

    def run(self, folder: Path, *command: str, **environment: str) -> None:
        done = subprocess.run(
            [str(self.programs / command[0]), *command[1:]],
            cwd=folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}"}
            | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"{command}: {done.stdout}{done.stderr}")


class PlainPytest(Tool):
    def prepare(self, assignment: Assignment, folder: Path, students: int) -> None:
        tests = "".join(
            f"\n\ndef test_{name}():\n    assert {_on(line, 'homework')}\n" for name, line in assignment.tests.items()
        )
        (folder / "test_homework.py").write_text(f"import homework\n{tests}", "utf-8")
        for number in range(students):
            place = folder / f"student-{number}"
            place.mkdir()
            (place / "homework.py").write_text("\n\n".join((f"# {number}", *assignment.cells)), "utf-8")

    def grade(self, folder: Path, students: int) -> None:
        for number in range(students):
            place = str(folder / f"student-{number}")
            self.run(folder, "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", PYTHONPATH=place)


class Otter(Tool):
    def prepare(self, assignment: Assignment, folder: Path, students: int) -> None:
        tests = folder / "tests"
        tests.mkdir()
        for name, line in assignment.tests.items():
            case = {"code": f">>> {line}\nTrue", "hidden": False, "locked": False}
            suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
            test = {"name": name, "points": 1, "suites": [suite]}
            (tests / f"{name}.py").write_text(f"OK_FORMAT = True\n\ntest = {test!r}\n", "utf-8")
        self.run(folder, "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment")
        for number in range(students):
            _write(folder / f"{number}.ipynb", _notebook(assignment, number))

    def grade(self, folder: Path, students: int) -> None:
        for number in range(students):
            out = folder / f"out-{number}"
            out.mkdir()
            self.run(folder, "otter", "run", "-a", "autograder.zip", "-o", str(out), "--no-logo", f"{number}.ipynb")
            scores = [one["score"] / one["max_score"] for one in _results(out)]
            if not scores or min(scores) < 1:
                sys.exit(f"otter: {scores}")


class Nbgrader(Tool):
    def prepare(self, assignment: Assignment, folder: Path, students: int) -> None:
        source = folder / "source" / "homework"
        source.mkdir(parents=True)
        (folder / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'course'\n", "utf-8"
        )
        _write(source / "homework.ipynb", self._graded(assignment, "of the teacher"))
        self.run(folder, "nbgrader", "generate_assignment", "homework", "--create")
        for number in range(students):
            place = folder / "submitted" / f"student-{number}" / "homework"
            place.mkdir(parents=True)
            _write(place / "homework.ipynb", self._graded(assignment, str(number)))

    def grade(self, folder: Path, students: int) -> None:
        self.run(folder, "nbgrader", "autograde", "homework")
        self.run(folder, "nbgrader", "export", "--to", "grades.csv")
        with (folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if len(rows) != students or any(float(row["score"]) < float(row["max_score"]) for row in rows):
            sys.exit(f"nbgrader: {rows}")

    def _graded(self, assignment: Assignment, number: str) -> Any:
        notebook = _notebook(assignment, number)
        for cell in notebook.cells:
            cell.metadata["nbgrader"] = _METADATA | {"grade_id": cell.id, "solution": True}
        for name, line in assignment.tests.items():
            facts = _METADATA | {"grade_id": f"test_{name}", "grade": True, "locked": True, "points": 1}
            cell = v4.new_code_cell(f"assert {line}", id=f"test-{name}".replace("_", "-"), metadata={"nbgrader": facts})
            notebook.cells.append(cell)
        return notebook


TOOLS: Mapping[str, type[Tool]] = {"pytest": PlainPytest, "otter-grader": Otter, "nbgrader": Nbgrader}
_METADATA = {
    "schema_version": 3,
    "cell_type": "code",
    "grade": False,
    "solution": False,
    "locked": False,
    "task": False,
}


def _notebook(assignment: Assignment, number: int | str) -> Any:
    cells = [v4.new_code_cell(text, id=f"cell-{place}") for place, text in enumerate(assignment.cells)]
    cells[0].source = f"# {number}\n{cells[0].source}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _write(path: Path, notebook: Any) -> None:
    path.write_text(nbformat.writes(notebook), "utf-8")


def _results(out: Path) -> list[dict[str, Any]]:
    found = json.loads((out / "results.json").read_text("utf-8"))
    return [one for one in found["tests"] if one.get("max_score")]


def _on(line: str, module: str) -> str:
    """The names of the program, reached by its module."""
    for name in ("EPOCHS", "losses", "accuracies", "answers"):
        line = line.replace(name, f"{module}.{name}")
    return line
