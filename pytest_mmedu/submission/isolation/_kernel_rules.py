"""内核规则 | Landlock and seccomp for the process that calls it, and for all that it will start. Linux only.

What is not allowed here stays forbidden: there is no way back for the process. The numbers are those of the kernel's
<linux/landlock.h>, <linux/seccomp.h>, <linux/filter.h> and <asm/unistd.h>.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every kind of processor
_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_FROM_BOUNDS, _CAPABILITIES = 24, 64  # a capability taken from those that can ever be had; more than there are
# The rights on files that each version of Landlock knows, as the number of bits from the lowest.
_RIGHTS_BY_VERSION = ((5, 16), (3, 15), (2, 14), (1, 13))
_LIST = 1 << 3
_READ = 1 | 1 << 2 | _LIST  # execute, read a file, list a folder
_ON_FILES = 1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # the rights that a file, as opposed to a folder, can have
_TCP, _SCOPES = 3, 3  # bind and connect; abstract sockets and signals

# By kind of processor: its name in a filter, and the numbers of its calls.
_MACHINES: Mapping[str, tuple[int, Mapping[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            **{
                "socket": 41,
                "ptrace": 101,
                "keyctl": 250,
                "unshare": 272,
                "setns": 308,
                "bpf": 321,
                "io_uring_setup": 425,
            },
            **{"clone": 56, "clone3": 435},
            **{"shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "memfd_create": 319, "memfd_secret": 447},
            **{"add_key": 248, "request_key": 249},
            **{"prlimit64": 302, "setpriority": 141, "sched_setaffinity": 203},
            **{"sched_setscheduler": 144, "sched_setparam": 142, "sched_setattr": 314},
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            **{
                "socket": 198,
                "ptrace": 117,
                "keyctl": 219,
                "unshare": 97,
                "setns": 268,
                "bpf": 280,
                "io_uring_setup": 425,
            },
            **{"clone": 220, "clone3": 435},
            **{"shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "memfd_create": 279, "memfd_secret": 447},
            **{"add_key": 217, "request_key": 218},
            **{"prlimit64": 261, "setpriority": 140, "sched_setaffinity": 122},
            **{"sched_setscheduler": 119, "sched_setparam": 118, "sched_setattr": 274},
        },
    ),
}
# Without sockets of any kind nothing gets out, not even through a socket file, which Landlock lets pass.
_WAYS_OUT = ("socket", "ptrace", "keyctl", "unshare", "setns", "bpf", "io_uring_setup")
# Memory that is in no process's own pages, so that nobody sees it fill up, and what would outlive the program.
_HIDDEN = ("shmget", "semget", "msgget", "mq_open", "memfd_create", "memfd_secret")
# The kernel keeps them for all that a grader starts, in a box of its own or not: a word left for the next submission.
_KEYS = ("add_key", "request_key", "keyctl")
# What Landlock lets a process do to others of the same user, the judge among them: a limit of one second ends it.
# Allowed where these arguments are 0, which is the caller itself.
_OF_OTHERS: Mapping[str, tuple[int, ...]] = {
    "setpriority": (0, 1),
    **dict.fromkeys(("prlimit64", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr"), (0,)),
}
_OTHER_TABLE = 0x40000000  # x86-64 has a second table of calls, from this number on
_NEW_NAMESPACES = 0x7E020000  # any of clone's flags for one
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE, _MISSING = 0x7FFF0000, 0x80000000, 0x00050000 | 1, 0x00050000 | 38  # 1: EPERM, 38: ENOSYS
_AT_MACHINE, _AT_NUMBER, _AT_ARGUMENTS, _SIZE = 4, 0, 16, 8

_libc = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """0 where the kernel has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def restrict(readable: Iterable[Path], listed: Iterable[Path], writable: Iterable[Path]) -> None:
    """From now on only these places, no network, no privileges. In `listed` no file can be read, only names be seen.

    Raises:
        OSError: the system does not let it be done: nothing may be run then.
    """
    machine = _this_machine()
    forbid_privileges()
    restrict_files(readable, listed, writable, network=_TCP)
    _filter_calls(machine, _WAYS_OUT, alone=True)


def forbid_boxes_within() -> None:
    """In a container: podman's own filter lets a program have namespaces, in which it would have every right.

    Raises:
        OSError: the system does not let it be done: nothing may be run then.
    """
    machine = _this_machine()
    forbid_privileges()
    _filter_calls(machine, [name for name in _WAYS_OUT if name != "socket"], alone=True)


def _this_machine() -> tuple[int, Mapping[str, int]]:
    name = os.uname().machine
    if name not in _MACHINES:
        raise OSError(f"no rules for {name}")
    return _MACHINES[name]


def forbid_hidden_memory() -> None:
    """From now on all memory of this process and of what it starts can be seen, at every level. Best effort."""
    _forbid(_HIDDEN)


def forbid_what_lasts() -> None:
    """From now on nothing can be left in the kernel, and nothing be done that only root may. Best effort, as above."""
    with suppress(OSError):
        forbid_privileges()
    _forbid(_KEYS)


def _forbid(calls: Iterable[str]) -> None:
    machine = _MACHINES.get(os.uname().machine)
    if machine is not None and _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        with suppress(OSError):
            _filter_calls(machine, calls)


def _check(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def forbid_privileges() -> None:
    """For a grader that runs as root: no capability is left, and none can be had again."""
    _check(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    for number in range(_CAPABILITIES):
        _libc.prctl(_FROM_BOUNDS, number, 0, 0, 0)  # refused to who has none anyway
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.capset(header, bytes(24)))


def restrict_files(
    readable: Iterable[Path], listed: Iterable[Path], writable: Iterable[Path], *, network: int = 0
) -> None:
    """From now on only these places, and signals only to what is started from here; `network`: rights refused.

    Raises:
        OSError: the kernel has no Landlock.
    """
    version = landlock_version()
    bits = next((bits for least, bits in _RIGHTS_BY_VERSION if version >= least), 0)
    handled = (1 << bits) - 1
    wanted = struct.pack("=QQQ", handled, network, _SCOPES)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = _check(_libc.syscall(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0))
    for places, rights in ((readable, _READ), (listed, _LIST), (writable, handled)):
        for place in places:
            _allow(rules, place, rights & handled)
    _check(_libc.syscall(_RESTRICT_SELF, rules, 0))
    os.close(rules)


def _allow(rules: int, place: Path, rights: int) -> None:
    if not place.exists():
        return
    opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights if place.is_dir() else rights & _ON_FILES, opened)
        _check(_libc.syscall(_ADD_RULE, rules, _BENEATH, rule, 0))
    finally:
        os.close(opened)


def _filter_calls(machine: tuple[int, Mapping[str, int]], forbidden: Iterable[str], *, alone: bool = False) -> None:
    """A program for the kernel: (code, steps if true, steps if false, value) each. `alone`: nothing of others."""
    kind, numbers = machine
    lines = [
        (_LOAD, 0, 0, _AT_MACHINE),
        (_EQUAL, 1, 0, kind),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_RETURN, 0, 0, _REFUSE),
        *(line for name in forbidden for line in ((_EQUAL, 0, 1, numbers[name]), (_RETURN, 0, 0, _REFUSE))),
        *((*_not_to_others(numbers), *_without_namespaces(numbers)) if alone else ()),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    described = struct.pack("@HP", len(lines), ctypes.addressof(program))
    _check(_libc.prctl(_SECCOMP, _FILTER, described, 0, 0))


def _not_to_others(numbers: Mapping[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """What is loaded after the number of such a call is 0, which is the number of no call that is forbidden."""
    for name, arguments in _OF_OTHERS.items():
        yield (_EQUAL, 0, 3 * len(arguments), numbers[name])
        for argument in arguments:
            yield from ((_LOAD, 0, 0, _AT_ARGUMENTS + argument * _SIZE), (_EQUAL, 1, 0, 0), (_RETURN, 0, 0, _REFUSE))


def _without_namespaces(numbers: Mapping[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """The newer call has its flags where no filter can look: without it, C libraries take the older one."""
    yield from ((_EQUAL, 0, 1, numbers["clone3"]), (_RETURN, 0, 0, _MISSING))
    yield from ((_EQUAL, 0, 3, numbers["clone"]), (_LOAD, 0, 0, _AT_ARGUMENTS))
    yield from ((_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, _REFUSE))
