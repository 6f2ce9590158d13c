"""笔记本变成一份源代码 | A notebook's code cells as one source, with a map back to cell and line.

Cells are numbered as a person counts them, code cells only. An ordinary notebook (format 4) is read here at once;
nbformat (200 ms to import) is asked only for older formats and for what looks wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.source import Source, decode
from pytest_mmedu.text import Text, printable

_MOST_CELLS = 2000
_FORMAT = 4
_CELL_MAGIC = re.compile(r"\s*%%(\w*)")
_LINE_MAGIC = re.compile(r"\s*(%{1,2}[A-Za-z]|!(?!=)|get_ipython\(\)\s*\.)")
_HALF_SIGNS = re.compile(r"[\0\ud800-\udfff]")  # no source may hold them
# Of a statement: it is Python, whatever is measured.
_RUNS_PYTHON = re.compile(r"(?P<indent>\s*)%(?:time|timeit|prun)\s+(?:-\w+(?:\s+\d+)?\s+)*(?P<code>[^-\s].*)")
_ASSIGNED_MAGIC = re.compile(r"(?P<before>\s*\w+\s*=\s*)[!%]")
_HELP = re.compile(r"\s*(\?{1,2}[\w.]+|[\w.]+\?{1,2})\s*$")
_CODE_MAGICS = {"time", "timeit", "capture", "prun"}  # the rest of the cell is still Python


class _Line(NamedTuple):
    text: str
    cell: int
    line: int
    dropped: bool = False


def notebook_source(data: bytes, name: str) -> Source:
    """The source of a notebook's code cells.

    Raises:
        SubmissionError: the file is not a notebook that can be read.
    """
    document, notes = _document(data, name)
    lines = [line for number, code in enumerate(_code_cells(document, name), 1) for line in _cell_lines(code, number)]
    dropped = [f"[{line.cell}]:{line.line}" for line in lines if line.dropped]
    notes += _language_note(name, document)
    notes += (_dropped_note(name, dropped),) if dropped else ()
    return Source(
        name=name,
        text="\n".join(line.text for line in lines) + "\n",
        cells=tuple((line.cell, line.line) for line in lines),
        notes=notes,
    )


def _document(data: bytes, name: str) -> tuple[Any, tuple[Text, ...]]:
    """What the file holds, with a note where its encoding is not that of a notebook."""
    try:
        text, notes = decode(data, name)
        return json.loads(text), notes
    except (SubmissionError, ValueError, RecursionError, MemoryError) as error:
        raise _not_a_notebook(name) from error


def _code_cells(document: Any, name: str) -> list[str]:
    try:
        cells = _plain_cells(document)
        if cells is None:
            cells = _plain_cells(_by_nbformat(document))
    except Exception as error:  # a notebook can be wrong in more ways than nbformat has errors for
        raise _not_a_notebook(name) from error
    if cells is None:
        raise _not_a_notebook(name)
    if len(cells) > _MOST_CELLS:
        seen = Text(f"{name} 有 {len(cells)} 个代码格。", f"{name} has {len(cells)} code cells.")
        allowed = Text(f"最多读 {_MOST_CELLS} 个。", f"At most {_MOST_CELLS} are read.")
        raise SubmissionError(seen, Text("请拆成几个笔记本。", "Split it."), allowed=allowed, place=name)
    return cells


def _plain_cells(document: Any) -> list[str] | None:
    """The code of a notebook of format 4, None for anything else."""
    if not isinstance(document, dict) or document.get("nbformat") != _FORMAT:
        return None
    cells = document.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    code = [_text(cell.get("source")) for cell in cells if cell.get("cell_type") == "code"]
    return None if None in code else [text for text in code if text is not None]


def _text(source: Any) -> str | None:
    """A cell's source is a text or a list of lines."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return _HALF_SIGNS.sub("\ufffd", source) if isinstance(source, str) else None


def _by_nbformat(document: Any) -> Any:
    import nbformat.reader

    if not isinstance(document, dict) or document.get("nbformat") not in (1, 2, 3):
        return None  # newer than we know, or no notebook at all
    return nbformat.convert(nbformat.reader.reads(json.dumps(document)), _FORMAT)


def _not_a_notebook(name: str) -> SubmissionError:
    seen = Text(f"{name} 不是能读的笔记本。", f"{name} is not a notebook that can be read.")
    todo = Text(
        "请在 Jupyter 里打开它，确认没有问题后重新保存。",
        "Open it in Jupyter, make sure that it is whole, and save it again.",
    )
    return SubmissionError(seen, todo, place=name)


def _cell_lines(code: str, number: int) -> Iterator[_Line]:
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    magic = next((_CELL_MAGIC.match(line) for line in lines if line.strip()), None)
    foreign = magic is not None and magic[1] not in _CODE_MAGICS
    in_string = set() if foreign else _inside_strings(lines)
    goes_on = False
    for inner, line in enumerate(lines, 1):
        if foreign or goes_on:
            found = _Line("", number, inner, dropped=bool(line.strip()))
        elif inner in in_string:
            found = _Line(line, number, inner)
        else:
            found = _python_line(line, number, inner)
        yield found
        goes_on = found.dropped and line.endswith("\\")  # a command of several lines


def _python_line(line: str, cell: int, inner: int) -> _Line:
    """A magic or shell line keeps its place as `pass`, so that an `if` around it still has a body."""
    indent = line[: len(line) - len(line.lstrip())]
    measured = _RUNS_PYTHON.fullmatch(line)
    if measured:
        return _Line(measured["indent"] + measured["code"], cell, inner)
    if _LINE_MAGIC.match(line) or _HELP.match(line):
        return _Line(f"{indent}pass", cell, inner, dropped=True)
    assigned = _ASSIGNED_MAGIC.match(line)
    if assigned:
        return _Line(f"{assigned['before']}None", cell, inner, dropped=True)
    return _Line(line, cell, inner)


def _inside_strings(lines: Iterable[str]) -> set[int]:
    """Numbers of the lines that begin inside a triple-quoted text: a `%` or `!` there is no magic."""
    inside: set[int] = set()
    quote = ""
    for number, line in enumerate(lines, 1):
        if quote:
            inside.add(number)
        quote = _quote_after(line, quote)
    return inside


_QUOTES = re.compile(r"\\.|\"\"\"|'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|#")


def _quote_after(line: str, quote: str) -> str:
    """The triple quote that is still open at the end of the line."""
    for match in _QUOTES.finditer(line) if not quote else re.finditer(r"\\.|\"\"\"|'''", line):
        sign = match[0]
        if not quote and sign == "#":
            return ""
        if sign == quote:
            return _quote_after(line[match.end() :], "")
        if not quote and sign in ('"""', "'''"):
            return _quote_after(line[match.end() :], sign)
    return quote


def _language_note(name: str, document: Any) -> tuple[Text, ...]:
    """A notebook's own kernel is never started: its cells are run as Python."""
    metadata = document.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    language = kernel.get("language") if isinstance(kernel, dict) else None
    if not isinstance(language, str) or language.lower() in ("", "python"):
        return ()
    shown = printable(language, 30)
    return (
        Text(
            f"{name} 的内核是 {shown}，已按 Python 批改。", f"{name} has a kernel for {shown}; it was graded as Python."
        ),
    )


def _dropped_note(name: str, dropped: list[str]) -> Text:
    shown = "、".join(dropped[:5]) + ("…" if len(dropped) > 5 else "")
    return Text(
        f"{name} 里的魔法命令和以 ! 开头的命令没有运行：{shown}。",
        f"Magics and ! commands in {name} were not run: {shown.replace('、', ', ')}.",
    )
