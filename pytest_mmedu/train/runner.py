"""训练循环 | mmcv's epoch-based runner without its pauses, and validation without its progress bar."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

from pytest_mmedu.train.stack import RUNNERS, EpochBasedRunner, get_state_dict, mmcv, torch, weights_to_cpu

NAME = "PromptRunner"


@RUNNERS.register_module(name=NAME, force=True)
class PromptRunner(EpochBasedRunner):  # type: ignore[misc]
    """mmcv sleeps two seconds before each epoch, against a deadlock between data workers; there are none here."""

    def train(self, data_loader: Any, **kwargs: Any) -> None:
        self.model.train()
        self.mode = "train"
        self.data_loader = data_loader
        self._max_iters = self._max_epochs * len(data_loader)
        self.call_hook("before_train_epoch")
        for step, batch in enumerate(data_loader):
            self.data_batch, self._inner_iter = batch, step
            self.call_hook("before_train_iter")
            self.run_iter(batch, train_mode=True, **kwargs)
            self.call_hook("after_train_iter")
            del self.data_batch
            self._iter += 1
        self.call_hook("after_train_epoch")
        self._epoch += 1

    def run(self, data_loaders: list[Any], workflow: list[tuple[str, int]], *_: Any, **kwargs: Any) -> None:
        """Train to the last epoch; `workflow` is written to the log, validation is the hook's business."""
        loader = data_loaders[0]
        self._max_iters = self._max_epochs * len(loader)
        self.logger.info("Start running, host: %s, work_dir: %s", _host(), self.work_dir)
        self.logger.info("Hooks will be executed in the following order:\n%s", self.get_hook_info())
        self.logger.info("workflow: %s, max: %d epochs", workflow, self._max_epochs)
        self.call_hook("before_run")
        while self.epoch < self._max_epochs:
            self.train(loader, **kwargs)
        self.call_hook("after_run")

    def go_on_from(self, epoch: int, steps: int, optimizer: dict[str, Any], hook_msgs: dict[str, Any]) -> None:
        """Continue a training; mmcv's own `resume` would run the config text that the checkpoint holds."""
        self._epoch, self._iter = epoch, steps
        self.optimizer.load_state_dict(optimizer)
        self.meta["hook_msgs"] = hook_msgs
        self.logger.info("resumed epoch %d, iter %d", epoch, steps)

    def save_checkpoint(
        self,
        out_dir: str,
        filename_tmpl: str = "epoch_{}.pth",
        save_optimizer: bool = True,
        meta: dict[str, Any] | None = None,
        create_symlink: bool = True,
    ) -> None:
        """As mmcv does, but straight to the file: of ResNet18's 90 MB it makes two copies in memory first."""
        meta = {**(meta or {}), **(self.meta or {}), "epoch": self.epoch + 1, "iter": self.iter}
        model: Any = getattr(self.model, "module", self.model)
        content = {
            "meta": {**meta, "mmcv_version": mmcv.__version__, "time": time.asctime(), "CLASSES": list(model.CLASSES)},
            "state_dict": weights_to_cpu(get_state_dict(model)),
        }
        if save_optimizer:
            content["optimizer"] = self.optimizer.state_dict()
        name = filename_tmpl.format(self.epoch + 1)
        _write(content, Path(out_dir, name))
        if create_symlink:
            _point(Path(out_dir, "latest.pth"), name)


def _write(content: dict[str, Any], path: Path) -> None:
    """Whole or not at all: a full disk or a killed process leaves no half of a checkpoint under its name."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            torch.save(content, file)
        part.replace(path)
    except RuntimeError as error:
        # torch goes on to close its archive after the system's error, and then complains about that instead.
        if isinstance(error.__context__, OSError):
            raise error.__context__ from None
        raise
    finally:
        part.unlink(missing_ok=True)


def _point(latest: Path, name: str) -> None:
    """A relative link, as mmcv makes it; a copy where the system or the disk knows no links."""
    latest.unlink(missing_ok=True)
    if os.name != "nt":
        try:
            latest.symlink_to(name)
        except OSError:
            pass
        else:
            return
    shutil.copyfile(latest.with_name(name), latest)


def _host() -> str:
    from mmcv.runner.utils import get_host_info

    return str(get_host_info())


def predictions(model: Any, loader: Any) -> list[Any]:
    """The class scores of every picture, one array each. mmcls draws a bar of thousands of characters meanwhile."""
    model.eval()
    scores: list[Any] = []
    with torch.no_grad():
        for batch in loader:
            scores.extend(model(return_loss=False, **batch))
    return scores
