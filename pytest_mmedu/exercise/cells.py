"""母本的单元格 | The cells of a master in percent form, as a script and as a notebook.

    # %% [markdown]      a text cell: the comment lines up to the next mark
    # %%                 a code cell

What stands above the first mark counts as well: a docstring is a text cell, the rest a code cell.
"""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass
from typing import Any, Literal

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text, printable

_KINDS: dict[str, Literal["code", "markdown"]] = {"": "code", "[markdown]": "markdown"}


@dataclass(frozen=True, slots=True)
class Cell:
    """`source` as it stands in the script: a text still has its comment signs, a docstring its quotes."""

    kind: Literal["code", "markdown", "docstring"]
    source: str
    line: int


def script(source: str, place: str = "master.py") -> str:
    """The cells as one plain script: no marks, one empty line between cells, a text right above its code."""
    cells = split(source, place)
    parts = [cell.source + ("\n" if cell.kind == "markdown" else "\n\n") for cell in cells]
    return "".join(parts).rstrip("\n") + "\n"


def notebook(source: str, place: str = "master.py") -> str:
    """The cells as a notebook file; ids are counted, so the same source always gives the same bytes."""
    from nbformat import v4, validate

    made = [_notebook_cell(v4, cell, f"cell-{n:02d}", place) for n, cell in enumerate(split(source, place), 1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = v4.new_notebook(cells=made, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
    book.nbformat_minor = 5  # the first with cell ids; newer versions of nbformat would write their own number
    validate(book)
    text: str = v4.writes(book)
    return text.rstrip("\n") + "\n"


def split(source: str, place: str = "master.py") -> list[Cell]:
    """The cells in order; empty ones are left out."""
    lines = source.split("\n")
    marks = _marks(source, place)
    head = _head(source, lines[: marks[0][0] - 1] if marks else lines)
    ends = [line - 1 for line, _ in marks[1:]] + [len(lines)]
    rest = [Cell(kind, _trimmed(lines[line:end]), line + 1) for (line, kind), end in zip(marks, ends, strict=False)]
    return [cell for cell in (*head, *rest) if cell.source]


def _marks(source: str, place: str) -> list[tuple[int, Literal["code", "markdown"]]]:
    """Line and kind of each `# %%` that is a comment at the left edge; the same text in a string is none."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.start[1] == 0 and token.string.startswith("# %%"):
            found.append((token.start[0], _kind(token.string[4:].strip(), token.start[0], place)))
    return found


def _kind(word: str, line: int, place: str) -> Literal["code", "markdown"]:
    if word in _KINDS:
        return _KINDS[word]
    shown = printable(word, 40)
    seen = Text(
        f"{place} 第 {line} 行：单元格记号后面是 {shown}。", f"Line {line} of {place}: a cell mark says {shown}."
    )
    allowed = Text("应为 # %% 或 # %% [markdown]。", "It is # %% or # %% [markdown].")
    todo = Text("请改好这个记号。", "Correct the mark.")
    raise ExerciseError(seen, todo, allowed=allowed, place=f"{place}:{line}")


def _head(source: str, lines: list[str]) -> list[Cell]:
    """What stands above the first mark: the docstring, then code."""
    body = ast.parse(source).body
    end = body[0].end_lineno or 1 if body and _is_text(body[0]) else len(lines) + 1
    if end > len(lines):
        return [Cell("code", _trimmed(lines), 1)]
    return [Cell("docstring", _trimmed(lines[:end]), 1), Cell("code", _trimmed(lines[end:]), end + 1)]


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _notebook_cell(v4: Any, cell: Cell, name: str, place: str) -> Any:
    if cell.kind == "code":
        return v4.new_code_cell(cell.source, id=name)
    return v4.new_markdown_cell(_markdown(cell, place), id=name)


def _markdown(cell: Cell, place: str) -> str:
    if cell.kind == "docstring":
        return f"# {ast.get_docstring(ast.parse(cell.source))}"
    lines = cell.source.split("\n")
    for number, line in enumerate(lines, cell.line):
        if line.strip() and not line.startswith("#"):
            seen = Text(
                f"{place} 第 {number} 行：文字单元格里有代码。", f"Line {number} of {place}: code in a text cell."
            )
            todo = Text("请在代码前另起一行写 # %%。", "Put # %% on a line of its own before the code.")
            raise ExerciseError(seen, todo, place=f"{place}:{number}")
    return "\n".join(line[1:].removeprefix(" ") for line in lines)


def _trimmed(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
