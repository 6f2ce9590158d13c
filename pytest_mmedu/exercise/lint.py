"""练习的静态检查 | What can be wrong with an exercise before anything is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pytest_mmedu.errors import ExerciseError, MMEduError
from pytest_mmedu.exercise import tables, toml_file
from pytest_mmedu.exercise.expected import Expected, expected_submissions
from pytest_mmedu.exercise.load import EXERCISE_FILE, SUBMISSIONS_FILE, Exercise, load_exercise
from pytest_mmedu.exercise.problem import Problem
from pytest_mmedu.exercise.release import README, derive, given_away
from pytest_mmedu.exercise.variant_lint import variant_problems
from pytest_mmedu.text import Text

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2}")


def lint(folder: Path) -> list[Problem]:
    """All that can be said without grading anything: files, both languages, starters, solutions given away."""
    where = folder.resolve().name
    wrong = _tables(folder)
    if wrong:
        return wrong
    exercise = load_exercise(folder)
    found = [*_files(exercise), *_titles(exercise), *_starters(exercise), *_samples(exercise), *_dataset(exercise)]
    found += variant_problems(exercise)
    return [Problem(f"{where}/{name}" if name else where, text) for name, text in found]


Found = Iterator[tuple[str, Text]]


def _tables(folder: Path) -> list[Problem]:
    schemas = {EXERCISE_FILE: tables.EXERCISE, SUBMISSIONS_FILE: tables.SUBMISSIONS}
    errors = [error for name, one in schemas.items() for error in toml_file.problems(folder / name, one)]
    return [Problem.of(error, folder.name) for error in errors]


def _files(exercise: Exercise) -> Found:
    if exercise.id != exercise.folder.name:
        yield (
            EXERCISE_FILE,
            Text(
                f"id 是 {exercise.id}，文件夹却叫 {exercise.folder.name}。",
                f"The id is {exercise.id}, but the folder is called {exercise.folder.name}.",
            ),
        )
    if not exercise.test_files:
        yield "", Text("没有测试文件 test_*.py。", "There is no test file test_*.py.")
    readme = exercise.folder / README
    if not _bilingual(readme.read_text("utf-8") if readme.is_file() else ""):
        yield README, Text("要有中文和英文的说明。", "It must explain the exercise in Chinese and in English.")


def _titles(exercise: Exercise) -> Found:
    """The docstrings are titles that students read."""
    for path in exercise.test_files:
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            yield path.name, Text(f"第 {line} 行有语法错误。", f"There is a syntax error in line {line}.")
            continue
        yield from ((path.name, text) for text in _untitled(tree, path.name))


def _untitled(tree: ast.Module, file: str) -> Iterator[Text]:
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    titled: list[ast.Module | ast.FunctionDef] = [tree, *tests]
    for node in titled:
        first = (ast.get_docstring(node) or "").partition("\n")[0]
        name = getattr(node, "name", file)
        if not (" | " in first and _bilingual(first)):
            yield Text(
                f"{name} 的文档字符串第一行应为“中文 | English”。",
                f"The docstring of {name} must begin with a line “中文 | English”.",
            )


def _starters(exercise: Exercise) -> Found:
    try:
        derived = derive(exercise)
        starters = derived.starters(exercise)
    except ExerciseError as error:
        yield (error.place or exercise.master.name).rpartition("/")[2].partition(":")[0], error.text
        return
    for name, wanted in starters.items():
        path = exercise.folder / name
        if not path.is_file() or path.read_bytes().replace(b"\r\n", b"\n") != wanted.encode():
            yield name, Text("与母本不一致，请重新生成。", "It does not agree with the master: write it anew.")
    try:
        yield from given_away(exercise)
    except ExerciseError as error:
        yield (error.place or "").rpartition("/")[2], error.text


def _samples(exercise: Exercise) -> Found:
    listed = expected_submissions(exercise)
    folders = {path for kind in ("accepted", "rejected") for path in (exercise.submissions / kind).glob("*/")}
    for missing in sorted({one.folder for one in listed} - folders):
        yield SUBMISSIONS_FILE, Text(f"没有文件夹 {missing.name}。", f"There is no folder {missing.name}.")
    for unlisted in sorted(folders - {one.folder for one in listed}):
        name = f"{unlisted.parent.name}/{unlisted.name}"
        yield SUBMISSIONS_FILE, Text(f"没有写 {name} 应得的结果。", f"It does not say what {name} must get.")
    for kind in ("accepted", "rejected"):
        if not any(one.kind == kind for one in listed):
            yield (
                SUBMISSIONS_FILE,
                Text(f"{kind} 下至少要有一份作业。", f"There must be at least one {kind} submission."),
            )
    yield from (pair for one in listed if one.kind == "rejected" for pair in _rejected(one))


def _rejected(one: Expected) -> Found:
    if not (one.fails or one.undecidable):
        yield SUBMISSIONS_FILE, Text(f"{one.name} 没有写哪些检查会失败。", f"{one.name} names no check that fails.")
    if not all(one.hints.values()):
        yield (
            SUBMISSIONS_FILE,
            Text(f"{one.name} 的 hint 要有中文和英文的词。", f"hint of {one.name} needs words in both languages."),
        )


def _dataset(exercise: Exercise) -> Found:
    if exercise.dataset is None:
        return
    from pytest_mmedu.dataset import find_dataset

    if (exercise.folder / exercise.dataset).is_dir():
        return
    try:
        find_dataset(exercise.dataset)
    except MMEduError as error:
        yield EXERCISE_FILE, error.text


def _bilingual(text: str) -> bool:
    return bool(_CHINESE.search(text) and _ENGLISH.search(text))
