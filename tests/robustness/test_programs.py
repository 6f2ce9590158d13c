"""Every case of the tables at every level that promises it: what it earns, and that nobody else is touched.

Where a process is kept warm, as a class is graded, each case is graded beside honest neighbours, all of which train.
Once more each program has a fresh one, as in a student's own pytest, alone: there the honest work is a function, for
which no libraries are loaded, and one training. Nothing may be weaker in either.
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
from .cases_ordinary import ORDINARY
from .cases_reaching import REACHING
from .cases_unseen import UNSEEN_TRAININGS
from .conftest import HONEST, Graded, Machine

TABLES = {
    **{"taking over": TAKING_OVER, "reaching": REACHING, "exhausting": EXHAUSTING},
    **{"evidence": EVIDENCE, "lasting": LASTING, "unseen": UNSEEN_TRAININGS, "ordinary": ORDINARY},
}
AT_ONCE = 4  # three cases beside an honest neighbour
HONEST_ONE = Case("", FULL)
CONTAINER = "container"  # promises what namespaces promise
WARM = pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")


@pytest.fixture(scope="module")
def cold() -> Boxes:
    return Boxes()


@pytest.mark.train
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("level", ALL)
def test_cases_and_their_honest_neighbours(
    machine: Machine, at_level: Callable[[str], str], level: str, table: str
) -> None:
    assert isinstance(machine.boxes.tried(at_level(level)).box, WarmLevel) == can_be_warm()
    assert wrong(machine, level, table) == {}


@WARM
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("level", [CONTAINER, *ALL])
def test_cases_in_fresh_processes(machine: Machine, cold: Boxes, level: str, table: str) -> None:
    machine.boxes = holding(cold, level)
    assert wrong(machine, level, table, fresh=True) == {}


@pytest.mark.train
@WARM
@pytest.mark.parametrize("level", [CONTAINER, *ALL])
def test_a_training_in_a_fresh_process(machine: Machine, cold: Boxes, level: str) -> None:
    machine.boxes = holding(cold, level)
    machine.write_exercise(seconds=60.0, memory_mb=2048)  # a torch built for CUDA takes half a GB by itself
    assert differs(HONEST_ONE, machine.grade(machine.folder / "class" / "honest", level), level) is None


def holding(boxes: Boxes, level: str) -> Boxes:
    if boxes.tried(level).box is None:
        pytest.skip(f"{level} does not work here: {boxes.tried(level).missing}")
    return boxes


def wrong(machine: Machine, level: str, table: str, *, fresh: bool = False) -> dict[str, object]:
    """What is not as its row says. Cases of one budget are graded side by side."""
    promised = "namespaces" if level == CONTAINER else level
    cases = {name: case for name, case in TABLES[table].items() if promised in case.levels}
    told: dict[str, object] = {}
    machine.write_exercise(memory_mb=2048, seconds=60.0)  # for the neighbours, however busy the machine is
    shutil.copytree(machine.exercise, machine.scratch / "generous")
    grade = _in_fresh_processes if fresh else _beside_neighbours
    for budget in {tuple(case.budget.items()) for case in cases.values()}:
        machine.write_exercise(**dict(budget))
        told |= grade(machine, level, {n: case for n, case in cases.items() if tuple(case.budget.items()) == budget})
    return {name: one for name, one in told.items() if one is not None}


def _beside_neighbours(machine: Machine, level: str, cases: dict[str, Case]) -> dict[str, object]:
    turns: list[tuple[str, Case, Path, Path]] = []
    for number, (name, case) in enumerate(cases.items()):
        if number % (AT_ONCE - 1) == 0:
            own = f"# {number}\n"  # a program of its own: none comes from the cache
            beside = machine.hand_in(f"beside {number}", HONEST + own)
            turns.append((f"a neighbour of {name}", HONEST_ONE, beside, machine.scratch / "generous"))
        turns.append((name, case, _handed_in(machine, number, case), machine.exercise))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        graded = pool.map(lambda turn: machine.grade(turn[2], level, turn[3]), turns)
        return {turn[0]: differs(turn[1], one, level) for turn, one in zip(turns, graded, strict=True)}


def _in_fresh_processes(machine: Machine, level: str, cases: dict[str, Case]) -> dict[str, object]:
    """What does no honest work has no function: it is seen to train nothing."""
    cases = {name: case for name, case in cases.items() if not case.trains}

    def graded(number: int, case: Case) -> Graded:
        submission = _handed_in(machine, number, case)
        asked = machine.grade_function if "@HONEST@" in case.program else machine.grade
        return asked(submission, level)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(graded, range(len(cases)), cases.values())
        return {name: differs(case, one, level) for (name, case), one in zip(cases.items(), found, strict=True)}


def _handed_in(machine: Machine, number: int, case: Case) -> Path:
    return machine.hand_in(f"case {number}", case.program.replace("@HONEST@\n", HONEST))


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
    machine.write_exercise(asks="function")  # the log of a training is named by the time of day
    honest = machine.folder / "class" / "honest"
    broken = machine.hand_in("broken", "import os\ndef total(numbers): os._exit(3)\n")
    with WarmExecutor(1) as executor:
        warm = [grade_one(machine.exercise, one, cache="off", session=executor.session) for one in (honest, broken) * 2]
    fresh = [grade_one(machine.exercise, one, cache="off") for one in (honest, broken)]
    assert [replace(one, seconds=0.0) for one in warm] == [replace(one, seconds=0.0) for one in fresh * 2]
    assert [one.score for one in fresh] == [100.0, 0.0]
