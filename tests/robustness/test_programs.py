"""Every case of the tables at every level that promises it: what it earns, and that nobody else is touched.

The cases of a table are graded side by side, an honest neighbour among them: waiting for a limit costs no more for ten.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .cases import ALL, EVIDENCE, FULL, SLOW, TAKING_OVER, Case
from .cases_exhausting import EXHAUSTING
from .cases_reaching import REACHING
from .conftest import HONEST, Graded, Machine

TABLES = {"taking over": TAKING_OVER, "reaching": REACHING, "exhausting": EXHAUSTING, "evidence": EVIDENCE}
AT_ONCE = 4
HONEST_ONE = Case("", FULL)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("level", ALL)
def test_cases_and_their_honest_neighbours(
    machine: Machine, at_level: Callable[[str], str], level: str, table: str
) -> None:
    at_level(level)
    cases = {name: case for name, case in TABLES[table].items() if level in case.levels}
    for budget in ({}, SLOW):
        machine.write_exercise(**budget)
        assert wrong(machine, level, {name: case for name, case in cases.items() if case.budget == budget}) == {}


def wrong(machine: Machine, level: str, cases: dict[str, Case]) -> dict[str, object]:
    """What is not as its row says. Among any few cases there is an honest neighbour, who is graded meanwhile."""
    turns: list[tuple[str, Path]] = []
    for number, (name, case) in enumerate(cases.items()):
        turns.append((name, machine.hand_in(f"case {number}", case.program.replace("@HONEST@", HONEST))))
        if number % (AT_ONCE - 1) == 0:
            turns.append((f"beside {name}", machine.hand_in(f"beside {number}", HONEST)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        graded = list(pool.map(lambda turn: machine.grade(turn[1], level), turns))
    told = {
        name: differs(cases.get(name, HONEST_ONE), one, level) for (name, _), one in zip(turns, graded, strict=True)
    }
    return {name: one for name, one in told.items() if one is not None}


def differs(case: Case, graded: Graded, level: str) -> object:
    """None where everything is as it should be."""
    as_said = any(words in graded.says for words in case.says)
    as_printed = case.prints is None or graded.printed == case.prints
    if as_said and as_printed and (graded.score, graded.level) == (case.score, level):
        return None
    return graded.score, graded.level, graded.says, graded.printed[-2000:]
