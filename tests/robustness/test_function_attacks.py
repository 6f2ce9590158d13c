"""Every attack on the calls of a function, at every level that promises to hold, each with an honest neighbour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.result import Result

from .cases import ALL
from .cases_functions import CASES, EXAMPLES, HONEST, STRONGEST
from .conftest import Machine

ROWS = [
    pytest.param(level, name, id=f"{level}-{name}")
    for level in (*ALL, *STRONGEST)
    for name in CASES
    if level in CASES[name].levels
]


def judge(machine: Machine, submission: Path, level: str) -> tuple[Result, HandedIn]:
    """As a pytest session would."""
    options = Options(submission=submission, cache="off", isolation=level)
    handed_in = HandedIn(machine.exercise, options, machine.scratch, machine.boxes)
    return CHECKS["function"](handed_in.untrained, "total", examples=EXAMPLES, reference=sum), handed_in


@pytest.mark.parametrize(("level", "name"), ROWS)
def test_an_attack_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], level: str, name: str
) -> None:
    case = CASES[name]
    if "import numpy" in case.program:
        pytest.importorskip("numpy", reason="this student's program uses numpy, which is not installed here")
    level = machine.boxes.strongest().level if level in STRONGEST else at_level(level)
    result, handed_in = judge(machine, machine.hand_in("case", case.program), level)
    assert case.says in result.seen.en
    assert (5 * result.share, handed_in.facts.isolation) == (
        case.score,
        "" if "has no function" in case.says else level,
    )
    assert "4711" not in result.seen.en + (result.hint.en if result.hint else "")

    neighbour, _ = judge(machine, machine.hand_in("honest", HONEST), level)
    assert neighbour.outcome == "passed"
