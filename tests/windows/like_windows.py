"""A Windows, as far as Linux can play it, for all processes of an environment: a .pth file calls `play(folder)`.

pytest_mmedu, and nothing else, meets a `sys`, `os`, `signal`, `socket` and `subprocess` without what Windows lacks.
Below `folder` names and open files are treated as there: nothing that a process holds can be removed or renamed. What
is refused is written into `folder/FAULTS` as well, because a program may pass over an error.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import os
import re
import signal
import socket
import subprocess
import sys
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

FAULTS = "faults.txt"
_POSIX = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
_LACKING = {
    "os": "fork forkpty killpg setsid setpgid getpgid setuid setgid getuid geteuid getgid getegid getgroups waitpid "
    "wait3 wait4 WNOHANG WIFEXITED WEXITSTATUS WIFSIGNALED WTERMSIG mkfifo mknod chown lchown fchown fchmod chroot "
    "uname statvfs fstatvfs sysconf getloadavg nice sync sched_getaffinity sched_setaffinity register_at_fork "
    "pidfd_open memfd_create getxattr setxattr listxattr pipe2 posix_spawn setpriority O_NOFOLLOW O_NONBLOCK "
    "O_DIRECTORY O_CLOEXEC",
    "signal": "SIGKILL SIGALRM SIGHUP SIGUSR1 SIGUSR2 SIGCHLD SIGSTOP SIGCONT SIGQUIT SIGPIPE alarm setitimer pause "
    "pthread_sigmask pthread_kill sigwait siginterrupt",
    "socket": "AF_UNIX SCM_RIGHTS SOCK_SEQPACKET recv_fds send_fds",
}
_RESERVED = r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?"
_FORBIDDEN = re.compile(r'.*[<>:"|?*\x00-\x1f].*|.*[ .]|' + _RESERVED, re.IGNORECASE | re.DOTALL)
_LONGEST, _USUAL = 260, len(r"C:\Users\Administrator\AppData\Local\Temp")
_BUSY = "The process cannot access the file because it is being used by another process"


class _There(types.ModuleType):
    """A module as it is on Windows."""

    def __init__(self, here: types.ModuleType, **there: Any) -> None:
        super().__init__(here.__name__)
        self.__dict__.update(_here=here, _lacking={*_LACKING.get(here.__name__, "").split()}, **there)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__["_lacking"]:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} on Windows")
        return getattr(self.__dict__["_here"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.__dict__["_here"], name, value)


class _Popen(subprocess.Popen[Any]):
    def __init__(self, *args: Any, **options: Any) -> None:
        options.pop("creationflags", None)  # known there alone
        refused = {"pass_fds", "preexec_fn", "process_group", "start_new_session", "user", "group", "umask"}
        used = [name for name in refused & options.keys() if options[name]]
        assert not used, f"not supported on Windows: {used}"
        super().__init__(*args, **options)


_run = types.FunctionType(subprocess.run.__code__, {**vars(subprocess), "Popen": _Popen})
_run.__kwdefaults__ = subprocess.run.__kwdefaults__


def _no_link(*_: Any, **__: Any) -> None:
    raise OSError(1314, "A required privilege is not held by the client")


_THERE: Mapping[str, types.ModuleType] = {
    "sys": _There(sys, platform="win32"),
    "os": _There(os, symlink=_no_link),
    "signal": _There(signal),
    "socket": _There(socket),
    "subprocess": _There(subprocess, Popen=_Popen, run=_run, CREATE_NEW_PROCESS_GROUP=512),
}


def _import(name: str, names: Any = None, local: Any = None, wanted: Any = (), level: int = 0) -> Any:
    if level == 0 and name.partition(".")[0] in _POSIX:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    if level == 0 and name in _THERE:
        return _THERE[name]
    return builtins.__import__(name, names, local, wanted, level)


class _Loader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module: types.ModuleType) -> None:
        module.__dict__["__builtins__"] = {**vars(builtins), "__import__": _import}
        super().exec_module(module)


class _Finder:
    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] != "pytest_mmedu":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def play(folder: str) -> None:
    sys.meta_path.insert(0, _Finder)  # type: ignore[arg-type]
    sys.addaudithook(_watcher(folder))


def _watcher(folder: str) -> Callable[[str, tuple[Any, ...]], None]:
    looking = False

    def look(event: str, args: tuple[Any, ...]) -> None:
        nonlocal looking
        if looking or event not in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
            return
        looking = True
        try:
            for error in _faults(event, args, folder):
                with open(f"{folder}/{FAULTS}", "a", encoding="utf-8") as file:  # noqa: PTH123
                    file.write(f"{event} {error}\n{''.join(traceback.format_stack(limit=12)[:-1])}\n")
                raise error
        finally:
            looking = False

    return look


def _faults(event: str, args: tuple[Any, ...], folder: str) -> Iterator[OSError]:
    start = args[-1] if event != "open" and args[-1] > 0 else None  # the descriptor of the folder to start from
    paths = [_path(one, start) for one in args[: 2 if event == "os.rename" else 1] if isinstance(one, (str, bytes))]
    if not paths or not paths[-1].startswith(folder + os.sep):
        return
    new = paths[-1][len(folder) + 1 :]
    if event in ("os.mkdir", "os.rename") or (event == "open" and {*str(args[1])} & {*"wax+"}):
        if any(_FORBIDDEN.fullmatch(part) for part in new.split(os.sep)):  # noqa: PTH206
            yield OSError(22, "Invalid argument", new)
        if len(new) + _USUAL >= _LONGEST:
            yield FileNotFoundError(2, "No such file or directory", new)
    if event in ("os.rename", "os.remove", "os.rmdir"):
        for path in filter(os.path.lexists, paths):
            by = next(_holders(os.path.realpath(path)), None)
            if by is not None:
                yield PermissionError(13, f"{_BUSY}: {by}", path)


def _path(one: str | bytes, start: int | None) -> str:
    base = os.getcwd() if start is None else os.readlink(f"/proc/self/fd/{start}")  # noqa: PTH109, PTH115
    return os.path.normpath(os.path.join(base, os.fsdecode(one)))  # noqa: PTH118


def _holders(path: str) -> Iterator[str]:
    """Processes that work in it, or have it open or something in it; Python itself looks through what it removes."""
    for pid in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208
        with suppress(OSError):  # it has just ended, or is another user's
            own = int(pid) == os.getpid()
            opened = [_link(f"/proc/{pid}/fd/{number}") for number in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208
            for held in (_link(f"/proc/{pid}/cwd"), *(one for one in opened if not (own and os.path.isdir(one)))):  # noqa: PTH112
                if held == path or held.startswith(path + os.sep):
                    yield f"{pid} {held}"


def _link(place: str) -> str:
    try:
        return os.readlink(place)  # noqa: PTH115
    except OSError:
        return ""
