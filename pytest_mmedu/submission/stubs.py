"""还没写的函数 | Functions in the source: which of them are there, and which still hold `...` for their body."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pytest_mmedu.submission.source import Source, parse

Def = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.Module) -> Iterator[Def]:
    """Those of the program itself, also below an `if`; not methods, and not functions within functions."""
    yield from _below(tree)


def open_line(function: Def) -> int | None:
    """The line that is still to be written, None where there is none.

    That is where `...` stands for a value or a statement, as in `return ...` or `sorted(row, key=...)`, or a body that
    only passes. `scores[..., 0]` and `Callable[..., int]` mean something.
    """
    line = next((line for statement in function.body for line in _dots(statement)), None)
    if line is not None:
        return line
    rest = [node for node in function.body if not isinstance(node, ast.Expr)]
    return rest[0].lineno if rest and all(isinstance(node, ast.Pass) for node in rest) else None


def count_stubs(source: Source) -> int:
    """How many functions are still to be written; raises SubmissionError for a syntax error."""
    return sum(open_line(function) is not None for function in functions(parse(source)))


def cannot_be_there(text: str, tree: ast.Module, name: str) -> bool:
    """The name stands nowhere in the program, and nothing could bring it in unseen."""
    stars = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    hidden = any(alias.name == "*" for node in stars for alias in node.names)
    return not hidden and not re.search(rf"\b(?:{re.escape(name)}|exec|globals|vars|locals)\b", text)


def _below(node: ast.AST) -> Iterator[Def]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield child
        elif not isinstance(child, (ast.ClassDef, ast.expr)):
            yield from _below(child)


def _dots(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Constant) and node.value is ...:
        yield node.lineno
    for field, value in ast.iter_fields(node):
        if not (isinstance(node, ast.Subscript) and field == "slice"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _dots(child)
