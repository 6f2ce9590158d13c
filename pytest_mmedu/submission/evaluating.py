"""重新评估 | The judge's own look at the pictures with a stranger's weights: what is right, no log needs to say.

A process of its own does it, boxed like a student's program but without any code of his: it gets the weights, the
pictures of one split under numbers, and no label. Done once for the same weights, pictures and software.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_mmedu.cache import RunCache, key_of, sha256_of
from pytest_mmedu.checkpoint import Checkpoint, read_checkpoint
from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.strict_json import parse, plain_bytes
from pytest_mmedu.submission.limits import Ended
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.submission.process import Confinement

FORMAT = 2  # of what is kept in the cache
MOST_PICTURES = 5000
SECONDS = 120.0
MEMORY_MB = 2048
ANSWER = "evaluation.json"
_LARGEST = 2_000_000  # bytes of an answer
_TOP = 5
_NO_LABEL = -1

Rows = list[list[Any]]


class NoAnswer(Exception):
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
        task = Task(facts, tuple(networks), image_size, classes, tuple(looked_at))
        try:
            folder, _ = self.cache.get_or_make(task.key(), partial(self._ask, task))
        except NoAnswer as failed:
            return _why(failed.ended)
        network, ranked, likely = task.read(folder / ANSWER) or (None, [], [])
        if network is None:
            raise _fits_none(facts.path, networks)
        labels = tuple(label for _, _, label in looked_at)
        return Recomputed(network, task.classes, labels, tuple(map(tuple, ranked)), tuple(map(tuple, likely)))

    def _ask(self, task: Task, out: Path) -> None:
        from pytest_mmedu.submission.evaluation_child import ask

        ask(task, self.confinement(), out)

    def pictures(self, split: str) -> list[tuple[str, Path, int]]:
        """Checksum, file and label, in the order of the checksums: places in the list say nothing about labels."""
        samples = self.images.splits.get(split, ())
        found = ((sha256_of(sample.path), sample.path, sample.label) for sample in samples)
        return sorted(found, key=lambda one: (one[0], one[2]))[:MOST_PICTURES]


class Task(NamedTuple):
    """What is looked at, and by whom: `pictures` are checksum, file and label."""

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

    def read(self, path: Path) -> tuple[str | None, Rows, Rows] | None:
        """The answer, None where it is not one: the weights may have taken over the process that looked at them."""
        answer = _json(path)
        if not isinstance(answer, dict) or set(answer) != {"network", "ranked", "likely"}:
            return None
        network, ranked, likely = answer["network"], answer["ranked"], answer["likely"]
        if network is None:
            return None, [], []
        if network not in self.networks or not (self._for_each(ranked) and self._for_each(likely)):
            return None
        whole = all(map(self._is_ranking, ranked)) and all(map(_fits, likely, ranked))
        return (network, ranked, likely) if whole else None

    def _for_each(self, rows: Any) -> bool:
        return isinstance(rows, list) and len(rows) == len(self.pictures)

    def _is_ranking(self, row: Any) -> bool:
        if not isinstance(row, list) or len(row) > _TOP:
            return False
        return all(type(one) is int and 0 <= one < self.classes for one in row) and len(set(row)) == len(row)


def _fits(likely: Any, ranking: Sequence[int]) -> bool:
    """A probability for each class of the ranking."""
    numbers = isinstance(likely, list) and all(type(one) is float and 0 <= one <= 1 for one in likely)
    return numbers and len(likely) == len(ranking)


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


_NAME_A_SPLIT = Text(
    "请老师换一个有图片的 split。", "The teacher should name a split of the data set that has pictures."
)
_DOCTOR = Text("请运行 pytest-mmedu doctor，看缺什么。", "Run pytest-mmedu doctor: it says what is missing.")
_SMALLER = Text(
    "请再批改一次；还是这样，就请老师看一看。", "Grade again; if it stays so, ask your teacher to look at it."
)
