"""Every case of the table at every level that promises it: what it earns, and that nobody else is touched."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .cases import ALL, CASES
from .conftest import HONEST, Machine

ROWS = [
    pytest.param(level, name, id=f"{level}-{name}") for level in ALL for name in CASES if level in CASES[name].levels
]


@pytest.mark.parametrize(("level", "name"), ROWS)
def test_a_case_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], tmp_path: Path, level: str, name: str
) -> None:
    case = CASES[name]
    machine.write_exercise(**case.budget)
    submission = machine.hand_in("case", case.program.replace("@HONEST@", HONEST))
    graded = machine.grade(submission, at_level(level), tmp_path)
    assert any(words in graded.says for words in case.says), (graded.says, graded.printed)
    assert case.prints is None or graded.printed == case.prints
    assert (graded.score, graded.level) == (case.score, level), (graded.says, graded.printed)

    machine.write_exercise()
    neighbour = machine.grade(machine.folder / "class" / "honest", level, tmp_path)
    assert (neighbour.score, neighbour.says) == (100.0, "")
