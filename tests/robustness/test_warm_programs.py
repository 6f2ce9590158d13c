"""The same cases where a grader keeps a process warm and forks it for each program: nothing may be weaker.

Programs that bring the zygote down cost nobody anything: they are tried again without one, and others do without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm

from .cases import ALL, SLOW
from .conftest import Machine
from .test_programs import TABLES, wrong

pytestmark = pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")


@pytest.fixture(scope="module")
def zygotes() -> Iterator[Zygotes]:
    with Zygotes() as zygotes:
        yield zygotes


@pytest.fixture
def boxes(zygotes: Zygotes) -> WarmBoxes:
    zygotes.look_after()
    return WarmBoxes(zygotes)


# Time and output are watched by the very code that watches fresh processes. What descends from whom is not the same.
EXHAUSTING = {name: case for name, case in TABLES["exhausting"].items() if case.budget != SLOW}
WARM_TABLES = {**TABLES, "exhausting": EXHAUSTING}
ROWS = [(level, table) for level in ALL for table in TABLES if (level, table) != ("landlock", "exhausting")]


@pytest.mark.parametrize(("level", "table"), ROWS)
def test_warm_cases_and_their_honest_neighbours(
    machine: Machine, at_level: Callable[[str], str], level: str, table: str
) -> None:
    assert isinstance(machine.boxes.tried(at_level(level)).box, WarmLevel)
    cases = {name: case for name, case in WARM_TABLES[table].items() if level in case.levels}
    for budget in ({}, SLOW):
        machine.write_exercise(**budget)
        assert wrong(machine, level, {name: case for name, case in cases.items() if case.budget == budget}) == {}


def test_a_class_gets_the_reports_that_it_gets_from_fresh_processes(machine: Machine) -> None:
    """Level, guarantees and versions among them; the second and the third find what the first has found."""
    honest = machine.folder / "class" / "honest"
    broken = machine.hand_in("broken", "import os\nos._exit(3)\n")
    with WarmExecutor(1) as executor:
        warm = [grade_one(machine.exercise, one, cache="off", session=executor.session) for one in (honest, broken) * 2]
    fresh = [grade_one(machine.exercise, one, cache="off") for one in (honest, broken)]
    assert [replace(one, seconds=0.0) for one in warm] == [replace(one, seconds=0.0) for one in fresh * 2]
    assert [one.score for one in fresh] == [100.0, 0.0]
