"""权重文件 | A .pth file as facts, read without torch and without running anything that it holds.

checkpoint = read_checkpoint(Path("best_accuracy_top-1_epoch_4.pth"))
checkpoint.epoch, checkpoint.classes, checkpoint.finite, checkpoint.fingerprint
"""

from __future__ import annotations

from pytest_mmedu.checkpoint.reader import Checkpoint, read_checkpoint

__all__ = ["Checkpoint", "read_checkpoint"]
