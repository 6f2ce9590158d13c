"""计算设备 | Which device a training can use on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pytest_mmedu.errors import MachineError
from pytest_mmedu.text import Text


def usable_device(wanted: str) -> str:
    """`cpu`, `cuda` or `cuda:N`; `auto` is a GPU where there is one. torch is imported only if there may be one.

    Raises:
        MachineError: a GPU was asked for and there is none.
    """
    if wanted == "cpu" or (wanted == "auto" and not may_have_gpu()):
        return "cpu"
    from pytest_mmedu.train.stack import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    index = int(wanted.partition(":")[2] or 0) if wanted != "auto" else 0
    if index < count:
        return "cuda" if wanted == "auto" else wanted
    if wanted == "auto":
        return "cpu"
    seen = Text(f"这台电脑没有 {wanted}。", f"This computer has no {wanted}.")
    raise MachineError(seen, Text("请用 --mmedu-device=cpu。", "Use --mmedu-device=cpu."))


def may_have_gpu() -> bool:
    """A driver's traces; asking torch itself takes more than a second."""
    windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
    return shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists() or windows.exists()
