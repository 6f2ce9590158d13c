"""读训练日志 | Reading training logs of every OpenMMLab classification stack.

    log = read_log("20230205_153620.log.json")
    log.epochs, log.best("accuracy_top-1"), log.train[0].loss, log.notes

The content decides the format, never the name. What is odd becomes a note; what is no log raises LogError.
"""

from __future__ import annotations

from pytest_mmedu.logs.notes import Note
from pytest_mmedu.logs.reading import from_records, read_log
from pytest_mmedu.logs.records import TrainRecord, TrainRecords, ValRecord, ValRecords
from pytest_mmedu.logs.train_log import Best, SavedBest, TrainLog

__all__ = [
    "Best",
    "Note",
    "SavedBest",
    "TrainLog",
    "TrainRecord",
    "TrainRecords",
    "ValRecord",
    "ValRecords",
    "from_records",
    "read_log",
]
