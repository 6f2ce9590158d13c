"""The errors of the kit: what they say, and that they survive a trip between processes."""

from __future__ import annotations

import pickle

import pytest

from pytest_mmedu import errors
from pytest_mmedu.errors import InputError, MachineError, MMEduError, ParameterError
from pytest_mmedu.text import Text

SEEN, ALLOWED, TODO = Text("看到甲。", "Saw A."), Text("应为乙。", "It takes B."), Text("请做丙。", "Do C.")
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, MMEduError)]


def test_a_message_says_what_was_seen_what_is_allowed_and_what_to_do() -> None:
    error = ParameterError(SEEN, TODO, allowed=ALLOWED, code=-301, place="homework.py:3")
    assert str(error) == "homework.py:3: Error Code: -301. 看到甲。应为乙。请做丙。 | Saw A. It takes B. Do C."
    assert error.text == Text("看到甲。应为乙。请做丙。", "Saw A. It takes B. Do C.")


def test_a_message_without_number_and_place() -> None:
    assert str(MMEduError(SEEN, TODO)) == "看到甲。请做丙。 | Saw A. Do C."


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_error_survives_pickling(kind: type[MMEduError]) -> None:
    error = kind(SEEN, TODO, allowed=ALLOWED, code=-1, place="x:1")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_tree_drawn_in_the_docstring_names_every_error(kind: type[MMEduError]) -> None:
    assert kind.__name__ in str(errors.__doc__)


def test_the_students_fault_and_the_machines_are_different_branches() -> None:
    assert not issubclass(InputError, MachineError)
    assert not issubclass(MachineError, InputError)
