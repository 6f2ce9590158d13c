"""读 TOML | TOML read against a schema: every mistake names file, key, what was seen and what is allowed."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pydantic import BaseModel

    Model = TypeVar("Model", bound=BaseModel)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Key = Sequence["str | int"]


def read(path: Path, schema: type[Model]) -> Model:
    """The file as the schema's table.

    Raises:
        ExerciseError: for the first mistake; `problems(path, schema)` lists them all.
    """
    found = problems(path, schema)
    if found:
        raise found[0]
    return schema.model_validate(_parsed(path))


def problems(path: Path, schema: type[BaseModel]) -> list[ExerciseError]:
    """Everything that is wrong with the file, in the order of its keys."""
    from pydantic import ValidationError

    try:
        schema.model_validate(_parsed(path))
    except ExerciseError as error:
        return [error]
    except ValidationError as error:
        return [_problem(path, schema, one["type"], one["loc"], one["input"]) for one in error.errors()]
    return []


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        seen = Text(f"读不了 {path.name}：{reason}。", f"{path.name} cannot be read: {reason}.")
        todo = Text("请检查文件是否存在、能否打开。", "Check that the file exists and can be opened.")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        seen = Text(f"{path.name} 第 {line} 行不是 UTF-8 编码。", f"Line {line} of {path.name} is not UTF-8.")
        todo = Text("请把文件另存为 UTF-8。", "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        reason = printable(str(error))
        seen = Text(f"{path.name} 不是正确的 TOML：{reason}。", f"{path.name} is not valid TOML: {reason}.")
        todo = Text("请改好这一行。", "Correct this line.")
    raise ExerciseError(seen, todo, place=_place(path))


def _problem(path: Path, schema: type[BaseModel], kind: str, loc: Key, value: Any) -> ExerciseError:
    key, name = _dotted(loc), path.name
    if kind == "extra_forbidden":
        return _unknown(path, key, str(loc[-1]), _keys(schema, loc[:-1]))
    words = _allowed(schema, loc)
    allowed = Text(f"应为{words.zh}。", f"It takes {words.en}.")
    if kind == "missing":
        seen = Text(f"{name} 缺少 {key}。", f"{name} lacks {key}.")
        todo = Text("请补上这一项。", "Add this entry.")
    else:
        shown = printable(repr(value), 60)
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


def _dotted(loc: Key) -> str:
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _allowed(schema: type[BaseModel], loc: Key) -> Text:
    """The words beside the field, or beside the innermost type that `loc` leads to."""
    return _walk(schema, loc)[1]


def _keys(schema: type[BaseModel], loc: Key) -> Iterable[str]:
    return _fields(_walk(schema, loc)[0])


def _walk(schema: Any, loc: Key) -> tuple[Any, Text]:
    """Down the annotations along `loc`: the type there and the words that belong to it."""
    kind, words = schema, Text("一个表", "a table")
    for part in loc:
        fields = _fields(kind)
        if part in fields:
            kind, metadata = fields[str(part)].annotation, fields[str(part)].metadata
        else:  # an entry of a list or of a table with free names
            kind, metadata = _entry(kind)
        words = next((one for one in metadata if isinstance(one, Text)), words)
    return kind, words


def _fields(kind: Any) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = getattr(kind, "model_fields", {})
    return fields


def _entry(kind: Any) -> tuple[Any, tuple[Any, ...]]:
    inner = getattr(kind, "__args__", (kind,))[-1]
    return getattr(inner, "__origin__", inner), getattr(inner, "__metadata__", ())
