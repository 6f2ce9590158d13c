"""数据集的事实 | Facts about the pictures of a data set, with the evidence: counts, balance, sizes, doubles."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from operator import sub
from pathlib import Path
from typing import Literal

from pytest_mmedu.dataset.contents import unreadable
from pytest_mmedu.dataset.folder import ImageFolder
from pytest_mmedu.dataset.pictures import LOOK_BYTES, damaged, look, size_of
from pytest_mmedu.text import Text


@dataclass(frozen=True, slots=True)
class Balance:
    """The smallest and the largest class of a split; `ratio` is largest / smallest, infinite with an empty class."""

    smallest: str
    fewest: int
    largest: str
    most: int

    @property
    def ratio(self) -> float:
        return self.most / self.fewest if self.fewest else float("inf")


@dataclass(frozen=True, slots=True)
class SamePicture:
    """One picture in two splits: "bytes" the same file; "looks" the same when both are shrunk, whatever the format."""

    how: Literal["bytes", "looks"]
    first: Path
    second: Path


def counts(images: ImageFolder) -> dict[str, dict[str, int]]:
    """Pictures per split and class."""
    found = {}
    for split, samples in images.splits.items():
        per_label = Counter(sample.label for sample in samples)
        found[split] = {name: per_label[label] for label, name in enumerate(images.classes)}
    return found


def balance(images: ImageFolder, split: str = "training_set") -> Balance:
    """How evenly the classes of a split are filled; the first in class order where several have the same count."""
    per_class = counts(images)[split]
    smallest = min(images.classes, key=per_class.__getitem__)
    largest = max(images.classes, key=per_class.__getitem__)
    return Balance(smallest, per_class[smallest], largest, per_class[largest])


def sizes(images: ImageFolder) -> dict[tuple[int, int], int]:
    """How many pictures there are of each width and height, the most frequent first; broken ones are left out."""
    found = (size_of(path) for _, path in _pictures(images))
    return dict(Counter(size for size in found if size is not None).most_common())


def unreadable_pictures(images: ImageFolder) -> tuple[tuple[Path, Text], ...]:
    """Every picture that cannot be decoded, and why. Opens them all."""
    return tuple(damaged(sample.path for samples in images.splits.values() for sample in samples))


def same_files(images: ImageFolder) -> tuple[SamePicture, ...]:
    """Files of two splits with the same bytes. Only files of one length are read."""
    by_size = defaultdict(list)
    for split, path in _pictures(images):
        try:
            by_size[path.stat().st_size].append((split, path))
        except OSError as error:
            raise unreadable(path, error) from error
    by_content: dict[bytes, list[tuple[str, Path]]] = defaultdict(list)
    for candidates in by_size.values():
        if len({split for split, _ in candidates}) > 1:
            for split, path in candidates:
                by_content[hashlib.sha256(path.read_bytes()).digest()].append((split, path))
    pairs = (pair for group in by_content.values() for pair in _across(group))
    return tuple(SamePicture("bytes", first, second) for first, second in pairs)


def same_looks(images: ImageFolder) -> tuple[SamePicture, ...]:
    """Pictures of two splits that look the same: equal files, but also one saved anew or in another size.

    Opens them all. What cannot be decoded is left out: `unreadable_pictures` names it.
    """
    looks = [(split, path, look(path)) for split, path in _pictures(images)]
    # Two looks that differ little have nearly the same sum, so sorted by it the partners stand close together.
    ordered = sorted((sum(shrunk), split, path, shrunk) for split, path, shrunk in looks if shrunk is not None)
    pairs = []
    for place, (total, split, path, shrunk) in enumerate(ordered):
        for near, other_split, other, other_shrunk in ordered[place + 1 :]:
            if near - total > _ALIKE * LOOK_BYTES:
                break
            if split != other_split and _alike(shrunk, other_shrunk):
                pairs.append(sorted((path, other)))
    return tuple(SamePicture("looks", first, second) for first, second in sorted(pairs))


# Mean difference of two shrunk pictures, of 255. Measured: saved anew as JPEG at most 2.1, in another size at most 4,
# two different pictures of digits10 at least 6.9.
_ALIKE = 4.5


def _alike(one: bytes, other: bytes) -> bool:
    """The first quarter is compared alone first: it rules most pairs out."""
    quarter = LOOK_BYTES // 4
    allowed = _ALIKE * LOOK_BYTES
    return _difference(one[:quarter], other[:quarter]) <= allowed and _difference(one, other) <= allowed


def _difference(one: bytes, other: bytes) -> int:
    return sum(map(abs, map(sub, one, other)))


def _pictures(images: ImageFolder) -> Iterator[tuple[str, Path]]:
    return ((split, sample.path) for split, samples in images.splits.items() for sample in samples)


def _across(group: Iterable[tuple[str, Path]]) -> Iterator[tuple[Path, Path]]:
    """The pairs of a group whose two pictures are in different splits."""
    for (one, first), (other, second) in combinations(group, 2):
        if one != other:
            yield first, second
