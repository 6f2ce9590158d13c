"""训练 | One training through mmcls: parameters and pictures in, a folder with log and weights out."""

from __future__ import annotations

import copy
import dataclasses
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import RUN_FILE, Run, read_run
from pytest_mmedu.train import assembly, console, disk
from pytest_mmedu.train.config import build_config, set_log_interval
from pytest_mmedu.train.config_text import config_text
from pytest_mmedu.train.ending import said_in_a_sentence
from pytest_mmedu.train.optimizers import fitted
from pytest_mmedu.train.process_state import borrowed
from pytest_mmedu.train.runner import NAME, predictions
from pytest_mmedu.train.settings import DEFAULTS, Settings
from pytest_mmedu.train.stack import ConfigDict, EvalHook, build_runner, mmcls, set_random_seed
from pytest_mmedu.train.starting import begin_from
from pytest_mmedu.train.versions import versions

if TYPE_CHECKING:
    from logging import Logger

    from pytest_mmedu.dataset import ImageFolder

Config = dict[str, Any]
_LINE = "-" * 60 + "\n"


@dataclass
class _Training:
    """What the steps of one training hand to one another."""

    params: TrainParams
    images: ImageFolder
    settings: Settings
    folder: Path
    config: Config
    stamp: str
    logger: Logger
    watch: bool
    about: Mapping[str, Any] | None


def train(
    params: TrainParams,
    images: ImageFolder,
    out: Path,
    *,
    settings: Settings = DEFAULTS,
    watch: bool | None = None,
    echo: bool = False,
    about: Mapping[str, Any] | None = None,
) -> Run:
    """Train on `images` and leave log, weights and run.json in `out`.

    `watch` shows a progress bar; None: where stderr is a terminal. `echo` prints the log's lines on stdout as well.
    `about` is what log and weights say about themselves, in place of what mmcls's own script writes there.

    Raises:
        ParameterError, DatasetError, CheckpointError: what was asked for cannot be trained.
        OutputError: `out` cannot be written, or the disk is full.
        TrainingError: it began and could not go on.
    """
    began = time.monotonic()
    folder = disk.ready_folder(out)
    config = _config(params, images, settings, folder)
    stamp = console.new_stamp(folder)
    watch = sys.stderr.isatty() if watch is None else watch
    with borrowed(settings.threads), disk.written_to(folder), console.log_file(folder / f"{stamp}.log", echo) as logger:
        training = _Training(params, images, settings, folder, config, stamp, logger, watch, about)
        with said_in_a_sentence():
            _run(training)
        _write_facts(training, time.monotonic() - began)
    return read_run(folder)


def _config(params: TrainParams, images: ImageFolder, settings: Settings, folder: Path) -> Config:
    assembly.refuse_missing_device(params.device)
    given = assembly.config_from_file(Path(params.backbone)) if params.backbone.endswith(".py") else None
    config = build_config(params, images, settings, folder, given=given)
    config["optimizer"] = fitted(config["optimizer"])
    return config


def _run(training: _Training) -> None:
    config, params = training.config, training.params
    set_random_seed(params.random_seed)
    # Network first, then data: mmcls's order, in which the random numbers are drawn.
    model = assembly.network(config)
    model.CLASSES = training.images.classes
    loader = assembly.loader(config, "train", training.images.splits["training_set"], training.settings)
    set_log_interval(config, training.settings, len(loader))
    text = config_text(config)
    (training.folder / "config.py").write_text(text, "utf-8")
    meta = _introduced(training, text)
    model = assembly.on_device(model, params.device)
    runner = _runner(training, model, meta)
    begin_from(runner, config, folder=training.folder, epochs=params.epochs)
    disk.refuse_full(training.folder, _checkpoint_bytes(training, runner.model, params.epochs - runner.epoch))
    with _watched(training, runner):
        runner.run([loader], config["workflow"])


def _introduced(training: _Training, text: str) -> dict[str, Any]:
    """Write the first lines of the log as mmcls does; return the meta record, its keys in mmcls's order."""
    environment = console.environment_text(versions())
    info = training.logger.info
    info("Environment info:\n%s%s\n%s", _LINE, environment, _LINE)
    info("Distributed training: False")
    info("Config:\n%s", text)
    info("Set random seed to %d, deterministic: %s", training.params.random_seed, training.params.device != "cpu")
    if training.about is not None:
        return dict(training.about)
    return {
        "env_info": environment,
        "seed": training.params.random_seed,
        "mmcls_version": mmcls.__version__,
        "config": text,
        "CLASSES": list(training.images.classes),
        "hook_msgs": {},
    }


def _runner(training: _Training, model: Any, meta: dict[str, Any]) -> Any:
    config = ConfigDict(copy.deepcopy(training.config))
    runner = build_runner(
        {**config.runner, "type": NAME},
        default_args={
            "model": model,
            "optimizer": assembly.optimizer(model, training.config),
            "work_dir": str(training.folder),
            "logger": training.logger,
            "meta": meta,
        },
    )
    runner.timestamp = training.stamp
    runner.register_training_hooks(
        config.lr_config,
        config.optimizer_config,
        config.checkpoint_config,
        config.log_config,
        config.get("momentum_config"),
        custom_hooks_config=config.get("custom_hooks"),
    )
    if training.params.validate:
        pictures = assembly.loader(training.config, "val", training.images.splits["val_set"], training.settings)
        # Priority as in mmcls: after the timer, before the text logger.
        runner.register_hook(EvalHook(pictures, test_fn=predictions, **config.evaluation), priority="LOW")
    return runner


def _checkpoint_bytes(training: _Training, model: Any, epochs: int) -> int:
    """Weights, and what the optimizer keeps per weight: one value for SGD's momentum, two for Adam's kind."""
    per_file = sum(tensor.numel() * tensor.element_size() for tensor in model.state_dict().values())
    per_file *= 2 if training.params.optimizer == "SGD" else 3
    interval = training.config["checkpoint_config"]["interval"]
    files = -(-epochs // interval) if interval > 0 else 0
    kept = training.settings.keep_checkpoints
    files = files if kept is None else min(files, kept + 1)
    best = training.params.validate and training.params.save_best is not None
    return int(per_file * (files + best))


@contextmanager
def _watched(training: _Training, runner: Any) -> Iterator[None]:
    if not training.watch:
        yield
        return
    from pytest_mmedu.train.progress import ProgressHook

    bar = ProgressHook()
    runner.register_hook(bar, priority=80)  # between the evaluation and the text logger, which empties the buffer
    try:
        yield
    finally:
        bar.close()


def _write_facts(training: _Training, seconds: float) -> None:
    """run.json: what was asked for, on what it ran, how long it took."""
    settings = dataclasses.asdict(training.settings)
    facts = {
        "params": dataclasses.asdict(training.params),
        "settings": {**settings, "resume_from": training.config["resume_from"]},
        "environment": {**versions(), "threads": str(training.settings.threads), "device": training.params.device},
        "classes": list(training.images.classes),
        "pictures": {split: len(samples) for split, samples in training.images.splits.items()},
        "seconds": round(seconds, 3),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (training.folder / RUN_FILE).write_text(text, "utf-8")
