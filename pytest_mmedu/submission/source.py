"""源代码：从字节到文字 | Source text as Python reads it, and where each line stands in what was handed in."""

from __future__ import annotations

import ast
import codecs
import io
import itertools
import tokenize
import warnings
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission import syntax
from pytest_mmedu.text import Text, printable

LARGEST_SCRIPT = 1_000_000  # bytes; a homework has a few thousand
LARGEST_NOTEBOOK = 50_000_000  # outputs with pictures take most of it
_MOST_NODES = 100_000  # of its tree; a homework has a few thousand, and all of them are walked several times
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Source(NamedTuple):
    """Python text. `name` is its path in the submission; `cells` gives a notebook's (cell, line) for each line."""

    name: str
    text: str
    cells: tuple[tuple[int, int], ...] | None = None
    notes: tuple[Text, ...] = ()

    def place(self, line: int) -> str:
        """`homework.py:12`, or for a notebook's third cell `homework.ipynb[3]:2`."""
        if self.cells is None:
            return f"{self.name}:{line}"
        cell, inner = self._cell(line)
        return f"{self.name}[{cell}]:{inner}"

    def line_in_words(self, line: int) -> Text:
        """`第 12 行 | line 12`, `第 3 格第 2 行 | line 2 of cell 3`"""
        if self.cells is None:
            return Text(f"第 {line} 行", f"line {line}")
        cell, inner = self._cell(line)
        return Text(f"第 {cell} 格第 {inner} 行", f"line {inner} of cell {cell}")

    def _cell(self, line: int) -> tuple[int, int]:
        cells = self.cells or ((1, 1),)
        return cells[min(max(line, 1), len(cells)) - 1]


def read_source(path: Path, name: str | None = None) -> Source:
    """A script or a notebook as one text.

    Raises:
        SubmissionError: it is too large, not text, or not a notebook.
    """
    return source_of(read_bytes(path), printable(name or path.name))


def read_bytes(path: Path, largest: int | None = None) -> bytes:
    """The file's bytes, never more of them than a script or notebook has."""
    limit = largest or (LARGEST_NOTEBOOK if path.suffix.lower() == ".ipynb" else LARGEST_SCRIPT)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise _unreadable(path.name, error) from error
    if len(data) > limit:
        raise _too_large(path.name, limit)
    return data


def source_of(data: bytes, name: str) -> Source:
    """What `read_source` gives, from bytes that were read already."""
    if name.lower().endswith(".ipynb"):
        from pytest_mmedu.submission.notebook import notebook_source

        return notebook_source(data, name)
    text, notes = decode(data, name)
    return Source(name, text, notes=notes)


def decode(data: bytes, name: str) -> tuple[str, tuple[Text, ...]]:
    """Bytes as Python reads a file (BOM, coding line, UTF-8); else as another encoding reads them, with a note."""
    for read in (_as_python_does, _as_utf_16, _as_utf_8, _as_gbk):
        try:
            text, encoding = read(data)
        except (UnicodeError, SyntaxError, LookupError):
            continue
        if "\0" not in text:
            told = {_as_python_does: (), _as_utf_8: (_other_coding(name),)}
            return _lines(text), told.get(read, (_not_utf_8(name, encoding),))
    seen = Text(f"{name} 不是文本文件。", f"{name} is not a text file.")
    todo = Text("请用编辑器打开它，另存为 UTF-8 编码的 .py 文件。", "Open it in an editor and save it as UTF-8 text.")
    raise SubmissionError(seen, todo, place=name)


def parse(source: Source) -> ast.Module:
    """The syntax tree; nothing is run.

    Raises:
        SubmissionError: the first syntax error, with its line and what stands there.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "D:\data" warns; it is the student's console that shows it
            tree = ast.parse(source.text)
            if any(itertools.islice(ast.walk(tree), _MOST_NODES, None)):  # compiling takes more than twice as long then
                raise _too_long(source.name)
            # Some mistakes show only here: an argument given twice, `return` outside of a function. Nothing is run.
            compile(tree, source.name, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise _syntax_error(source, error) from error
    except (RecursionError, MemoryError, ValueError, SystemError) as error:
        seen = Text(f"{source.name} 嵌套太深，读不了。", f"{source.name} is nested too deeply to be read.")
        todo = Text("请把很长的表达式拆成几行。", "Split long expressions into several lines.")
        raise SubmissionError(seen, todo, place=source.name) from error
    return tree


def offending_text(source: Source, line: int) -> str:
    """The line as the student wrote it, made safe to show."""
    lines = source.text.split("\n")
    return printable(lines[line - 1].strip(), 80) if 0 < line <= len(lines) else ""


def _syntax_error(source: Source, error: SyntaxError) -> SubmissionError:
    # A bracket left open is reported at the end of the file by some versions: stay within the text.
    line = min(max(error.lineno or 1, 1), source.text.count("\n") + 1)
    where, shown = source.line_in_words(line), offending_text(source, line)
    what = Text("语法错误", "a syntax error")
    seen = Text(f"{where.zh}有{what.zh}：{shown}", f"There is {what.en} in {where.en}: {shown}")
    return SubmissionError(seen, syntax.advice(error, shown), place=source.place(line))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _as_python_does(data: bytes) -> tuple[str, str]:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding), encoding


def _as_utf_16(data: bytes) -> tuple[str, str]:
    if not data.startswith(_UTF_16):
        raise UnicodeError("no byte order mark")
    return data.decode("utf-16"), "UTF-16"


def _as_utf_8(data: bytes) -> tuple[str, str]:
    """Whatever a coding line says."""
    return data.decode("utf-8"), "UTF-8"


def _as_gbk(data: bytes) -> tuple[str, str]:
    return data.decode("gb18030"), "GBK"  # GB18030 reads everything that GBK does


def _not_utf_8(name: str, encoding: str) -> Text:
    return Text(
        f"{name} 不是 UTF-8 编码，已按 {encoding} 读取；请另存为 UTF-8。",
        f"{name} is not UTF-8 and was read as {encoding}; save it as UTF-8.",
    )


def _other_coding(name: str) -> Text:
    return Text(
        f"{name} 开头写的编码（coding）和文件不符，已按 UTF-8 读取；请删掉那一行。",
        f"{name} names a coding at its top that is not its own; it was read as UTF-8. Delete that line.",
    )


def _unreadable(name: str, error: OSError) -> SubmissionError:
    reason = printable(error.strerror or type(error).__name__)
    seen = Text(f"打不开 {printable(name)}：{reason}。", f"{printable(name)} cannot be opened: {reason}.")
    return SubmissionError(seen, Text("请检查文件的位置和权限。", "Check where the file is and who may read it."))


def _too_long(name: str) -> SubmissionError:
    seen = Text(f"{name} 太长，读不了。", f"{name} is too long to be read.")
    todo = Text(
        "程序只写训练要用的；大量的数据请存成文件。", "Keep to what the training needs; put large data into a file."
    )
    return SubmissionError(seen, todo, place=name)


def _too_large(name: str, limit: int) -> SubmissionError:
    size = limit // 1_000_000
    seen = Text(f"{printable(name)} 超过 {size} MB。", f"{printable(name)} is larger than {size} MB.")
    todo = Text("请只交代码；笔记本请先清除全部输出。", "Hand in code only; clear all outputs of a notebook first.")
    return SubmissionError(seen, todo, place=printable(name))
