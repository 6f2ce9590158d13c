"""One small log of each format, and the special things that each stack writes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.logs import SavedBest, TrainLog, TrainRecord, ValRecord, from_records, read_log
from tests.logs.written import STAMP, STAMP_NEW, WRITERS, small_run

Read = Callable[..., TrainLog]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def from_text(*lines: str) -> TrainLog:
        path = tmp_path / "run.txt"
        path.write_text("".join(line + "\n" for line in lines), "utf-8", newline="")
        return read_log(path)

    return from_text


def test_mmcv_json(read: Read) -> None:
    log = read(
        '{"tool": "MMEdu2.0.0", "backbone": "LeNet", "dataset_size": 320, "hook_msgs": {}}',
        '{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "data_time": 0.2, "loss": 2.25, "time": 0.4}',
        '{"mode": "val", "epoch": 1, "iter": 7, "lr": 0.01, "accuracy_top-1": 49.0, "accuracy_top-5": 87.5}',
    )
    assert (log.format, log.encoding, log.lines, log.source) == ("mmcv json", "utf-8", 3, "run.txt")
    assert log.meta["dataset_size"] == 320
    assert list(log.train) == [TrainRecord(2, 1, 10, 2.25, 0.01, 0.4, 0.2, None, None)]
    measured = {"accuracy_top-1": 49.0, "accuracy_top-5": 87.5}
    assert list(log.val) == [ValRecord(3, 1, 7, measured, {name: name for name in measured}, 0.01)]
    assert log.notes == ()


def test_mmcv_json_without_first_line_and_with_an_empty_one(read: Read) -> None:
    record = '{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss": 2.25}'
    assert len(read(record).train) == len(read("{}", record).train) == 1


def test_mmcv_json_validation_loss_only(read: Read) -> None:
    log = read('{"mode": "val", "epoch": 1, "iter": 7, "lr": 0.01, "loss": 0.5, "time": 0.1}')
    assert log.val[0].metrics == {"loss": 0.5}


def test_mmcv_json_keeps_nan_and_infinity(read: Read) -> None:
    head = '{"mode": "train", "epoch": 1, "iter": 10, "lr": 100000.0, "loss": '
    log = read(head + "NaN}", head + "Infinity}")
    assert math.isnan(log.train[0].loss)
    assert log.train[1].loss == math.inf


def test_mmcv_text(read: Read) -> None:
    log = read(
        STAMP + "Epoch [1][10/838]\tlr: 1.000e-02, eta: 1 day, 0:00:10, time: 0.213, data_time: 0.202, "
        "memory: 105, loss: 2.2821",
        STAMP + "Epoch(val) [1][7]\taccuracy_top-1: 49.0000, accuracy_top-5: 87.0000",
        STAMP + "Now best checkpoint is saved as best_accuracy_top-1_epoch_1.pth.",
        STAMP + "Best accuracy_top-1 is 49.0000 at 1 epoch.",
    )
    assert log.format == "mmcv text"
    assert list(log.train) == [TrainRecord(1, 1, 10, 2.2821, 0.01, 0.213, 0.202, 105, 86410)]
    assert log.val[0].metrics == {"accuracy_top-1": 49.0, "accuracy_top-5": 87.0}
    assert (log.val[0].iter, log.iters_per_epoch, log.iter_counts) == (7, 838, "epoch")
    assert log.saved_best == (SavedBest(4, "accuracy_top-1", 49.0, 1, "best_accuracy_top-1_epoch_1.pth"),)


def test_mmcv_text_by_iterations(read: Read) -> None:
    log = read(
        STAMP + "Iter [10/1000]\tlr: 1.000e-02, eta: 0:00:10, time: 0.213, data_time: 0.202, loss: 2.2821",
        STAMP + "Iter(val) [7]\taccuracy_top-1: 49.0000",
    )
    assert (log.train[0].epoch, log.train[0].iter, log.config["max_iters"]) == (None, 10, 1000)
    assert (log.iter_counts, log.val[0].epoch, log.val[0].iter) == ("run", None, 7)


def test_mmcv_text_without_eta_or_with_other_values(read: Read) -> None:
    log = read(STAMP + "Epoch [2][20/40]\tlr: 1.000e-02, momentum: 9.000e-01, loss: 0.5000, grad_norm: 3.2000")
    assert log.train[0] == TrainRecord(1, 2, 20, 0.5, 0.01)


def test_mmcv_text_with_a_rate_per_group(read: Read) -> None:
    head = STAMP + "Epoch [1][20/40]\t"
    log = read(
        head + "lr_backbone: 1.000e-03 lr_head: 1.000e-03, loss: 0.5000",
        head + "lr_a: 1.0e-03 lr_b: 2.0e-03, loss: 0.4",
    )
    assert list(log.train.lr) == [0.001, None]


def test_mmengine_json(read: Read) -> None:
    log = read(
        '{"lr": 0.01, "data_time": 0.0006, "loss": 1.3757601618766784, "time": 0.12, "epoch": 1, "memory": 3099, '
        '"step": 100}',
        '{"accuracy/top1": 58.13953399658203, "data_time": 0.06, "time": 0.1, "step": 1}',
        '{"lr": 0.01, "loss": 1.13, "epoch": 2, "step": 228}',
        '{"lr": 0.01, "loss": 1.01, "epoch": 3, "step": 356}',
    )
    assert (log.format, log.iter_counts, log.iters_per_epoch) == ("mmengine json", "run", 128)
    assert (log.train[0].loss, log.train[0].iter, log.train[0].memory) == (1.3757601618766784, 100, 3099)
    assert log.val[0] == ValRecord(
        2, 1, None, {"accuracy_top-1": 58.13953399658203}, {"accuracy_top-1": "accuracy/top1"}, None
    )


def test_mmengine_json_by_iterations(read: Read) -> None:
    log = read('{"lr": 0.01, "loss": 1.5, "iter": 500, "step": 500}', '{"accuracy/top1": 58.5, "step": 500}')
    assert (log.train[0].epoch, log.val[0].epoch) == (None, None)


def test_mmengine_text(read: Read) -> None:
    log = read(
        STAMP_NEW + "Epoch(train)  [1][  10/1563]  base_lr: 2.0000e-02 lr: 1.0000e-02  eta: 0:01:19  "
        "time: 0.1204  data_time: 0.0006  memory: 3099  loss: 1.3758",
        STAMP_NEW + "Epoch(val) [1][10/28]    eta: 0:00:03  time: 0.1780  data_time: 0.1538  memory: 615  ",
        STAMP_NEW + "Epoch(val) [1][28/28]    accuracy/top1: 58.1395  single-label/f1-score: 50.5000  time: 0.1016",
        STAMP_NEW
        + "The best checkpoint with 58.1395 accuracy/top1 at 1 epoch is saved to best_accuracy/top1_epoch_1.pth.",
        STAMP_NEW + "Epoch(test) [28/28]    accuracy/top1: 57.0000  data_time: 0.0563  time: 0.2477",
    )
    assert log.format == "mmengine text"
    assert list(log.train) == [TrainRecord(1, 1, 10, 1.3758, 0.01, 0.1204, 0.0006, 3099, 79)]
    assert log.val[0].metrics == {"accuracy_top-1": 58.1395, "f1_score": 50.5}
    assert log.val[0].original == {"accuracy_top-1": "accuracy/top1", "f1_score": "single-label/f1-score"}
    assert log.saved_best == (SavedBest(4, "accuracy_top-1", 58.1395, 1, "best_accuracy/top1_epoch_1.pth"),)
    assert [record.metrics for record in log.test] == [{"accuracy_top-1": 57.0}]


def test_notebook_output_with_colours_progress_bar_and_carriage_returns(read: Read) -> None:
    bar = (
        "\r[>>>    ] 10/100, 5.0 task/s, elapsed: 2s, ETA:    18s\r[>>>>>>>] 100/100, 5.0 task/s, elapsed: 20s, ETA: 0s"
    )
    log = read(
        "03/01 10:00:00 - mmengine - \x1b[4m\x1b[97mINFO\x1b[0m - Epoch(train)  [1][ 10/125]  lr: 1.0000e-01  "
        "eta: 2:49:37  time: 0.8149  data_time: 0.1271  memory: 3335  loss: 6.0535",
        bar + STAMP + "Epoch(val) [1][7]\taccuracy_top-1: 49.0000",
    )
    assert log.train[0].loss == 6.0535
    assert (log.val[0].line, log.val[0].metrics) == (2, {"accuracy_top-1": 49.0})


def test_two_records_glued_to_one_line(read: Read) -> None:
    record = "Epoch [1][{}/20]\tlr: 1.000e-02, eta: 0:00:10, time: 0.213, data_time: 0.202, loss: {}"
    log = read(STAMP + record.format(10, "2.2821") + " " + STAMP + record.format(20, "1.5000"))
    assert [(r.line, r.iter, r.loss) for r in log.train] == [(1, 10, 2.2821), (1, 20, 1.5)]


def test_an_ipynb_itself(tmp_path: Path) -> None:
    """Its output lines are physical lines, so that a place can be shown."""
    printed = "\n".join(WRITERS["mmcv text"](small_run()))
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed.splitlines(keepends=True)}]
    cell = {"cell_type": "code", "source": ["model.train()"], "metadata": {}, "execution_count": 1, "outputs": outputs}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "homework.ipynb"
    path.write_text(json.dumps(notebook, indent=1), "utf-8")
    log = read_log(path)
    assert len(log.train) == 9
    assert "Epoch [1][10/" in path.read_text("utf-8").split("\n")[log.train[0].line - 1]
    path.write_text(json.dumps(notebook), "utf-8")
    assert [record.loss for record in read_log(path).train] == list(log.train.loss)


def test_readme_excerpt(read: Read) -> None:
    log = read("# Homework", "```", "Epoch(val) [14][27/27]  accuracy/top1: 86.0789  accuracy/top5: 97.4478", "```")
    assert (log.val[0].epoch, log.val[0].line, log.noted("starts late").line) == (14, 3, 3)


def test_list_of_dicts_from_train() -> None:
    log = from_records(
        [
            {"tool": "MMEdu2.0.0", "dataset_size": 320},
            {"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss": float("nan")},
            {"mode": "val", "epoch": 1, "iter": 7, "lr": 0.01, "accuracy_top-5": 57.0},
        ]
    )
    assert (log.format, log.meta["dataset_size"], log.train[0].line) == ("records", 320, 2)
    assert math.isnan(log.train[0].loss)
    assert log.best("accuracy_top-5").value == 57.0


def test_list_of_dicts_as_python_prints_it(read: Read) -> None:
    one_line = "[{'tool': 'MMEdu2.0.0'}, {'mode': 'train', 'epoch': 1, 'iter': 10, 'lr': 0.01, 'loss': nan}]"
    assert math.isnan(read(one_line).train[0].loss)
    spread = ("[{'mode': 'train',", "  'epoch': 1,", "  'iter': 10,", "  'loss': 2.5},", " {'mode': 'val',")
    log = read(*spread, "  'epoch': 1,", "  'accuracy_top-1': 40.0}]")
    assert [(r.line, r.loss) for r in log.train] == [(1, 2.5)]
    assert [(r.line, r.metrics["accuracy_top-1"]) for r in log.val] == [(5, 40.0)]


def test_a_printed_dict_with_keys_that_are_no_text(read: Read) -> None:
    log = read("{'mode': 'train', 'epoch': 1, 'iter': 10, 'loss': 2.5, nan: 1, 7: 2}", "{nan: 1}")
    assert (len(log.train), [note.kind for note in log.notes]) == (1, ["not json"])


def test_result_of_a_separate_test(read: Read) -> None:
    log = read('{"accuracy/top1": 85.38206481933594, "accuracy/top5": 98.0, "data_time": 0.05, "time": 0.2}')
    assert (log.format, len(log.train), len(log.val)) == ("test result", 0, 0)
    assert log.test[0].metrics == {"accuracy_top-1": 85.38206481933594, "accuracy_top-5": 98.0}


@pytest.mark.parametrize(
    ("lines", "facts"),
    [
        (
            ("model = dict(", "    head=dict(num_classes=5, topk=(1, )))", "optimizer = dict(type='SGD', lr=0.001)",
             "lr_config = dict(policy='step', step=[30, 60])", "runner = dict(type='EpochBasedRunner', max_epochs=100)",
             "evaluation = dict(interval=1, metric='accuracy', metric_options=dict(topk=(1, 5)), save_best='auto')",
             "log_config = dict(interval=10, hooks=[dict(type='TextLoggerHook')])", "load_from = 'D:\\models\\a.pth'"),
            {"num_classes": 5, "head_topk": (1,), "topk": (1, 5), "optimizer": "SGD", "lr": 0.001, "lr_policy": "step",
             "lr_milestones": [30, 60], "max_epochs": 100, "save_best": "auto", "log_interval": 10, "val_interval": 1,
             "metric": "accuracy", "load_from": "D:\\models\\a.pth"},
        ),
        (
            ("train_cfg = dict(by_epoch=True, max_epochs=20, val_interval=2)",
             "val_evaluator = dict(type='Accuracy', topk=1)", "param_scheduler = [",
             "    dict(type='LinearLR', start_factor=0.1),", "    dict(type='CosineAnnealingLR')", "]",
             "default_hooks = dict(logger=dict(interval=50), checkpoint=dict(save_best='auto'))",
             "optim_wrapper = dict(optimizer=dict(type='AdamW', lr=0.001))", "train_dataloader = dict(batch_size=32,",
             "    dataset=dict(type='CustomDataset', data_root='data', ann_file=''))"),
            {"max_epochs": 20, "val_interval": 2, "topk": 1, "lr_policy": "CosineAnnealingLR", "warmup": "linear",
             "log_interval": 50, "save_best": "auto", "optimizer": "AdamW", "lr": 0.001, "batch_size": 32,
             "metric": "Accuracy", "train_data": {"data_root": "data", "ann_file": "", "type": "CustomDataset"}},
        ),
    ],
)  # fmt: skip
def test_facts_of_the_dumped_config(read: Read, lines: tuple[str, ...], facts: dict[str, object]) -> None:
    log = read(STAMP + "Config:", *lines, "", STAMP + "Epoch(val) [1][7]\taccuracy_top-1: 49.0000")
    assert dict(log.config) == facts
    assert len(log.val) == 1


def test_config_inside_the_first_line_of_a_json_log(read: Read) -> None:
    first = {"env_info": "made up", "config": "model = dict(\n    head=dict(num_classes=7))\nseed = 3\n"}
    assert dict(read(json.dumps(first)).config) == {"num_classes": 7, "seed": 3}


def test_evaluations_between_two_records_of_an_iteration_based_run(read: Read) -> None:
    log = read('{"lr": 0.01, "loss": 2.0, "iter": 100, "step": 100}', '{"accuracy/top1": 50.0, "step": 150}')
    assert (log.epochs, log.val[0].epoch, log.val[0].metrics) == (None, None, {"accuracy_top-1": 50.0})


def test_an_evaluation_with_a_loss_of_its_own(read: Read) -> None:
    log = read('{"loss": 2.0, "epoch": 1, "step": 10}', '{"accuracy/top1": 50.0, "loss": 1.5, "step": 1}')
    assert (len(log.train), log.val[0].epoch, log.val[0].metrics) == (1, 1, {"accuracy_top-1": 50.0, "loss": 1.5})


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("accuracy_top-1", "accuracy_top-1"), ("accuracy/top1", "accuracy_top-1"), ("accuracy", "accuracy_top-1"),
        ("accuracy/top5", "accuracy_top-5"), ("top-3", "accuracy_top-3"), ("precision", "precision"),
        ("single-label/f1-score", "f1_score"), ("recall_class-a", "recall_class-a"), ("my_metric", "my_metric"),
    ],
)  # fmt: skip
def test_names_of_metrics(read: Read, name: str, plain: str) -> None:
    log = read(json.dumps({"mode": "val", "epoch": 1, "iter": 7, name: 12.5}))
    assert (log.val[0].metrics, log.val[0].original) == ({plain: 12.5}, {plain: name})


def test_plain_accuracy_of_another_rank(read: Read) -> None:
    log = read("val_evaluator = dict(type='Accuracy', topk=5)", "Epoch(val) [1][7/7]  accuracy: 50.0000")
    assert log.val[0].metrics == {"accuracy_top-5": 50.0}
    assert log.noted("plain accuracy").text.en == "The config says topk=5, so accuracy is the top-5 accuracy."


def test_best_ignores_nan_and_names_all_ties(read: Read) -> None:
    values = ["NaN", "50.0", "70.0", "70.0", "60.0"]
    head = '{"mode": "val", "iter": 7, '
    log = read(*(f'{head}"epoch": {epoch}, "accuracy_top-1": {value}}}' for epoch, value in enumerate(values, 1)))
    best = log.best("accuracy_top-1")
    assert (best.value, best.epochs, best.lines) == (70.0, (3, 4), (3, 4))
    assert log.best("accuracy_top-5") is None
    assert log.best("accuracy_top-1", lowest=True).value == 50.0
