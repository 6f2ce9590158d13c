"""mmengine 的文字日志 | The console text of mmengine (mmcls 1.x, mmpretrain).

Epoch(train)  [1][  10/1563]  lr: 1.0000e-02  eta: 0:01:19  time: 0.1204  ...  loss: 1.3758
Epoch(val) [1][10/28]    eta: 0:00:03  time: 0.1780         on the way: no record
Epoch(val) [1][28/28]    accuracy/top1: 58.1395  data_time: 0.0615
Epoch(test) [28/28]    accuracy/top1: 93.0180
The best checkpoint with 58.1395 accuracy/top1 at 1 epoch is saved to best_accuracy_top1_epoch_1.pth.
"""

from __future__ import annotations

import re

from pytest_mmedu.logs import mmcv_text
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.console_line import ConsoleRecord
from pytest_mmedu.logs.metric_names import normalised
from pytest_mmedu.logs.train_log import SavedBest

_BEST = re.compile(
    r"The best checkpoint with (-?\d{1,20}(?:\.\d{1,20})?) (\S{1,100}) at (\d{1,9}) (?:epoch|iter) "
    r"is saved to (\S{1,200}\.pth)"
)


def read(record: ConsoleRecord, into: Builder) -> bool:
    """Takes a record of this format; False if it is none or says only how far an evaluation is."""
    if record.mode == "train":
        return mmcv_text.train(record, into)
    if record.mode is None:
        return False
    measured = mmcv_text.metrics(record)
    if not measured:
        return not record.cut
    if record.mode == "test":
        into.add_test("mmengine text", record.line, record.first_of, measured)
    elif record.unit == "Epoch":
        into.add_val("mmengine text", record.line, record.first, record.second_of, measured)
    else:
        into.add_val("mmengine text", record.line, None, record.first_of, measured)
    return True


def best_line(text: str, line: int, into: Builder) -> bool:
    """Takes a line about the best checkpoint; False if it is none."""
    found = _BEST.search(text)
    if found:
        best = SavedBest(line, normalised(found[2]), float(found[1]), int(found[3]), found[4])
        into.add_best("mmengine text", best)
    return found is not None
