"""进程状态 | What a training changes in its process, and gives back: random numbers, threads, cuDNN, warnings.

Random state and thread count belong to the whole process, so that trainings in one process take turns.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_mmedu.train import compat
from pytest_mmedu.train.stack import np, torch

_one_at_a_time = threading.RLock()


@contextmanager
def borrowed(threads: int) -> Iterator[None]:
    """Everything as it was afterwards, also after an error."""
    with _one_at_a_time, compat.warnings_kept_quiet(), _random_state(), _torch_state():
        torch.set_num_threads(threads)
        torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark = True, False
        yield


@contextmanager
def _random_state() -> Iterator[None]:
    plain, numeric, torchs = random.getstate(), np.random.get_state(), torch.get_rng_state()
    graphics = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    try:
        yield
    finally:
        random.setstate(plain)
        np.random.set_state(numeric)
        torch.set_rng_state(torchs)
        if graphics:
            torch.cuda.set_rng_state_all(graphics)


@contextmanager
def _torch_state() -> Iterator[None]:
    threads, cudnn = torch.get_num_threads(), torch.backends.cudnn
    deterministic, benchmark = cudnn.deterministic, cudnn.benchmark
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        cudnn.deterministic, cudnn.benchmark = deterministic, benchmark
