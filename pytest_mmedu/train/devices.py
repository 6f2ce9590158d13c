"""计算设备 | Which device a training can use on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pytest_mmedu.errors import MachineError
from pytest_mmedu.text import Text

_TAKE_ANOTHER = Text(
    "请用 --mmedu-device=cpu，或用 auto：有显卡才用显卡。",
    "Use --mmedu-device=cpu, or auto, which takes a GPU where there is one.",
)


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
    found = gpus(count, for_cpu=torch.version.cuda is None)
    seen = Text(f"不能用 {wanted}：{found.zh}。", f"{wanted} cannot be used: {found.en}.")
    raise MachineError(seen, _TAKE_ANOTHER)


def gpus(count: int, *, for_cpu: bool) -> Text:
    """What torch has of GPUs, as the end of a sentence. `for_cpu`: this torch is built without them."""
    if count > 1:
        last = f"cuda:{count - 1}"
        return Text(f"这台电脑只有 cuda:0 到 {last}", f"this computer has only cuda:0 to {last}")
    if count == 1:
        return Text("这台电脑只有 cuda:0", "this computer has only cuda:0")
    if for_cpu and may_have_gpu():
        return Text("装的是 CPU 版的 torch，用不了显卡", "this torch is built for the CPU and can use no GPU")
    return Text("这台电脑没有可用的显卡", "this computer has no GPU that can be used")


def may_have_gpu() -> bool:
    """A driver's traces; asking torch itself takes more than a second."""
    windows = Path(os.environ.get("SYSTEMROOT", "C:/Windows"), "System32", "nvcuda.dll")
    return shutil.which("nvidia-smi") is not None or Path("/dev/nvidia0").exists() or windows.exists()
