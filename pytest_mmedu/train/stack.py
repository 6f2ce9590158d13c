"""训练软件 | torch, mmcv and mmcls, imported in one place, in the right order and with what they need around it.

Every module of this package that needs them takes them from here.
"""

from __future__ import annotations

from pytest_mmedu.errors import MissingPackageError
from pytest_mmedu.text import Text
from pytest_mmedu.train import compat, later

try:
    with (
        compat.warnings_kept_quiet(),
        compat.logs_kept_quiet(),
        compat.file_limit_kept(),
        compat.torchvision_stand_in(),
        later.matplotlib_later(),
        later.yapf_later(),
    ):
        import cv2
        import mmcls
        import mmcv
        import numpy as np
        import torch
        from mmcls.apis import set_random_seed
        from mmcls.core import EvalHook
        from mmcls.datasets import CustomDataset, build_dataloader
        from mmcls.models import build_classifier
        from mmcls.utils import wrap_non_distributed_model
        from mmcv.parallel import DataContainer, collate
        from mmcv.runner import EpochBasedRunner, Hook, allreduce_grads, build_optimizer, build_runner
        from mmcv.runner.builder import RUNNERS
        from mmcv.runner.checkpoint import get_state_dict, weights_to_cpu
        from mmcv.runner.optimizer import OPTIMIZERS
        from mmcv.utils import ConfigDict
        from mmcv.utils.logging import logger_initialized
except ModuleNotFoundError as missing:
    raise MissingPackageError(
        Text(
            f"没有安装训练所需的软件包 {missing.name}。",
            f"The package {missing.name}, needed for training, is not installed.",
        ),
        Text(
            "请运行 pytest-mmedu doctor：它列出缺什么、用什么命令安装。",
            "Run pytest-mmedu doctor: it lists what is missing and the commands that install it.",
        ),
    ) from missing

later.put_off_dynamo()

__all__ = [
    "OPTIMIZERS",
    "RUNNERS",
    "ConfigDict",
    "CustomDataset",
    "DataContainer",
    "EpochBasedRunner",
    "EvalHook",
    "Hook",
    "allreduce_grads",
    "build_classifier",
    "build_dataloader",
    "build_optimizer",
    "build_runner",
    "collate",
    "cv2",
    "get_state_dict",
    "logger_initialized",
    "mmcls",
    "mmcv",
    "np",
    "set_random_seed",
    "torch",
    "weights_to_cpu",
    "wrap_non_distributed_model",
]
