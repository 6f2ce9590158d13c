"""几个进程一起训练 | A training in several processes: started, watched and ended by this one, which trains nothing.

They meet through a file and talk over the machine's own network: gloo on the CPU, nccl on GPUs, one card for each.
"""

from __future__ import annotations

import json
import queue
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu import errors
from pytest_mmedu.errors import MachineError, MMEduError, ParameterError, TrainingError
from pytest_mmedu.params import USUAL_PROCESSES, TrainParams
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text
from pytest_mmedu.train.ending import said_in_a_sentence
from pytest_mmedu.train.forking import Fork, can_fork
from pytest_mmedu.train.launching import Fresh, Process
from pytest_mmedu.train.stack import torch
from pytest_mmedu.train.stillness import Stillness
from pytest_mmedu.train.together import Team

if TYPE_CHECKING:
    from pytest_mmedu.train.trainer import Job

_OFTEN = 0.02  # seconds between two looks at the processes
_STILL = 20.0  # seconds in which nothing goes on: then nothing will any more
_LAST_WORDS = 2.0  # seconds that the others have after one has failed: they lose their connection to it


@dataclass(frozen=True)
class Part:
    """What one process is told. Its last words go into the file `word`."""

    job: Job
    team: Team
    word: Path


def processes_of(params: TrainParams) -> int:
    """How many train: one where nothing is distributed."""
    return (params.nproc or USUAL_PROCESSES) if params.distributed else 1


def train_in_processes(job: Job) -> None:
    """Carry the job out in `nproc` processes. Afterwards none of them is alive.

    Raises:
        ParameterError: fewer GPUs than processes.
        MachineError: they may not talk to one another, or one ended without a word.
        MMEduError: what any of them raised first.
    """
    size = processes_of(job.params)
    devices = _devices(job.params.device, size)
    _refuse_without_network()
    with temporary("together") as folder:
        teams = [Team(rank, size, device, folder / "meet") for rank, device in enumerate(devices)]
        parts = [Part(job, team, folder / f"{team.rank}.json") for team in teams]
        started: list[Process] = []
        try:
            forks = can_fork(job.params.device)
            for part in parts:
                started.append(_started(part, forks))
            _watch(started, parts)
        finally:
            for process in started:
                process.end()


def _started(part: Part, fork: bool) -> Process:
    try:
        return Fork(take_part, part) if fork else Fresh(part)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise MachineError(
            Text(
                f"启动不了第 {part.team.rank + 1} 个训练进程（{why}）。",
                f"Process {part.team.rank + 1} of the training does not start ({why}).",
            ),
            Text("请关掉一些程序，再训练一次。", "Close some programs and train again."),
        ) from error


def _devices(device: str, size: int) -> list[str]:
    if device == "cpu":
        return ["cpu"] * size
    if device != "cuda":
        raise ParameterError(
            Text(
                f"参数 device 是 {device!r}，用多个进程训练。", f"Parameter device is {device!r}, in several processes."
            ),
            Text("每个进程用一块显卡，写 'cuda' 即可。", "Each process takes a GPU of its own: write 'cuda'."),
            code=-301,
        )
    count = torch.cuda.device_count()
    if count < size:
        seen = Text(f"参数 nproc 是 {size}，这里有 {count} 块显卡。", f"Parameter nproc is {size}; GPUs here: {count}.")
        raise ParameterError(seen, Text("每个进程要一块显卡。", "Each process needs a GPU of its own."))
    return [f"cuda:{rank}" for rank in range(size)]


def _refuse_without_network() -> None:
    """A box that lets no connection be made, not even within the machine, is not the student's fault."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as ear, socket.create_connection(ear.getsockname(), 10):
            pass
    except OSError as error:
        raise MachineError(
            Text(
                "几个进程一起训练，要在本机上互相连接，这里不允许。",
                "Processes that train together connect to one another on this machine, which is not allowed here.",
            ),
            Text("批改请用隔离级别 namespaces 或 process。", "Grade at isolation level namespaces or process."),
        ) from error


def take_part(part: Part) -> int:
    """In one of the processes. 0 where all went well; else why not is in its last words."""
    from pytest_mmedu.train.trainer import carry_out

    try:
        with said_in_a_sentence(), part.team.joined():
            carry_out(part.job, part.team)
    except MMEduError as error:
        _say(part.word, error)
        return 1
    _say(part.word, None)
    return 0


def _say(word: Path, error: MMEduError | None) -> None:
    texts = {name: _text(getattr(error, name, None)) for name in ("seen", "todo", "allowed")}
    facts = {name: getattr(error, name, None) for name in ("code", "place")}
    kind = None if error is None else type(error).__name__
    part = word.with_suffix(".part")
    part.write_text(json.dumps({"at": time.monotonic(), "kind": kind, **texts, **facts}), "utf-8")
    part.replace(word)


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else text.to_json()


def _watch(started: Sequence[Process], parts: Sequence[Part]) -> None:
    printed: queue.Queue[bytes] = queue.Queue()
    ears = [threading.Thread(target=_listen, args=(process, printed), daemon=True) for process in started]
    for ear in ears:
        ear.start()
    latest = float("inf")
    still = Stillness([process.pid for process in started], [part.team.steps for part in parts if part.team.steps])
    while True:
        _print(printed, _OFTEN)
        if still.seconds() > _STILL:
            raise _stopped(len(parts))
        codes = [process.ended() for process in started]
        if any(code not in (None, 0) for code in codes):
            latest = min(latest, time.monotonic() + _LAST_WORDS)
        if None not in codes or time.monotonic() > latest:
            break
    for ear, code in zip(ears, codes, strict=True):
        if code is not None:
            ear.join(_LAST_WORDS)
    _print(printed)
    error = _first_error(codes, parts)
    if error is not None:
        raise error


def _listen(process: Process, printed: queue.Queue[bytes]) -> None:
    with suppress(OSError, ValueError):
        for line in process.printed:
            printed.put(line)


def _print(printed: queue.Queue[bytes], wait: float = 0.0) -> None:
    """What there is, and what comes before the first pause as long as `wait`."""
    with suppress(queue.Empty):
        while True:
            line = printed.get(timeout=wait) if wait else printed.get_nowait()
            if sys.stdout is not None:
                sys.stdout.write(line.decode("utf-8", "replace"))
                sys.stdout.flush()


def _first_error(codes: Sequence[int | None], parts: Sequence[Part]) -> MMEduError | None:
    """The cause. Who loses its connection to a process that failed fails as well, and later."""
    words = [_word(part.word) for part in parts]
    told = sorted((word for word in words if word and word["kind"]), key=lambda word: float(word["at"]))
    causes = [word for word in told if word["kind"] != TrainingError.__name__]
    if causes:
        return _error(causes[0])
    for rank, (word, code) in enumerate(zip(words, codes, strict=True)):
        if word is None and code is not None:
            return _without_a_word(rank, len(parts), code)
    return _error(told[0]) if told else None


def _word(path: Path) -> dict[str, Any] | None:
    with suppress(OSError, ValueError):
        word: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return word
    return None


def _error(word: dict[str, Any]) -> MMEduError:
    seen, todo, allowed = (word[name] and Text.from_json(word[name]) for name in ("seen", "todo", "allowed"))
    kind: type[MMEduError] = getattr(errors, word["kind"], TrainingError)
    return kind(seen, todo, allowed=allowed, code=word["code"], place=word["place"])


def _stopped(size: int) -> MachineError:
    return MachineError(
        Text(
            f"一起训练的 {size} 个进程都停住了，{_STILL:g} 秒没有前进一步。",
            f"The {size} processes that train together have come to a stop: no step for {_STILL:g} s.",
        ),
        Text(
            "再训练一次；若还是这样，请用 distributed=False。", "Train again; if it stops again, use distributed=False."
        ),
    )


def _without_a_word(rank: int, size: int, code: int) -> MachineError:
    zh, en = (f"信号 {-code}", f"signal {-code}") if code < 0 else (f"退出码 {code}", f"exit code {code}")
    return MachineError(
        Text(
            f"一起训练的 {size} 个进程中，第 {rank + 1} 个意外结束了（{zh}）。",
            f"Of the {size} processes that train together, number {rank + 1} ended unexpectedly ({en}).",
        ),
        Text("再训练一次；若还是这样，请检查内存。", "Train again; if it happens again, check the memory."),
    )
