"""What runs in another Python, where the real MMEdu lives, is written in Python 3.8 and needs nothing beside it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "pytest_mmedu"
OLD = (
    "__init__.py",
    "mmedu/__init__.py",
    "mmedu/real_package.py",
    "mmedu/recorder.py",
    "mmedu/without_waiting.py",
    "submission/__init__.py",
    "submission/_child.py",
    "submission/_describe.py",
    "submission/_functions.py",
    "submission/_further.py",
    "submission/_prctl.py",
    "submission/_resources.py",
    "submission/_sharing.py",
    "submission/_showing.py",
    "submission/_start.py",
    "submission/_supervise.py",
    "submission/isolation/__init__.py",
    "submission/isolation/_kernel_rules.py",
    "submission/own_processes/MMEdu.py",
    "submission/plain_data.py",
    "submission/tokens.py",
)
# Reached only where the Python is new enough, which the child asks first.
FOR_NEWER = {
    ("mmedu/recorder.py", "pytest_mmedu.text"),
    ("submission/_child.py", "pytest_mmedu.dataset.shipped"),
    ("submission/_child.py", "pytest_mmedu.mmedu.stand_in"),
}
NEWER_MODULES = {"tomllib", "zoneinfo", "graphlib"}
NEWER_NAMES = {
    *("removeprefix", "removesuffix", "is_relative_to", "with_stem", "readlink", "hardlink_to"),
    *("waitstatus_to_exitcode", "pidfd_open", "pairwise", "batched", "cache", "bit_count", "to_thread"),
    *("ExceptionGroup", "BaseExceptionGroup", "stdlib_module_names", "add_note", "unparse"),
}
NEWER_KEYWORDS = {"slots", "strict", "kw_only", "match_args", "ignore_cleanup_errors"}
GENERICS = {
    *("list", "dict", "tuple", "set", "frozenset", "type"),
    *("Callable", "Iterable", "Iterator", "Mapping", "Sequence", "Collection", "Generator"),
}


def tree_of(name: str) -> ast.Module:
    return ast.parse((PACKAGE / name).read_text("utf-8"), name, feature_version=(3, 8))


def for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All that is computed when the file runs: no annotations, nothing that is for type checkers alone."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not for_types(child):
                yield child
                yield from run_nodes(child)


def newer_than_3_8(tree: ast.AST) -> Iterator[str]:
    for node in run_nodes(tree):
        line = f"line {getattr(node, 'lineno', '?')}: "
        if isinstance(node, ast.Attribute) and node.attr in NEWER_NAMES:
            yield line + node.attr
        elif isinstance(node, ast.ImportFrom) and NEWER_NAMES & {alias.name for alias in node.names}:
            yield line + ", ".join(alias.name for alias in node.names)
        elif isinstance(node, ast.keyword) and node.arg in NEWER_KEYWORDS:
            yield line + f"{node.arg}="
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in GENERICS:
            yield line + f"{node.value.id}[...] outside of an annotation"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            if any(isinstance(side, (ast.Dict, ast.DictComp)) for side in (node.left, node.right)):
                yield line + "a dict | a dict"
        elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.BitOr):
            yield line + "|="


def imported(tree: ast.AST) -> Iterator[str]:
    for node in run_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if file_of(name) else str(node.module) for name in inner)


def file_of(module: str) -> str | None:
    """submission/tokens.py for pytest_mmedu.submission.tokens; None where there is no such module."""
    parts = module.split(".")
    if parts[0] != PACKAGE.name:
        return None
    path = PACKAGE.joinpath(*parts[1:])
    found = next((one for one in (path / "__init__.py", path.with_suffix(".py")) if one.is_file()), None)
    return found.relative_to(PACKAGE).as_posix() if found is not None and len(parts) > 1 else None


@pytest.mark.parametrize("name", OLD)
def test_it_is_old_syntax_and_uses_nothing_newer(name: str) -> None:
    assert list(newer_than_3_8(tree_of(name))) == []


@pytest.mark.parametrize("name", OLD)
def test_it_imports_the_standard_library_and_one_another(name: str) -> None:
    for module in imported(tree_of(name)):
        if (name, module) in FOR_NEWER:
            continue
        known = module.partition(".")[0] in sys.stdlib_module_names - NEWER_MODULES
        assert known or file_of(module) in OLD, module


@pytest.mark.parametrize(
    "text",
    [
        "Facts = dict[str, int]",
        "a = {} | b",
        "a |= {}",
        "dataclass(slots=True)(One)",
        "list(zip(a, b, strict=True))",
        "name.removesuffix('.py')",
        "from functools import cache",
        "os.waitstatus_to_exitcode(3)",
    ],
)
def test_what_is_newer_is_noticed(text: str) -> None:
    assert list(newer_than_3_8(ast.parse(text))) != []


def test_annotations_are_never_computed() -> None:
    text = (
        "def f(a: dict[str, int]) -> list[int] | None:\n    b: set[int] = set()\nif TYPE_CHECKING:\n    C = list[int]\n"
    )
    assert list(newer_than_3_8(ast.parse(text))) == []


def test_newer_statements_are_no_python_there() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match a:\n    case 1: pass\n", feature_version=(3, 8))


@pytest.mark.parametrize("name", OLD)
def test_no_with_has_brackets_around_its_parts(name: str) -> None:
    """The one newer form that no syntax tree tells."""
    assert [line for line in (PACKAGE / name).read_text("utf-8").splitlines() if line.strip() == "with ("] == []
