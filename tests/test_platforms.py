"""Windows and macOS, as far as the source can show it: no POSIX-only call unguarded, an encoding for every text file.

What runs differently there is simulated beside the part it belongs to: tests/exercise/test_other_consoles.py,
tests/submission/test_other_systems.py, tests/train/test_without_links.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "pytest_mmedu"
FILES = sorted(path for path in PACKAGE.rglob("*.py") if "datasets_tiny" not in path.parts)
# The one module that is for Linux alone: its only public function leaves at once on any other system.
LINUX_ONLY = PACKAGE / "submission" / "_supervise.py"
# The boxes: chosen only where the system has them, which trying them finds out.
BOXES = PACKAGE / "submission" / "isolation"
# Processes that fork for each program: nobody starts one where `can_be_warm` says no, on any system but Linux.
WARM = PACKAGE / "submission" / "warm"
WARM_JUDGE = PACKAGE / "warm_judge"
# Trainings in several processes: used where `can_fork` says so, on no system but Linux.
FORKING = PACKAGE / "train" / "forking.py"

POSIX_MODULES = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": re.compile(
        r"fork|forkpty|kill|killpg|set(sid|pgid|p?pgrp|[ug]id|e[ug]id|groups|priority)|get(pg(id|rp)|sid|e?[ug]id|groups"
        r"|loadavg|priority)|wait(pid|id|3|4)?|W[A-Z]+|P_(PID|PGID|ALL)|nice|mkfifo|mknod|l?chown|fchown|chroot|sched_\w+"
        r"|uname|ttyname|openpty|f?statvfs|sysconf|posix_\w+|O_(NOFOLLOW|NONBLOCK|DIRECTORY|CLOEXEC|SYNC)|\w+xattr|sync"
    ),
    "signal": re.compile(
        r"SIG(KILL|ALRM|HUP|USR[12]|CHLD|STOP|CONT|QUIT|PIPE)|alarm|setitimer|pause|pthread_\w+|sigwait"
    ),
}
GUARDS = ("sys.platform", "os.name", "hasattr(")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def walk(node: ast.AST, guarded: bool = False) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, and whether something around it asks first what system this is."""
    for child in ast.iter_child_nodes(node):
        asks = isinstance(child, (ast.If, ast.IfExp)) and any(word in ast.unparse(child.test) for word in GUARDS)
        tries = isinstance(child, ast.Try) and any(
            handler.type is not None and "ImportError" in ast.unparse(handler.type) for handler in child.handlers
        )
        yield child, guarded
        yield from walk(child, guarded or asks or tries)


def posix_only(node: ast.AST) -> str | None:
    """What this node uses that Windows lacks."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        return next((name for name in names if name in POSIX_MODULES), None)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        known = POSIX_NAMES.get(node.value.id)
        return ast.unparse(node) if known and known.fullmatch(node.attr) else None
    return None


def found_in(path: Path) -> list[str]:
    return [
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}: {name}"  # type: ignore[attr-defined]
        for node, guarded in walk(tree(path))
        if not guarded and (name := posix_only(node))
    ]


def _of_linux(path: Path) -> bool:
    return path in (LINUX_ONLY, FORKING) or bool({BOXES, WARM, WARM_JUDGE}.intersection(path.parents))


def test_no_posix_only_call_outside_one_module() -> None:
    assert [place for path in FILES if not _of_linux(path) for place in found_in(path)] == []


def test_the_search_finds_such_calls() -> None:
    found = {place.rpartition(" ")[2] for place in found_in(LINUX_ONLY)}
    assert {"os.fork", "os.waitpid", "signal.SIGKILL", "os.kill"} <= found


def test_that_module_leaves_at_once_on_other_systems() -> None:
    functions = [node for node in tree(LINUX_ONLY).body if isinstance(node, ast.FunctionDef)]
    [supervise] = [node for node in functions if node.name == "supervise"]
    first = supervise.body[1]  # after the docstring
    assert ast.unparse(first).startswith("if sys.platform != 'linux' or ")
    assert ast.unparse(first).endswith(":\n    return")
    at_import = [node for node in tree(LINUX_ONLY).body if not isinstance(node, (ast.FunctionDef, ast.ImportFrom))]
    assert not [name for node in at_import for inner, _ in walk(node) if (name := posix_only(inner))]


def _without_encoding(call: ast.Call) -> bool:
    """A text file that would be read or written in the console's encoding: GBK on a Chinese Windows."""
    if any(keyword.arg == "encoding" for keyword in call.keywords):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("read_text", "write_text"):
        return len(call.args) < (1 if name == "read_text" else 2)
    if name == "open" and ast.unparse(call.func) not in ("os.open", "Image.open", "self._zip.open"):
        mode = [one.value for one in (*call.args, *(k.value for k in call.keywords)) if isinstance(one, ast.Constant)]
        return not any(isinstance(value, str) and "b" in value and len(value) <= 3 for value in mode)
    return any(
        keyword.arg in ("text", "universal_newlines") and ast.unparse(keyword.value) == "True"
        for keyword in call.keywords
    )


def test_every_text_file_has_its_encoding() -> None:
    places = [
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}: {ast.unparse(node)}"
        for path in FILES
        for node, _ in walk(tree(path))
        if isinstance(node, ast.Call) and _without_encoding(node)
    ]
    assert places == []


@pytest.mark.parametrize(
    ("call", "without"),
    [
        ("path.read_text()", True),
        ('path.read_text("utf-8")', False),
        ("path.write_text(text)", True),
        ('path.open("w")', True),
        ('path.open("rb")', False),
        ('open(path, "w", encoding="utf-8")', False),
        ("subprocess.run(command, text=True)", True),
    ],
)
def test_the_search_finds_text_without_encoding(call: str, without: bool) -> None:
    [expression] = ast.parse(call).body
    assert isinstance(expression, ast.Expr)
    assert isinstance(expression.value, ast.Call)
    assert _without_encoding(expression.value) is without


def test_files_of_students_are_sorted_by_name_and_not_as_paths() -> None:
    """Windows compares paths without case: the numbers of the classes would depend on the system."""
    places = [
        f"{path.relative_to(PACKAGE).as_posix()}:{node.lineno}"
        for path in FILES
        if path.parent.name in ("dataset", "mmedu", "checks", "submission")
        for node, _ in walk(tree(path))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "sorted"
        and not any(keyword.arg == "key" for keyword in node.keywords)
        and re.search(r"^[\w.]+\.(iterdir|r?glob)\(", ast.unparse(node.args[0]))
    ]
    assert [place for place in places if not place.startswith("dataset/shipped.py")] == []  # those are our own
