"""读 TOML | TOML read against a table of entries: every mistake names file, key, what was seen and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pytest_mmedu import toml_text
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.tables import Entry
from pytest_mmedu.text import Text, listing, printable

Key = tuple["str | int", ...]


class _Mistake(NamedTuple):
    """`missing`: the entry is needed and not there; `known`: the keys of the table that has an unknown one."""

    key: Key
    words: Text
    value: Any = None
    missing: bool = False
    known: Iterable[str] | None = None


def read(path: Path, schema: Entry) -> dict[str, Any]:
    """What the file holds, which is what the schema allows.

    Raises:
        ExerciseError: for the first mistake; `problems(path, schema)` lists them all.
    """
    table = _parsed(path)
    for mistake in _mistakes(table, schema, ()):
        raise _problem(path, mistake)
    return table


def problems(path: Path, schema: Entry) -> list[ExerciseError]:
    """Everything that is wrong with the file, in the order of the schema's keys."""
    try:
        table = _parsed(path)
    except ExerciseError as error:
        return [error]
    return [_problem(path, mistake) for mistake in _mistakes(table, schema, ())]


def _mistakes(value: Any, entry: Entry, key: Key) -> Iterator[_Mistake]:
    if not entry.fits(value):
        yield _Mistake(key, entry.words, value)
    elif entry.keys is not None:
        yield from _mistakes_of_table(value, entry.keys, key)
    elif entry.each is not None:
        named = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in named:
            yield from _mistakes(one, entry.each, (*key, name))


def _mistakes_of_table(table: Mapping[str, Any], keys: Mapping[str, Entry], key: Key) -> Iterator[_Mistake]:
    for name, entry in keys.items():
        if name in table:
            yield from _mistakes(table[name], entry, (*key, name))
        elif entry.needed:
            yield _Mistake((*key, name), entry.words, missing=True)
    for name in table:
        if name not in keys:  # a typing mistake must not pass unseen
            yield _Mistake((*key, name), Text("", ""), known=keys)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return toml_text.parse(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        seen = Text(f"读不了 {path.name}：{reason}。", f"{path.name} cannot be read: {reason}.")
        todo = Text("请检查文件是否存在、能否打开。", "Check that the file exists and can be opened.")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        seen = Text(f"{path.name} 第 {line} 行不是 UTF-8 编码。", f"Line {line} of {path.name} is not UTF-8.")
        todo = Text("请把文件另存为 UTF-8。", "Save the file as UTF-8.")
    except toml_text.TOMLDecodeError as error:
        reason = printable(str(error))
        seen = Text(f"{path.name} 不是正确的 TOML：{reason}。", f"{path.name} is not valid TOML: {reason}.")
        todo = Text("请改好这一行。", "Correct this line.")
    raise ExerciseError(seen, todo, place=_place(path))


def _problem(path: Path, mistake: _Mistake) -> ExerciseError:
    key, name, words = _dotted(mistake.key), path.name, mistake.words
    if mistake.known is not None:
        return _unknown(path, key, str(mistake.key[-1]), mistake.known)
    allowed = Text(f"应为{words.zh}。", f"It takes {words.en}.")
    if mistake.missing:
        seen = Text(f"{name} 缺少 {key}。", f"{name} lacks {key}.")
        todo = Text("请补上这一项。", "Add this entry.")
    else:
        shown = printable(repr(mistake.value), 60)
        seen = Text(f"{name} 的 {key} 是 {shown}。", f"{key} in {name} is {shown}.")
        todo = Text("请改好这一项。", "Correct this entry.")
    return ExerciseError(seen, todo, allowed=allowed, place=_place(path))


def _unknown(path: Path, key: str, last: str, known: Iterable[str]) -> ExerciseError:
    names = sorted(known)
    seen = Text(f"{path.name} 里有不认识的键 {key}。", f"{path.name} has an unknown key {key}.")
    all_names = listing(names)
    allowed = Text(f"可用的键：{all_names.zh}。", f"The keys are {all_names.en}.")
    near = next(iter(difflib.get_close_matches(last, names, n=1)), None)
    todo = Text("请删去这一项。", "Remove this entry.")
    if near:
        todo = Text(f"你是不是想写 {near}？", f"Did you mean {near}?")
    return ExerciseError(seen, todo, allowed=allowed, place=_place(path))


def _dotted(key: Key) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in key).lstrip(".")


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
