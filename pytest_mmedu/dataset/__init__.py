"""图片数据集 | Image folders as MMEdu wants them, and the small ones that come with the kit."""

from __future__ import annotations

from pytest_mmedu.dataset.contents import fingerprint
from pytest_mmedu.dataset.finding import Finding
from pytest_mmedu.dataset.folder import ImageFolder, Sample, read_dataset
from pytest_mmedu.dataset.shipped import DataCard, data_card, find_dataset, shipped_dataset, shipped_datasets

__all__ = [
    "DataCard",
    "Finding",
    "ImageFolder",
    "Sample",
    "data_card",
    "find_dataset",
    "fingerprint",
    "read_dataset",
    "shipped_dataset",
    "shipped_datasets",
]
