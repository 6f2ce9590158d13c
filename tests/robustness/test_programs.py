"""Every case of the tables at every level that promises it: what it earns, and that nobody else is touched.

Each case is graded together with an honest neighbour of its own: where a process is kept warm, as a class is graded,
and once more where each program has a fresh one, as in a student's own pytest. Nothing may be weaker in either.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import can_be_warm

from .cases import ALL, EVIDENCE, FULL, TAKING_OVER, Case
from .cases_exhausting import EXHAUSTING
from .cases_lasting import LASTING
from .cases_reaching import REACHING
from .conftest import HONEST, Graded, Machine

TABLES = {
    **{"taking over": TAKING_OVER, "reaching": REACHING, "exhausting": EXHAUSTING},
    **{"evidence": EVIDENCE, "lasting": LASTING},
}
AT_ONCE = 4
HONEST_ONE = Case("", FULL)
WARM = pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")


@pytest.fixture(scope="module")
def cold() -> Boxes:
    return Boxes()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("level", ALL)
def test_cases_and_their_honest_neighbours(
    machine: Machine, at_level: Callable[[str], str], level: str, table: str
) -> None:
    assert isinstance(machine.boxes.tried(at_level(level)).box, WarmLevel) == can_be_warm()
    assert wrong(machine, level, table) == {}


@WARM
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("level", ALL)
def test_cases_in_fresh_processes(machine: Machine, cold: Boxes, level: str, table: str) -> None:
    machine.boxes = cold
    if cold.tried(level).box is None:
        pytest.skip(f"{level} does not work here: {cold.tried(level).missing}")
    assert wrong(machine, level, table) == {}


def wrong(machine: Machine, level: str, table: str) -> dict[str, object]:
    """What is not as its row says. Cases of one budget are graded side by side, each beside its neighbour."""
    cases = {name: case for name, case in TABLES[table].items() if level in case.levels}
    told: dict[str, object] = {}
    shutil.copytree(machine.exercise, machine.scratch / "generous")  # for the neighbours, however busy the machine is
    for budget in {tuple(case.budget.items()) for case in cases.values()}:
        machine.write_exercise(**dict(budget))
        told |= _wrong(machine, level, {n: case for n, case in cases.items() if tuple(case.budget.items()) == budget})
    return told


def _wrong(machine: Machine, level: str, cases: dict[str, Case]) -> dict[str, object]:
    turns: list[tuple[str, Case, Path, Path]] = []
    for number, (name, case) in enumerate(cases.items()):
        submission = machine.hand_in(f"case {number}", case.program.replace("@HONEST@", HONEST))
        turns.append((name, case, submission, machine.exercise))
        own = f"# {number}\n"  # a program of its own: none comes from the cache
        beside = machine.hand_in(f"beside {number}", HONEST + own)
        turns.append((f"the neighbour of {name}", HONEST_ONE, beside, machine.scratch / "generous"))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        graded = pool.map(lambda turn: machine.grade(turn[2], level, turn[3]), turns)
        told = {turn[0]: differs(turn[1], one, level) for turn, one in zip(turns, graded, strict=True)}
    return {name: one for name, one in told.items() if one is not None}


def differs(case: Case, graded: Graded, level: str) -> object:
    """None where everything is as it should be."""
    as_said = any(words in graded.says for words in case.says)
    as_printed = case.prints is None or graded.printed == case.prints
    if as_said and as_printed and (graded.score, graded.level) == (case.score, level):
        return None
    return graded.score, graded.level, graded.says, graded.printed[-2000:]


@WARM
def test_a_class_gets_the_reports_that_it_gets_from_fresh_processes(machine: Machine) -> None:
    """Level, guarantees and versions among them; the second and the third find what the first has found."""
    assert isinstance(machine.boxes, WarmBoxes)
    honest = machine.folder / "class" / "honest"
    broken = machine.hand_in("broken", "import os\nos._exit(3)\n")
    with WarmExecutor(1) as executor:
        warm = [grade_one(machine.exercise, one, cache="off", session=executor.session) for one in (honest, broken) * 2]
    fresh = [grade_one(machine.exercise, one, cache="off") for one in (honest, broken)]
    assert [replace(one, seconds=0.0) for one in warm] == [replace(one, seconds=0.0) for one in fresh * 2]
    assert [one.score for one in fresh] == [100.0, 0.0]
