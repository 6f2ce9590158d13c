"""从哪里开始 | Where a training starts: fresh weights, a checkpoint's weights, or the middle of another training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_mmedu.errors import CheckpointError, ParameterError
from pytest_mmedu.text import Text
from pytest_mmedu.train.loading import put_into, read_weights

Config = dict[str, Any]


def begin_from(runner: Any, config: Config, *, folder: Path, epochs: int) -> None:
    """Follow the config's `resume_from` or else `load_from`; with neither the weights stay as they are.

    Starting from weights of another class count keeps all layers but the last: that is how one fine-tunes.

    Raises:
        CheckpointError: missing, damaged, of another network, or not to be continued.
        ParameterError: the training to go on with is already as long as `epochs`.
    """
    model = getattr(runner.model, "module", runner.model)
    resumed, start = config["resume_from"], config["load_from"]
    if resumed:
        content = read_weights(Path(resumed))
        put_into(model, content["state_dict"], Path(resumed).name)
        _go_on(runner, content, Path(resumed).name, folder=folder, epochs=epochs)
    elif start:
        fresh = put_into(model, read_weights(Path(start))["state_dict"], Path(start).name, other_classes=True)
        runner.logger.info("load checkpoint from local path: %s", start)
        if fresh:
            runner.logger.warning("size mismatch, not loaded: %s", ", ".join(fresh))


def _go_on(runner: Any, content: Config, name: str, *, folder: Path, epochs: int) -> None:
    """What the checkpoint says is somebody's claim: numbers are taken over, paths only by their names."""
    meta, optimizer = content.get("meta"), content.get("optimizer")
    meta = meta if isinstance(meta, dict) else {}
    epoch, steps = meta.get("epoch"), meta.get("iter")
    if not isinstance(epoch, int) or not isinstance(steps, int) or not isinstance(optimizer, dict):
        raise CheckpointError(
            Text(f"{name} 只有权重，不能接着训练。", f"{name} holds weights only and cannot be continued."),
            Text("用 checkpoint= 从这些权重重新开始训练。", "Use checkpoint= to start anew from these weights."),
        )
    if epoch >= epochs:
        seen = Text(f"{name} 已经训练了 {epoch} 轮。", f"{name} has been trained for {epoch} epochs already.")
        raise ParameterError(seen, Text("epochs 要比它大。", "epochs must be more than that."))
    try:
        runner.go_on_from(epoch, steps, optimizer, _own_messages(meta.get("hook_msgs"), folder))
    except (ValueError, KeyError, TypeError) as error:
        seen = Text(f"{name} 是用别的优化器训练的。", f"{name} was trained with another optimizer.")
        raise CheckpointError(seen, Text("请核对 optimizer。", "Check optimizer.")) from error


def _own_messages(said: Any, folder: Path) -> Config:
    """mmcv deletes the former best checkpoint by the path in these messages: it must lie in this run's folder."""
    if not isinstance(said, dict) or not isinstance(said.get("best_score"), float):
        return {}
    best = str(said.get("best_ckpt", "")).replace("\\", "/").rpartition("/")[2]
    return {"best_score": said["best_score"], "best_ckpt": str(folder / best)} if best else {}
