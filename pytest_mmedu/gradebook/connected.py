"""打开的成绩册 | An open gradebook: the connection, and the facts about the whole of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pytest_mmedu.gradebook.database import open_database, transaction

Self = TypeVar("Self", bound="Connected")  # typing.Self is newer than Python 3.10


class Connected:
    """To be used inside `with`, by one thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open = ExitStack()
        self._base: sqlite3.Connection

    def __enter__(self: Self) -> Self:
        self._base = self._open.enter_context(open_database(self.path))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return self._open.__exit__(kind, error, trace)

    def fact(self, name: str) -> Any:
        """Plain data that was kept under this name; None without."""
        found = self._one("SELECT value FROM facts WHERE name = ?", name)
        return None if found is None else json.loads(found["value"])

    def keep_fact(self, name: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False)
        with transaction(self._base) as base:
            base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, text))

    def _one(self, question: str, *values: Any) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._base.execute(question, values).fetchone()
        return found


def now() -> str:
    """ISO, UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
