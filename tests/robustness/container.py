"""Becomes the command that follows, with calls of the system refused as a container's filter, or an old kernel, does.

python container.py namespaces,landlock -- command …
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys

_EPERM, _ENOSYS, _EOPNOTSUPP = 1, 38, 95
_NEW_NAMESPACES = 0x7E020000
_X86, _ARM = "x86_64", "aarch64"
# What Docker's own filter refuses to who has no privileges: (number by processor, error)
_CALLS = {
    "namespaces": [
        ({_X86: 272, _ARM: 97}, _EPERM),  # unshare
        ({_X86: 308, _ARM: 268}, _EPERM),  # setns
        ({_X86: 165, _ARM: 40}, _EPERM),  # mount
        ({_X86: 435, _ARM: 435}, _ENOSYS),  # clone3
    ],
    "landlock": [({_X86: 444, _ARM: 444}, _EOPNOTSUPP)],  # landlock_create_ruleset, as where it is switched off
}
_CLONE = {_X86: 56, _ARM: 220}
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000


def forbid(*kinds: str) -> None:
    """From now on, for this process and all that it starts."""
    machine = platform.machine()
    lines = [(_LOAD, 0, 0, 0)]
    for numbers, error in (call for kind in kinds for call in _CALLS[kind]):
        lines += [(_EQUAL, 0, 1, numbers[machine]), (_RETURN, 0, 0, _REFUSE | error)]
    if "namespaces" in kinds:
        lines += [(_EQUAL, 0, 3, _CLONE[machine]), (_LOAD, 0, 0, 16)]
        lines += [(_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    libc = ctypes.CDLL(None, use_errno=True)
    described = struct.pack("@HP", len(lines), ctypes.addressof(program))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, described, 0, 0):
        sys.exit(f"no filter: {os.strerror(ctypes.get_errno())}")


if __name__ == "__main__":
    forbid(*sys.argv[1].split(","))
    os.execvp(sys.argv[3], sys.argv[3:])
