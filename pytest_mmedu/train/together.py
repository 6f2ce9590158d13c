"""一起训练 | One process among several that train together: its share of the pictures, and what is averaged.

A step divides its pictures among the processes, and each counts by how many it had: the gradient is the one that a
single process would have of the whole batch. torch's own wrapper (DistributedDataParallel) is not used: it imports a
compiler for 2.4 s, and the one of mmcv 1.x does not fit today's torch.
"""

from __future__ import annotations

import datetime
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_mmedu.train.runner import predictions
from pytest_mmedu.train.stack import EvalHook, Hook, allreduce_grads, torch

_LOOPBACK = {"linux": "lo", "darwin": "lo0"}  # on Windows gloo finds it by itself
_LONGEST_WAIT = datetime.timedelta(
    minutes=5
)  # where nobody sees that they have stopped (`stillness`); a dead one is seen at once


@dataclass(frozen=True)
class Team:
    """Which of the processes this is. `meet` is the file through which they find one another; alone there is none."""

    rank: int = 0
    size: int = 1
    device: str = "cpu"
    meet: Path | None = None

    @property
    def first(self) -> bool:
        """This one writes log and weights."""
        return self.rank == 0

    @property
    def steps(self) -> Path | None:
        """The file that is touched when this one begins a step: whoever watches sees that it goes on."""
        return None if self.meet is None else self.meet.with_name(f"{self.rank}.steps")

    def begin_step(self) -> None:
        if self.steps is not None:
            with suppress(OSError):
                self.steps.touch()

    @property
    def backend(self) -> str:
        return "gloo" if self.device == "cpu" else "nccl"

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Within, mmcv and mmcls know that there are several."""
        if self.meet is None:
            yield
            return
        if sys.platform in _LOOPBACK:
            os.environ["GLOO_SOCKET_IFNAME"] = _LOOPBACK[sys.platform]  # nobody outside is to be listened to
        torch.distributed.init_process_group(
            self.backend,
            store=torch.distributed.FileStore(str(self.meet), self.size),  # type: ignore[attr-defined]
            rank=self.rank,
            world_size=self.size,
            timeout=_LONGEST_WAIT,
        )
        yield
        torch.distributed.destroy_process_group()  # after an error it may wait for those that are gone


ALONE = Team()


class SharedBatches:
    """The pictures of each step that are this process's: every picture once in an epoch, for all together.

    `weight` belongs to the batch that was given last. A step with fewer pictures than processes gives those that are
    left without one a picture that counts nothing.
    """

    def __init__(self, count: int, batch: int, team: Team, *, seed: int, least: int = 0) -> None:
        self.weight, self.epoch = 1.0, 0
        self._count, self._whole, self._team, self._seed = count, batch * team.size, team, seed
        rest = count % self._whole
        # Without a last step that has fewer than `least` pictures for some process.
        self._steps = count // self._whole + bool(rest and (rest // team.size >= least or count < self._whole))

    def __len__(self) -> int:
        return self._steps

    def __iter__(self) -> Iterator[list[int]]:
        shuffled = torch.Generator().manual_seed(self._seed + self.epoch)
        order = torch.randperm(self._count, generator=shuffled).tolist()
        for step in range(self._steps):
            pictures = order[step * self._whole : (step + 1) * self._whole]
            own = pictures[self._team.rank :: self._team.size]
            self.weight = len(own) * self._team.size / len(pictures)
            self._team.begin_step()
            yield own or pictures[:1]


class DividedPictures:
    """For the validation: every picture once, in order, this process's alone."""

    def __init__(self, count: int, batch: int, team: Team) -> None:
        self._own, self._batch, self._team = range(team.rank, count, team.size), batch, team

    def __len__(self) -> int:
        return math.ceil(len(self._own) / self._batch)

    def __iter__(self) -> Iterator[list[int]]:
        for start in range(0, len(self._own), self._batch):
            self._team.begin_step()
            yield [*self._own[start : start + self._batch]]


class TogetherHook(Hook):  # type: ignore[misc]
    """All processes have the same weights at the start and the same gradient in every step, whichever the optimizer."""

    def __init__(self, batches: SharedBatches) -> None:
        self._batches = batches

    def before_run(self, runner: Any) -> None:
        share(runner.model.state_dict().values())

    def before_train_epoch(self, runner: Any) -> None:
        self._batches.epoch = runner.epoch

    def after_train_iter(self, runner: Any) -> None:
        """Runs before the optimizer's hook, which calls `backward`."""
        runner.outputs["loss"] = _SharedLoss(runner.outputs["loss"] * self._batches.weight, runner.model)


class _SharedLoss:
    """A loss whose `backward` averages the gradient of all processes."""

    def __init__(self, loss: Any, model: Any) -> None:
        self._loss, self._model = loss, model

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loss, name)

    def __truediv__(self, parts: Any) -> _SharedLoss:
        return _SharedLoss(self._loss / parts, self._model)

    def backward(self) -> None:
        self._loss.backward()
        allreduce_grads([*self._model.parameters()], coalesce=True)


class HelpingEvalHook(EvalHook):  # type: ignore[misc]
    """The validation in the processes that write nothing."""

    def _save_ckpt(self, runner: Any, key_score: Any) -> None:
        """The first process does."""


def share(tensors: Iterable[Any]) -> None:
    """What the first process has, to all."""
    for tensor in tensors:
        torch.distributed.broadcast(tensor, 0)


def collected(model: Any, loader: Any, *, classes: int, team: Team) -> list[Any]:
    """`predictions` of all pictures, each seen by one of the processes, all of which have the first one's network."""
    share(model.buffers())
    return gathered(predictions(model, loader), len(loader.dataset), classes, team)


def gathered(scores: Sequence[Any], count: int, classes: int, team: Team) -> list[Any]:
    """The class scores of all `count` pictures in their order, from those of each process's own."""
    own = torch.zeros((-(-count // team.size), classes), device=team.device)
    for row, score in enumerate(scores):
        own[row] = torch.as_tensor(score)
    parts = [torch.empty_like(own) for _ in range(team.size)]
    torch.distributed.all_gather(parts, own)
    return [parts[picture % team.size][picture // team.size].cpu().numpy() for picture in range(count)]
