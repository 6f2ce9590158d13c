"""答案文件的三种写法 | The forms of an answers file: TOML, JSON, and assignments in Python, never run."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_mmedu import toml_text
from pytest_mmedu.answered import Answer, plain_name
from pytest_mmedu.submission.answer_lines import Line, answer_lines
from pytest_mmedu.submission.answer_values import (
    NotPlain,
    answer,
    from_tree,
    full_width,
    unreadable,
    written,
)
from pytest_mmedu.text import Text, listing

MOST_ANSWERS = 1000
_DEEPEST_TABLE, _LONGEST_NAME = 3, 200
_BROKEN = (ValueError, SyntaxError, RecursionError, MemoryError, OverflowError, SystemError, NotPlain)
Found = Iterator[tuple[str, Answer]]


def answers_of(text: str, file: str) -> dict[str, Answer]:
    """The answers by their plain name; what a strict reader refuses is read line by line.

    The content decides as much as the file's name: `{` begins JSON, a .py is Python, everything else TOML.
    """
    try:
        if text.lstrip().startswith("{"):
            return _collected(_json(text, file))
        if file.lower().endswith(".py"):
            return _collected(_python(text, file))
        return _collected(_toml(text, file))
    except _BROKEN:
        return _collected(_by_lines(text, file))


def _toml(text: str, file: str) -> Found:
    yield from _with_lines(toml_text.parse(text), text, file)


def _json(text: str, file: str) -> Found:
    yield from _with_lines(json.loads(text, object_pairs_hook=_all), text, file)


@dataclass(frozen=True, slots=True)
class _Several:
    """What one name was given more than once."""

    values: tuple[Any, ...]


def _all(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        before = (
            found[name].values if isinstance(found.get(name), _Several) else (found[name],) if name in found else ()
        )
        found[name] = _Several((*before, value)) if before else value
    return found


def _with_lines(table: Mapping[str, Any], text: str, file: str) -> Found:
    lines = {plain_name(line.name): line.line for line in answer_lines(text)}
    for path, value in _flat(table, ()):
        name = ".".join(path)
        place = f"{file}:{lines.get(plain_name(name)) or _line_of(path, text)}"
        for one in value.values if isinstance(value, _Several) else (value,):
            yield name, answer(one, place)


def _flat(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        inside = (*path, name)
        if isinstance(value, dict) and len(inside) < _DEEPEST_TABLE:
            yield from _flat(value, inside)
        else:
            yield inside, value


def _line_of(path: tuple[str, ...], text: str) -> int:
    """Where the names of the path stand one after another."""
    at = 0
    for name in path:
        found = re.compile(rf"(?<!\w)[\"']?{re.escape(name)}[\"']?\s*[:=]").search(text, at)
        at = found.start() if found else at
    return text.count("\n", 0, at) + 1


def _python(text: str, file: str) -> Found:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    for statement in tree.body:
        for target, value in _assigned(statement):
            place = f"{file}:{statement.lineno}"
            try:
                yield target, answer(from_tree(value), place)
            except NotPlain as wrong:
                yield target, unreadable(wrong.seen, wrong.todo, place)


def _assigned(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """`name = value`, `one, two = 1, 2` and `name: int = value`; everything else is passed over."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _pairs(target, statement.value)
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        yield statement.target.id, statement.value


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its_value in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, its_value)


def _by_lines(text: str, file: str) -> Found:
    for line in answer_lines(text):
        yield line.name, _of_line(line, f"{file}:{line.line}")


def _of_line(line: Line, place: str) -> Answer:
    try:
        if line.sign in "＝：":
            raise NotPlain(*full_width(f"{line.name} {line.sign}", line.sign))
        return answer(written(line.value), place)
    except NotPlain as wrong:
        return unreadable(wrong.seen, wrong.todo, place)


def _collected(found: Found) -> dict[str, Answer]:
    """By plain name; a name that is there twice has no answer, for nobody knows which is meant."""
    answers: dict[str, Answer] = {}
    places: dict[str, list[str]] = {}
    for name, one in found:
        plain = plain_name(name)
        if len(plain) > _LONGEST_NAME:
            continue
        if len(answers) >= MOST_ANSWERS and plain not in answers:
            break
        answers[plain] = one
        places.setdefault(plain, []).append((one.place or "").rpartition(":")[2])
    for plain, lines in places.items():
        if len(lines) > 1:
            answers[plain] = unreadable(_twice(lines), _KEEP_ONE, answers[plain].place)
    return answers


def _twice(lines: list[str]) -> Text:
    shown, count = listing(dict.fromkeys(lines[:5])), len(lines)
    line = "lines" if len(set(lines)) > 1 else "line"
    return Text(f"写了 {count} 次（第 {shown.zh} 行）", f"written {count} times ({line} {shown.en})")


_KEEP_ONE = Text("请只留下一个答案。", "Keep one answer only.")
