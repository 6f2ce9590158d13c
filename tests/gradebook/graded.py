"""A class that is really graded, and what the gradebook says of it then."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from pytest_mmedu.cli import main
from pytest_mmedu.gradebook.book import Gradebook
from tests.gradebook.conftest import HALF, RIGHT, WRONG

CLASS = {"张三": RIGHT, "Li Si": HALF, "wang": WRONG}
SCORES = {"张三": 10.0, "Li Si": 5.0, "wang": 0.0}


def scores(results: Path) -> Mapping[str, float | None]:
    with Gradebook(results / "gradebook.sqlite") as book:
        return {row.student: row.final for row in book.rows()}


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [*map(str, words), "--lang", "en"])
