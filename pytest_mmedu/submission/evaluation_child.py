"""做重新评估的进程 | The process that looks at the pictures: what it is given, and what of its answer is kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from pytest_mmedu.cache import sha256_of
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.submission.area import Area, fresh_area, written_here
from pytest_mmedu.submission.evaluating import ANSWER, MEMORY_MB, SECONDS, NoAnswer, Task
from pytest_mmedu.submission.isolation.places import site_folders
from pytest_mmedu.submission.limits import Ended, Limits, of_each_process
from pytest_mmedu.submission.process import Confinement, python
from pytest_mmedu.text import Text, printable

_CHILD = "pytest_mmedu.submission._evaluate"
_LARGEST_WRITE = 16 << 20  # bytes


def ask(task: Task, box: Confinement, out: Path) -> None:
    """Let the child look and put its answer into `out`; once more where the box itself did not start."""
    with written_here():
        ended = _try(task, box, out)
        if ended is not None and ended.how == "not started":
            ended = _try(task, box, out)
    if ended is not None:
        raise NoAnswer(ended)


def _try(task: Task, box: Confinement, out: Path) -> Ended | None:
    """None where there is an answer."""
    with fresh_area() as area:
        (area.talk / "job.json").write_text(json.dumps(_laid_out(task, area, box)), "utf-8")
        command = python(_CHILD, str(area.talk))
        ended = box.run(command, area, Limits(SECONDS, MEMORY_MB), started=area.talk / "started", heavy=True)
        answer = area.talk / "answer.json"
        if ended.how != "exited" or ended.code != 0 or task.read(answer) is None:
            return ended
        shutil.copyfile(answer, out / ANSWER, follow_symlinks=False)
    return None


def _laid_out(task: Task, area: Area, box: Confinement) -> dict[str, Any]:
    """Copies that cannot be mistaken for the originals: numbers in place of names, and no right to write."""
    own = box.counts_own_processes
    copied = area.work / "weights.pth"
    _copy(task.weights.path, copied)
    if sha256_of(copied) != task.weights.sha256:
        raise _changed(task.weights.path)
    places = []
    for number, (_, path, _) in enumerate(task.pictures):
        place = area.work / f"{number:05}{path.suffix.lower()}"
        _copy(path, place)
        places.append(str(place))
    return {
        "weights": str(copied),
        "networks": task.networks,
        "image_size": task.image_size,
        "classes": task.classes,
        "pictures": places,
        "limits": of_each_process(SECONDS, MEMORY_MB, largest_file=_LARGEST_WRITE, counts_own=own),
        "site_folders": site_folders(),
    }


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o444)


def _changed(path: Path) -> CheckpointError:
    name = printable(path.name, 80)
    seen = Text(f"批改过程中 {name} 被改动了。", f"{name} was changed while it was being graded.")
    return CheckpointError(seen, Text("请再批改一次。", "Grade again."), place=name)
