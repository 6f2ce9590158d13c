"""训练 | One training through mmcls: parameters and pictures in, a folder with log and weights out."""

from __future__ import annotations

import copy
import dataclasses
import json
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
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
from pytest_mmedu.train.processes import processes_of, train_in_processes
from pytest_mmedu.train.runner import NAME, predictions
from pytest_mmedu.train.settings import DEFAULTS, Settings
from pytest_mmedu.train.stack import ConfigDict, EvalHook, build_runner, mmcls, set_random_seed
from pytest_mmedu.train.starting import begin_from
from pytest_mmedu.train.together import ALONE, HelpingEvalHook, Team, TogetherHook, collected
from pytest_mmedu.train.versions import versions

if TYPE_CHECKING:
    from logging import Logger

    from pytest_mmedu.dataset import ImageFolder

Config = dict[str, Any]
_LINE = "-" * 60 + "\n"


@dataclass
class Job:
    """What is to be trained: plain data, so that another process can be told."""

    params: TrainParams
    images: ImageFolder
    settings: Settings
    folder: Path
    config: Config
    stamp: str
    watch: bool
    echo: bool
    about: Mapping[str, Any] | None


@dataclass
class _Training(Job):
    """What the steps of one training hand to one another."""

    logger: Logger
    team: Team


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
    job = Job(params, images, settings, folder, config, stamp, watch, echo, about)
    if params.distributed:
        train_in_processes(job)
    else:
        carry_out(job)
    with disk.written_to(folder):
        _write_facts(job, time.monotonic() - began)
    return read_run(folder)


def carry_out(job: Job, team: Team = ALONE) -> None:
    """The training itself, here and now; one process of several does its part of it."""
    with borrowed(job.settings.threads), disk.written_to(job.folder), _log_of(job, team) as logger:
        training = _Training(**vars(job), logger=logger, team=team)
        with said_in_a_sentence():
            _run(training)


def _log_of(job: Job, team: Team) -> AbstractContextManager[Logger]:
    """It is written once."""
    if team.first:
        return console.log_file(job.folder / f"{job.stamp}.log", job.echo)
    return console.loggers_borrowed()


def _config(params: TrainParams, images: ImageFolder, settings: Settings, folder: Path) -> Config:
    assembly.refuse_missing_device(params.device)
    given = assembly.config_from_file(Path(params.backbone)) if params.backbone.endswith(".py") else None
    config = build_config(params, images, settings, folder, given=given)
    config["optimizer"] = fitted(config["optimizer"])
    return config


def _run(training: _Training) -> None:
    config, params, team = training.config, training.params, training.team
    set_random_seed(params.random_seed)
    # Network first, then data: mmcls's order, in which the random numbers are drawn.
    model = assembly.network(config)
    model.CLASSES = training.images.classes
    if team.rank:  # what is drawn from now on is about other pictures
        set_random_seed((params.random_seed + team.rank) % 2**32)
    loader = assembly.loader(config, "train", training.images.splits["training_set"], training.settings, team)
    set_log_interval(config, training.settings, len(loader))
    text = config_text(config)
    if team.first:
        (training.folder / "config.py").write_text(text, "utf-8")
    meta = _introduced(training, text)
    model = assembly.on_device(model, params.device if team.meet is None else team.device)
    runner = _runner(training, model, meta)
    if team.meet is not None:
        runner.register_hook(TogetherHook(loader.batch_sampler), priority="HIGH")  # before the optimizer's
    begin_from(runner, config, folder=training.folder, epochs=params.epochs)
    if team.first:
        disk.refuse_full(training.folder, _checkpoint_bytes(training, runner.model, params.epochs - runner.epoch))
    with _watched(training, runner):
        runner.run([loader], config["workflow"])


def _introduced(training: _Training, text: str) -> dict[str, Any]:
    """Write the first lines of the log as mmcls does; return the meta record, its keys in mmcls's order."""
    environment = console.environment_text(versions())
    info = training.logger.info
    info("Environment info:\n%s%s\n%s", _LINE, environment, _LINE)
    info("Distributed training: %s", training.params.distributed)
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
        # Priority as in mmcls: after the timer, before the text logger.
        runner.register_hook(_evaluation(training, config.evaluation), priority="LOW")
    return runner


def _evaluation(training: _Training, config: Config) -> Any:
    team, images = training.team, training.images
    pictures = assembly.loader(training.config, "val", images.splits["val_set"], training.settings, team)
    if team.meet is None:
        return EvalHook(pictures, test_fn=predictions, **config)
    kind = EvalHook if team.first else HelpingEvalHook
    return kind(pictures, test_fn=partial(collected, classes=len(images.classes), team=team), **config)


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
    if not (training.watch and training.team.first):
        yield
        return
    from pytest_mmedu.train.progress import ProgressHook

    bar = ProgressHook()
    runner.register_hook(bar, priority=80)  # between the evaluation and the text logger, which empties the buffer
    try:
        yield
    finally:
        bar.close()


def _write_facts(training: Job, seconds: float) -> None:
    """run.json: what was asked for, on what it ran, how long it took."""
    settings, params = dataclasses.asdict(training.settings), training.params
    environment = {**versions(), "threads": str(training.settings.threads), "device": params.device}
    facts = {
        "params": dataclasses.asdict(params),
        "settings": {**settings, "resume_from": training.config["resume_from"]},
        "environment": {**environment, "nproc": str(processes_of(params))},
        "classes": list(training.images.classes),
        "pictures": {split: len(samples) for split, samples in training.images.splits.items()},
        "seconds": round(seconds, 3),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (training.folder / RUN_FILE).write_text(text, "utf-8")
