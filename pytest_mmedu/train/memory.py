"""图片只处理一次 | Data sets that decode each picture once and apply the fixed part of the pipeline once.

The random part runs anew for every picture and epoch and draws the same random numbers as without the cache,
so not one number of the log changes.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text
from pytest_mmedu.train.stack import CustomDataset, DataContainer, collate, np, torch

# Transforms of mmcls that give the same result each time and draw no random number. Everything else counts as random.
_FIXED = {
    "LoadImageFromFile", "Resize", "CenterCrop", "Pad", "Normalize",
    "ToPIL", "ToNumpy", "Transpose", "ImageToTensor", "ToTensor", "Collect",
}  # fmt: skip
_MMCLS = "mmcls.datasets.pipelines"


class ListedPictures(CustomDataset):  # type: ignore[misc]
    """mmcls's image folder with a given list of pictures.

    mmcls numbers the classes of each split by its own listing, so that a class folder missing in val_set shifts every
    later label. The image folder's numbers hold for all splits.
    """

    def __init__(self, samples: Sequence[tuple[Path, int]], **config: Any) -> None:
        self.samples = samples
        super().__init__(**config)

    def load_annotations(self) -> list[dict[str, Any]]:
        return [self._info(str(path), label) for path, label in self.samples]

    def _info(self, path: str, label: int) -> dict[str, Any]:
        return {
            "img_prefix": self.data_prefix,
            "img_info": {"filename": path.removeprefix(os.path.join(self.data_prefix, ""))},  # noqa: PTH118
            "gt_label": np.array(label, dtype=np.int64),
        }


class KeptPictures:
    """A data set for a DataLoader: one of mmcls with what its pipeline always does alike kept in memory.

    Everything else (classes, labels, evaluation) is the data set's own.
    """

    def __init__(self, dataset: Any, budget: int) -> None:
        self._dataset = dataset
        self._budget = budget
        steps = dataset.pipeline.transforms
        count = _fixed_steps(steps) if budget else 0
        self._fixed, self._random = steps[:count], steps[count:]
        self._kept: dict[int, dict[str, Any]] = {}
        self._whole = None if self._random else self._all_at_once()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dataset, name)

    def __len__(self) -> int:
        return len(self._dataset)

    def __getitem__(self, index: int) -> dict[str, Any]:
        sample = self._start(index)
        return _through(self._random, copy.deepcopy(sample)) if self._random else sample

    def __getitems__(self, indices: list[int]) -> Any:
        """A whole batch; torch asks for it from version 2.0 on and else for the pictures one by one."""
        return [self[index] for index in indices] if self._whole is None else self._whole.pick(indices)

    def _start(self, index: int) -> dict[str, Any]:
        """The picture after the fixed steps."""
        if index in self._kept:
            return self._kept[index]
        sample = _through(self._fixed, copy.deepcopy(self._dataset.data_infos[index]))
        size = _bytes(sample.get("img"))
        if self._fixed and size <= self._budget:
            self._budget -= size
            self._kept[index] = sample
        return sample

    def _all_at_once(self) -> _Whole | None:
        """All pictures as one tensor, where nothing is random, all have one size and memory suffices."""
        samples = []
        for index in range(len(self)):
            samples.append(self._start(index))
            if len(self._kept) <= index:
                return None
        if len({sample["img"].shape for sample in samples}) > 1:
            return None
        self._kept.clear()
        return _Whole(samples)


class _Whole:
    def __init__(self, samples: list[dict[str, Any]]) -> None:
        batch = collate(samples, samples_per_gpu=len(samples))
        self._tensors = {key: value for key, value in batch.items() if isinstance(value, torch.Tensor)}
        self._lists = {key: value.data[0] for key, value in batch.items() if isinstance(value, DataContainer)}

    def pick(self, indices: list[int]) -> _Batch:
        rows = torch.tensor(indices)
        picked = _Batch({key: tensor.index_select(0, rows) for key, tensor in self._tensors.items()})
        for key, items in self._lists.items():
            picked[key] = DataContainer([[items[index] for index in indices]], cpu_only=True)
        return picked


class _Batch(dict[str, Any]):
    """A batch that needs no collating any more."""


def collated(samples: Any, samples_per_gpu: int) -> Any:
    """mmcv's collate, for what is not a batch yet."""
    return dict(samples) if isinstance(samples, _Batch) else collate(samples, samples_per_gpu=samples_per_gpu)


def _through(steps: Sequence[Any], sample: Any) -> dict[str, Any]:
    for step in steps:
        try:
            sample = step(sample)
        except Exception as error:
            if type(step).__name__ != "LoadImageFromFile":
                raise
            raise _unreadable(Path(sample["img_prefix"] or "", sample["img_info"]["filename"])) from error
    whole: dict[str, Any] = sample
    return whole


def _fixed_steps(steps: Sequence[Any]) -> int:
    """How many of the first steps always do the same."""
    for count, step in enumerate(steps):
        kind = type(step)
        if kind.__name__ not in _FIXED or not kind.__module__.startswith(_MMCLS):
            return count
    return len(steps)


def _bytes(image: Any) -> int:
    if isinstance(image, torch.Tensor):
        return image.numel() * image.element_size()
    return int(getattr(image, "nbytes", 0))


def _unreadable(path: Path) -> DatasetError:
    return DatasetError(
        Text(f"图片 {path.name} 读不了，可能已损坏。", f"Picture {path.name} cannot be read; it may be damaged."),
        Text("请换一张图片，或把它删掉。", "Replace it or remove it."),
        code=-201,
        place=str(path),
    )
