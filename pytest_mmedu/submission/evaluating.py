"""重新评估 | The judge's own look at the pictures with a stranger's weights: what is right, no log needs to say.

A process of its own does it, boxed like a student's program but without any code of his: it gets the weights, the
pictures of one split under numbers, and no label. Done once for the same weights, pictures and software.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.cache import RunCache, key_of, sha256_of
from pytest_mmedu.checkpoint import Checkpoint, read_checkpoint
from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.strict_json import parse, plain_bytes
from pytest_mmedu.submission.area import Area, fresh_area, written_here
from pytest_mmedu.submission.isolation.places import site_folders
from pytest_mmedu.submission.limits import of_each_process
from pytest_mmedu.submission.process import Confinement, Ended, Limits, python
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

FORMAT = 1  # of what is kept in the cache
MOST_PICTURES = 5000
SECONDS = 120.0
MEMORY_MB = 2048
_CHILD = "pytest_mmedu.submission._evaluate"
_ANSWER = "evaluation.json"
_LARGEST = 2_000_000  # bytes of an answer
_LARGEST_WRITE = 16 << 20  # bytes
_TOP = 5
_NO_LABEL = -1

Rows = list[list[int]]


class _NoAnswer(Exception):
    """Leaves the cache without an entry."""

    def __init__(self, ended: Ended) -> None:
        super().__init__()
        self.ended = ended


@dataclass(frozen=True)
class Evaluator:
    """`confinement` gives the box; it is asked only where something has to be computed."""

    images: ImageFolder
    cache: RunCache
    confinement: Callable[[], Confinement]

    def __call__(
        self,
        weights: Path,
        *,
        networks: Sequence[str],
        image_size: int | None,
        split: str,
        pictures: Sequence[Path] = (),
    ) -> Recomputed | NotEvaluated:
        """As `checks.evaluated.Evaluate`.

        Raises:
            CheckpointError: the file is none, or holds the weights of none of these networks.
            CacheError, OutputError: the cache, or the place for temporary files, cannot be used.
        """
        looked_at = [(sha256_of(path), path, _NO_LABEL) for path in pictures] or self.pictures(split)
        if not looked_at:
            return NotEvaluated(Text(f"{split} 里没有图片", f"there are no pictures in {split}"), _NAME_A_SPLIT)
        facts = read_checkpoint(weights)
        classes = max(len(self.images.classes), facts.head_size or 0)
        task = _Task(facts, tuple(networks), image_size, classes, tuple(looked_at))
        try:
            folder, _ = self.cache.get_or_make(task.key(), lambda out: task.make(out, self.confinement()))
        except _NoAnswer as failed:
            return _why(failed.ended)
        network, rows = task.read(folder / _ANSWER) or (None, [])
        if network is None:
            raise _fits_none(facts.path, networks)
        return Recomputed(network, task.classes, tuple(label for _, _, label in looked_at), tuple(map(tuple, rows)))

    def pictures(self, split: str) -> list[tuple[str, Path, int]]:
        """Checksum, file and label, in the order of the checksums: places in the list say nothing about labels."""
        samples = self.images.splits.get(split, ())
        found = ((sha256_of(sample.path), sample.path, sample.label) for sample in samples)
        return sorted(found, key=lambda one: (one[0], one[2]))[:MOST_PICTURES]


@dataclass(frozen=True)
class _Task:
    weights: Checkpoint
    networks: tuple[str, ...]
    image_size: int | None
    classes: int
    pictures: tuple[tuple[str, Path, int], ...]

    def key(self) -> str:
        """The weights alone count: what else stands in the file is neither here nor there."""
        from pytest_mmedu.train.versions import versions

        digests = [digest for digest, _, _ in self.pictures]
        asked = (self.networks, self.image_size, self.classes)
        return key_of("evaluation", FORMAT, self.weights.fingerprint, asked, digests, versions(), sys.platform)

    def make(self, out: Path, box: Confinement) -> None:
        """Let the child look and put its answer into `out`; once more where the box itself did not start."""
        with written_here():
            ended = self._try(out, box)
            if ended is not None and ended.how == "not started":
                ended = self._try(out, box)
        if ended is not None:
            raise _NoAnswer(ended)

    def _try(self, out: Path, box: Confinement) -> Ended | None:
        """None where there is an answer."""
        with fresh_area() as area:
            (area.talk / "job.json").write_text(json.dumps(self._laid_out(area, box)), "utf-8")
            command = python(_CHILD, str(area.talk))
            ended = box.run(command, area, Limits(SECONDS, MEMORY_MB), started=area.talk / "started", heavy=True)
            answer = area.talk / "answer.json"
            if ended.how != "exited" or ended.code != 0 or self.read(answer) is None:
                return ended
            shutil.copyfile(answer, out / _ANSWER, follow_symlinks=False)
        return None

    def _laid_out(self, area: Area, box: Confinement) -> dict[str, Any]:
        """Copies that cannot be mistaken for the originals: numbers in place of names, and no right to write."""
        own = box.counts_own_processes
        copied = area.work / "weights.pth"
        _copy(self.weights.path, copied)
        if sha256_of(copied) != self.weights.sha256:
            raise _changed(self.weights.path)
        places = []
        for number, (_, path, _) in enumerate(self.pictures):
            place = area.work / f"{number:05}{path.suffix.lower()}"
            _copy(path, place)
            places.append(str(place))
        return {
            "weights": str(copied),
            "networks": self.networks,
            "image_size": self.image_size,
            "classes": self.classes,
            "pictures": places,
            "limits": of_each_process(SECONDS, MEMORY_MB, largest_file=_LARGEST_WRITE, counts_own=own),
            "site_folders": site_folders(),
        }

    def read(self, path: Path) -> tuple[str | None, Rows] | None:
        """The answer, None where it is not one: the weights may have taken over the process that looked at them."""
        answer = _json(path)
        if not isinstance(answer, dict) or set(answer) != {"network", "ranked"}:
            return None
        network, rows = answer["network"], answer["ranked"]
        if network is None:
            return None, []
        whole = isinstance(rows, list) and len(rows) == len(self.pictures) and all(map(self._is_ranking, rows))
        return (network, rows) if network in self.networks and whole else None

    def _is_ranking(self, row: Any) -> bool:
        if not isinstance(row, list) or len(row) > _TOP:
            return False
        return all(type(one) is int and 0 <= one < self.classes for one in row) and len(set(row)) == len(row)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)
    target.chmod(0o444)


def _json(path: Path) -> Any:
    """None where it is none, or more than an answer can have."""
    try:
        data = plain_bytes(path, _LARGEST + 1)
        return parse(data) if len(data) <= _LARGEST else None
    except (OSError, ValueError):
        return None


def _why(ended: Ended) -> NotEvaluated:
    if ended.how == "not started":
        seen = Text("重新评估的进程没能启动", "the process that evaluates the weights did not start")
        return NotEvaluated(seen, _DOCTOR)
    if ended.how == "time":
        seen = Text(f"重新评估超过 {SECONDS:g} 秒", f"evaluating the weights took longer than {SECONDS:g} s")
        return NotEvaluated(seen, _SMALLER)
    seen = Text("重新评估没有完成", "evaluating the weights did not come to its end")
    return NotEvaluated(seen, _SMALLER)


def _fits_none(path: Path, networks: Sequence[str]) -> CheckpointError:
    name, shown = printable(path.name, 80), listing(networks)
    seen = Text(f"{name} 不是 {shown.zh} 的权重。", f"{name} does not hold weights of {shown.en}.")
    return CheckpointError(seen, Text("请核对 backbone。", "Check backbone."), place=name)


def _changed(path: Path) -> CheckpointError:
    name = printable(path.name, 80)
    seen = Text(f"批改过程中 {name} 被改动了。", f"{name} was changed while it was being graded.")
    return CheckpointError(seen, Text("请再批改一次。", "Grade again."), place=name)


_NAME_A_SPLIT = Text(
    "请老师换一个有图片的 split。", "The teacher should name a split of the data set that has pictures."
)
_DOCTOR = Text("请运行 pytest-mmedu doctor，看缺什么。", "Run pytest-mmedu doctor: it says what is missing.")
_SMALLER = Text(
    "请再批改一次；还是这样，就请老师看一看。", "Grade again; if it stays so, ask your teacher to look at it."
)
