"""成绩册的数据库 | The SQLite file of a gradebook: its tables, and short transactions that wait for each other.

What a program found and what the teacher said stand in tables of their own: grading never writes into `overrides`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_mmedu.errors import OutputError
from pytest_mmedu.text import Text, printable

VERSION = 1
_WAIT_SECONDS = 60.0  # for another grader's transaction; each takes milliseconds
_TABLES = """
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE students (
    student TEXT PRIMARY KEY,
    same_name TEXT NOT NULL UNIQUE,     -- two names that would be one file are one student
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,               -- of what is handed in now
    key TEXT NOT NULL,                  -- of that, the exercise and the kit: a report with this key is valid
    handed_in TEXT NOT NULL,            -- ISO with its zone, '' where it is unknown
    due INTEGER NOT NULL,               -- 1: to be graded
    grader TEXT,                        -- who is at it, as graders.py has it
    attempt INTEGER REFERENCES attempts (id),
    written TEXT NOT NULL DEFAULT ''    -- what the files beside the gradebook were last written from
);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES students (student),
    sha256 TEXT NOT NULL,
    key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('graded', 'not graded')),
    score REAL,
    max_score REAL,
    problem TEXT,
    report BLOB,                        -- compressed JSON
    graded_at TEXT NOT NULL
);
CREATE INDEX attempts_of_student ON attempts (student, key);
CREATE TABLE overrides (
    student TEXT PRIMARY KEY REFERENCES students (student),
    score REAL,
    comment TEXT NOT NULL,
    made_at TEXT NOT NULL
);
"""


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection in autocommit mode; the file and its folder are made where they are missing.

    Raises:
        OutputError: it cannot be opened or written, is no gradebook, or one of a newer version.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _cannot_use(path, error) from None
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")  # where the disk cannot do it, the old way serves as well
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        _make_tables(connection, path)
        yield connection
    except sqlite3.Error as error:
        raise _cannot_use(path, error) from error
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All of it or nothing; the right to write is taken at once, so that nobody writes between a look and a change."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == 0:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    if version > VERSION:
        seen = Text(
            f"成绩册 {path.name} 是更新的版本写的。", f"The gradebook {path.name} was written by a newer version."
        )
        todo = Text("请升级 pytest-mmedu。", "Upgrade pytest-mmedu.")
        raise OutputError(seen, todo)


def _cannot_use(path: Path, error: Exception) -> OutputError:
    why = printable(getattr(error, "strerror", None) or str(error) or type(error).__name__)
    shown = printable(str(path))
    seen = Text(f"成绩册 {shown} 不能用：{why}。", f"The gradebook {shown} cannot be used: {why}.")
    todo = Text("请核对路径和权限，或换一个文件夹。", "Check the path and its rights, or choose another folder.")
    return OutputError(seen, todo)
