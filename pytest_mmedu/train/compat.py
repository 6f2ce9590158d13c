"""版本差异 | Differences between versions of torch, torchvision, mmcv and mmcls: one function each, with its reason.

Nothing heavy is imported here; `stack` calls what belongs around the imports.
"""

from __future__ import annotations

import importlib
import logging
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any


@contextmanager
def torchvision_stand_in() -> Iterator[None]:
    """An empty `torchvision` while mmcv is imported, where the real one is missing or broken.

    Reason: mmcv/runner/checkpoint.py imports torchvision at its top, for the addresses of a model zoo that this kit
    never asks. One built for another torch raises RuntimeError on import, not ImportError.
    Delete when: mmcv 1.x is no longer supported; mmengine does not import it.
    """
    if _works("torchvision"):
        yield
        return
    stand_in = ModuleType("torchvision", "Stands in for torchvision while mmcv is imported.")
    stand_in.__version__ = "0.0.0"  # type: ignore[attr-defined]  # mmcv compares it
    stand_in.__spec__ = ModuleSpec("torchvision", None)  # importlib.util.find_spec raises where it is missing
    sys.modules["torchvision"] = stand_in
    try:
        yield
    finally:
        if sys.modules.get("torchvision") is stand_in:
            del sys.modules["torchvision"]


def _works(name: str) -> bool:
    """Whether a module can be imported; what a failed import leaves of it is removed again."""
    before = set(sys.modules)
    try:
        importlib.import_module(name)
    except Exception:  # noqa: BLE001 - a broken build raises RuntimeError, OSError, AttributeError, ...
        for leftover in set(sys.modules) - before:
            if leftover.partition(".")[0] == name:
                del sys.modules[leftover]
        return False
    return True


@contextmanager
def file_limit_kept() -> Iterator[None]:
    """The limit of open files as it was.

    Reason: importing mmcls.datasets lowers it to 4096 for the whole process.
    Delete when: mmcls 0.x is no longer supported.
    """
    try:
        import resource
    except ImportError:  # Windows has none
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        yield
    finally:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, before)


@contextmanager
def warnings_kept_quiet() -> Iterator[None]:
    """No announcements of other packages.

    Reason: mmcv 1.7 announces mmcv 2 at every import, torch the end of features that mmcv uses; a student reads
    them as errors of their own.
    Delete when: never, but look now and then at what it hides.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def logs_kept_quiet() -> Iterator[None]:
    """Importing the libraries logs nothing.

    Reason: a torch for GPUs logs a warning where there is none; a student reads it as an error of their own.
    Delete when: never. A training's own log is no part of this.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def let_lenet_see_one_picture(model: Any) -> None:
    """A batch of a single picture goes through LeNet.

    Reason: mmcls's LeNet5 squeezes every axis of length one, the batch's too, and the head then raises IndexError.
    With more pictures the values are the same, bit by bit.
    Delete when: mmcls's LeNet5 flattens from axis 1 on.
    """
    backbone: Any = getattr(model, "backbone", None)
    if type(backbone).__name__ == "LeNet5" and hasattr(backbone, "classifier"):
        backbone.classifier.register_forward_pre_hook(_as_batch)


def _as_batch(_: Any, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    features = inputs[0]
    return (features.unsqueeze(0) if features.dim() == 1 else features,)


def load_tensors(path: Path, device: str = "cpu") -> Any:
    """A checkpoint's content, plain data and tensors only: nothing that it holds is run.

    Reason: mmcv calls torch.load without weights_only, which unpickles whatever is in the file before torch 2.6.
    Delete when: torch below 2.6 is no longer supported and mmcv is not used to load.
    """
    import torch

    return torch.load(path, map_location=device, weights_only=True)


def read_config_file(path: Path) -> dict[str, Any]:
    """What an mmcls config file says, as plain dicts; the file is run.

    Reason: where it has a mistake, mmcv leaves its temporary folder on sys.path, and a temporary file that complains
    on stderr once it is collected.
    Delete when: mmcv 1.x is no longer supported.
    """
    from mmcv import Config

    before = list(sys.path)
    try:
        config: dict[str, Any] = Config.fromfile(str(path))._cfg_dict.to_dict()
    except (Exception, SystemExit) as error:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            left_open = frame.f_locals.get("temp_config_file")
            if left_open is not None:
                with suppress(OSError):
                    left_open.close()
        raise
    finally:
        sys.path[:] = before
    return config
