"""训练的环境设置 | How a training is carried out: what the teacher or the machine decides, not the student."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults suit a few hundred small pictures on a CPU.

    threads           threads of torch; it belongs to a run, since two threads add numbers up in another order than one
    image_size        side of the square pictures in pixels, 32 by default: ResNet18 at 224 pixels takes minutes per
                      epoch on a CPU, at 32 seconds. LeNet always takes 32, its layers fit no other size.
    augment           random crops and flips in training; not for digits and letters, which a flip turns into others
    log_interval      a loss record every so many steps; None: every 10, once per epoch where an epoch is shorter
    keep_checkpoints  how many epoch_N.pth are kept, the latest ones; None: all, as MMEdu does
    resume_from       goes on with weights, optimizer and epoch number of this checkpoint
    cache_pictures    decode each picture once; changes no number of the log
    memory_mb         at most so much memory for decoded pictures; data sets above it are read from the disk each time
    """

    threads: int = 1
    image_size: int | None = None
    augment: bool = False
    log_interval: int | None = None
    keep_checkpoints: int | None = None
    resume_from: Path | None = None
    cache_pictures: bool = True
    memory_mb: int = 1024


DEFAULTS = Settings()
