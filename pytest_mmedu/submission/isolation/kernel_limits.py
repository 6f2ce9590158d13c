"""内核的限额 | Memory and processes limited by the kernel itself, by cgroup v2, where this process may have groups."""

from __future__ import annotations

import atexit
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from pytest_mmedu.submission.isolation.control_group import Group, NoGroup
from pytest_mmedu.submission.isolation.control_groups import Groups
from pytest_mmedu.submission.isolation.levels import Word
from pytest_mmedu.submission.isolation.own_cgroup import NotLimited, graders_cgroup


@cache
def own_groups() -> Groups | NotLimited:
    """Below this process's own group; found out once."""
    base = graders_cgroup()
    if isinstance(base, NotLimited):
        return base
    try:
        groups = Groups(base)
    except (OSError, ValueError):
        return NotLimited(may_not=True)
    atexit.register(groups.leave)
    return groups


def new_group(*, together: bool = False) -> Group:
    """
    Raises:
        OSError: there were groups before, and now there are none.
    """
    groups = own_groups()
    return NoGroup() if isinstance(groups, NotLimited) else groups.new(together=together)


@contextmanager
def fresh_group() -> Iterator[Group]:
    """For one program.

    Raises:
        OSError: as above.
    """
    group = new_group(together=True)
    try:
        yield group
    finally:
        group.remove()


def held_by_the_kernel() -> Mapping[str, Word]:
    """For a level that keeps a program from the files of its own group."""
    return {} if isinstance(own_groups(), NotLimited) else {"memory": "verified", "processes": "verified"}
