"""热的隔离级别 | The levels of isolation with a zygote's fork in place of a fresh process: the same promises.

What cannot be done warm is done by the level as it is: a command that is none of this package's modules, and whatever
comes after a zygote was lost. So a program that brings one down is tried once more, without one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.isolation.bubblewrap import NamespacesLevel
from pytest_mmedu.submission.isolation.landlock import LandlockLevel
from pytest_mmedu.submission.isolation.standing import standing_box
from pytest_mmedu.submission.limits import Ended, Limits
from pytest_mmedu.submission.output import Output
from pytest_mmedu.submission.process import Confinement, ProcessLevel, python
from pytest_mmedu.submission.tree import Tree
from pytest_mmedu.submission.warm.request import Broken, Refused
from pytest_mmedu.submission.warm.serving import UNFIT
from pytest_mmedu.submission.warm.zygotes import Zygote, Zygotes
from pytest_mmedu.submission.watching import Looks, watch

_START = python("")[:-1]  # what every command of this package begins with


@dataclass(frozen=True)
class WarmLevel:
    """`cold` is the level as it is."""

    cold: Confinement
    zygotes: Zygotes

    @property
    def level(self) -> str:
        return self.cold.level

    @property
    def counts_own_processes(self) -> bool:
        return self.cold.counts_own_processes

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Run as the level itself does."""
        words = list(command)
        if words[: len(_START)] == _START:
            module, *arguments = words[len(_START) :]
            asked = {"module": module, "arguments": arguments, "heavy": heavy}
            surroundings = {"environment": area.environment(), "folder": str(area.work)}
            ended = self._run({**asked, **surroundings}, area, limits, started, self.zygotes.of(heavy))
            if ended is not None:
                return ended
        return self.cold.run(command, area, limits, started=started)

    def _run(self, asked: Mapping[str, Any], area: Area, limits: Limits, started: Path, zygote: Zygote) -> Ended | None:
        """None where nothing was run."""
        hear, say = os.pipe()
        output = Output(os.fdopen(hear, "rb"), limits.output_bytes, limits.shown_bytes)
        tree: Tree | None = None
        try:
            with os.fdopen(say, "wb") as pipe, _surroundings(self.cold, area) as box:
                handles = [pipe.fileno(), *box.handles]
                with zygote.fork({**asked, **box.asked}, handles, limits.start_seconds) as program:
                    pipe.close()
                    before = zygote.group.hold(limits.memory_mb)
                    tree = Tree(program.pid, area.token, box.pids, around=zygote.pid)
                    how, seconds = watch(program.ended, Looks(tree, area, limits), output, started)
                    how = zygote.group.told(how, before)
        except (Refused, OSError):
            if tree is not None:
                raise
            return None  # there is no box, or nobody to go into it
        except Broken:
            zygote.kill()
            if tree is None:
                return None
            tree.end()
            return Ended("not started", None, "", 0.0)
        finally:
            output.close()
        if program.code == UNFIT and how == "not started":
            zygote.kill()
        return Ended(how, program.code if how == "exited" else None, output.text(), seconds)


@dataclass(frozen=True)
class _Box:
    """What a level adds: words and handles for the zygote, processes beside the program."""

    asked: Mapping[str, Any]
    handles: Sequence[int] = ()
    pids: Sequence[int] = ()


@contextmanager
def _surroundings(level: Confinement, area: Area) -> Iterator[_Box]:
    if isinstance(level, NamespacesLevel):
        with standing_box(level, area) as box:
            yield _Box({"rules": None, "box": box.spaces}, [box.first], [box.pid])
    elif isinstance(level, LandlockLevel):
        yield _Box({"rules": json.loads(level.rules(area)), "box": None})
    elif isinstance(level, ProcessLevel):
        yield _Box({"rules": None, "box": None})
    else:
        raise OSError(f"no process enters {level.level} from outside")
