"""不带训练的程序 | The program without what leads to a training: to call a function of it, nothing is trained again.

A statement at the top of the program is left out where it imports the training software, or uses a name that such a
statement has bound. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from types import CodeType

_TRAINING = {"MMEdu", "pytest_mmedu", "mmcls", "mmcv", "mmengine", "mmpretrain"}
_TORCH = {"torch", "torchvision"}
_READS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
_BINDS = {"STORE_NAME", "STORE_GLOBAL"}


def without_training(text: str, tree: ast.Module, wanted: str) -> str | None:
    """The source that is left; None where the function `wanted` itself would be left out."""
    names = [tuple(_names(statement)) for statement in tree.body]
    out = {at for at, statement in enumerate(tree.body) if _imports(statement, _TRAINING)}
    before = -1
    while before != len(out):  # a name may be used above the statement that binds it: inside of a function
        before = len(out)
        bound = {name for at in out for what, name in names[at] if what in _BINDS}
        out |= {at for at, pairs in enumerate(names) if any(what in _READS and name in bound for what, name in pairs)}
    if wanted in bound:
        return None
    lines = text.encode("utf-8", "surrogatepass").split(b"\n")
    for at in sorted(out, reverse=True):
        _blank(lines, tree.body[at])
    return b"\n".join(lines).decode("utf-8", "surrogatepass")


def imports_torch(text: str) -> bool:
    """Loading it takes seconds, which are not the student's."""
    return _imports(ast.parse(text), _TORCH)


def _imports(tree: ast.AST, libraries: set[str]) -> bool:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.partition(".")[0] in libraries for name in names):
            return True
    return False


def _names(statement: ast.stmt) -> Iterator[tuple[str, str]]:
    """The program's own names that a statement reads and binds; those within a function are the function's."""
    code = compile(ast.Module([statement], []), "", "exec", dont_inherit=True)  # nothing is run
    yield from _named(code)


def _named(code: CodeType) -> Iterator[tuple[str, str]]:
    yield from ((step.opname, step.argval) for step in dis.get_instructions(code) if step.opname in _READS | _BINDS)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _named(inner)


def _blank(lines: list[bytes], statement: ast.stmt) -> None:
    """`pass` in the place of a statement, on its last line: what stands beside it stays, and so do all numbers."""
    above = [decorator.lineno for decorator in getattr(statement, "decorator_list", [])]
    first = min([statement.lineno, *above])
    start = statement.col_offset if first == statement.lineno else 0
    last, end = statement.end_lineno or first, statement.end_col_offset or 0
    head, tail = lines[first - 1][:start], lines[last - 1][end:]
    if first == last:
        lines[first - 1] = head + b"pass" + tail
    else:
        lines[first - 1 : last] = [head, *([b""] * (last - first - 1)), b"pass" + tail]
