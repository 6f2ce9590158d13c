"""内核规则 | Landlock and seccomp for the process that calls it, and for all that it will start. Linux only.

What is not allowed here stays forbidden: there is no way back for the process. The numbers are those of the kernel's
<linux/landlock.h>, <linux/seccomp.h>, <linux/filter.h> and <asm/unistd.h>.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every kind of processor
_VERSION, _BENEATH = 1, 1
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
# The rights on files that each version of Landlock knows, as the number of bits from the lowest.
_RIGHTS_BY_VERSION = ((5, 16), (3, 15), (2, 14), (1, 13))
_READ = 1 | 1 << 2 | 1 << 3  # execute, read a file, list a folder
_ON_FILES = 1 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15  # the rights that a file, as opposed to a folder, can have
_TCP, _SCOPES = 3, 3  # bind and connect; abstract sockets and signals

# Without sockets of any kind nothing gets out, not even through a socket file, which Landlock lets pass.
_FORBIDDEN: Mapping[str, tuple[int, Mapping[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {"socket": 41, "ptrace": 101, "keyctl": 250, "unshare": 272, "setns": 308, "bpf": 321, "io_uring_setup": 425},
    ),
    "aarch64": (
        0xC00000B7,
        {"socket": 198, "ptrace": 117, "keyctl": 219, "unshare": 97, "setns": 268, "bpf": 280, "io_uring_setup": 425},
    ),
}
_OTHER_TABLE = 0x40000000  # x86-64 has a second table of calls, from this number on
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # 1: EPERM

_libc = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """0 where the kernel has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def restrict(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    """From now on only these places, no network, no privileges.

    Raises:
        OSError: the system does not let it be done: nothing may be run then.
    """
    forbidden = _FORBIDDEN.get(platform.machine())
    if forbidden is None:
        raise OSError(f"no rules for {platform.machine()}")
    _check(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _give_up_privileges()
    _restrict_files(readable, writable)
    _restrict_calls(*forbidden)


def _check(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _give_up_privileges() -> None:
    """For a grader that runs as root: no capability is left, and none can be had again."""
    header = struct.pack("=Ii", 0x20080522, 0)
    _check(_libc.capset(header, bytes(24)))


def _restrict_files(readable: Iterable[Path], writable: Iterable[Path]) -> None:
    version = landlock_version()
    bits = next((bits for least, bits in _RIGHTS_BY_VERSION if version >= least), 0)
    handled = (1 << bits) - 1
    wanted = struct.pack("=QQQ", handled, _TCP, _SCOPES)[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = _check(_libc.syscall(_CREATE_RULESET, wanted, ctypes.c_size_t(len(wanted)), 0))
    for places, rights in ((readable, _READ), (writable, handled)):
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


def _restrict_calls(machine: int, forbidden: Mapping[str, int]) -> None:
    """A program for the kernel: (code, steps if true, steps if false, value) each."""
    numbers = sorted(forbidden.values())
    lines = [
        (_LOAD, 0, 0, 4),  # the kind of processor
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_AT_LEAST, len(numbers) + 1, 0, _OTHER_TABLE),
        *((_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    described = struct.pack("@HP", len(lines), ctypes.addressof(program))
    _check(_libc.prctl(_SECCOMP, _FILTER, described, 0, 0))
