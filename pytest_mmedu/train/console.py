"""日志文字 | mmcls's console text into `<stamp>.log`, with the loggers left as they were found."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pytest_mmedu.train.stack import logger_initialized, torch

_FORM = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"
_NAMES = ("mmcls", "mmcv")  # mmcls first: mmcv writes how weights were initialized to the first that it knows


class _LogFile(logging.FileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk must end the training; logging would print a traceback and go on."""
        raise  # noqa: PLE0704 - called while the error is being handled


def new_stamp(folder: Path) -> str:
    """`20261123_065645`, moved on by seconds where a log of that name exists: two trainings never share one."""
    now = time.time()
    while True:
        stamp = time.strftime("%Y%m%d_%H%M%S", time.localtime(now))
        if not (folder / f"{stamp}.log").exists() and not (folder / f"{stamp}.log.json").exists():
            return stamp
        now += 1


def _echo() -> logging.Handler:
    """What MMEdu's users watch: `Epoch [1][10/20] ...`, `Epoch(val) ...`, the saved files. Not the long head."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter(_FORM))
    handler.addFilter(lambda record: record.getMessage().startswith(("Epoch", "Saving", "Now best", "Best")))
    return handler


@contextmanager
def log_file(path: Path, echo: bool = False) -> Iterator[logging.Logger]:
    """mmcls's logger writing to `path`, and with `echo` its records of the training to stdout; nowhere else."""
    handler = _LogFile(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(_FORM))
    try:
        with loggers_borrowed([handler, _echo()] if echo else [handler]) as logger:
            yield logger
    finally:
        with suppress(OSError):  # a full disk was reported when the line was written
            handler.close()


@contextmanager
def loggers_borrowed(handlers: Sequence[logging.Handler] = (logging.NullHandler(),)) -> Iterator[logging.Logger]:
    """mmcls's and mmcv's loggers with these handlers alone, by default silent, and afterwards as they were.

    mmcv gives its loggers a handler on the console when it first needs one, for the rest of the process.
    """
    loggers = [logging.getLogger(name) for name in _NAMES]
    before = [(logger.handlers, logger.level, logger.propagate, logger.disabled) for logger in loggers]
    initialized = dict(logger_initialized)
    try:
        for logger in loggers:
            logger.handlers, logger.propagate, logger.disabled = list(handlers), False, False
            logger.setLevel(logging.INFO)
        logger_initialized.clear()
        logger_initialized.update(dict.fromkeys(_NAMES, True))
        yield loggers[0]
    finally:
        for logger, (found, level, propagate, disabled) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate, logger.disabled = found, propagate, disabled
            logger.setLevel(level)
        logger_initialized.clear()
        logger_initialized.update(initialized)


def environment_text(versions: dict[str, str]) -> str:
    """The lines of mmcls's "Environment info" that can be had without starting a compiler."""
    lines = {
        "sys.platform": sys.platform,
        "Python": sys.version.replace("\n", ""),
        "CUDA available": torch.cuda.is_available(),
        "PyTorch": versions.get("torch"),
        "OpenCV": versions.get("opencv"),
        "MMCV": versions.get("mmcv"),
        "MMClassification": f"{versions.get('mmcls')}+",
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())
