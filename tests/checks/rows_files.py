"""Files and weights of a run: what is there -> the exact sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_mmedu.asked import Asked
from pytest_mmedu.checks.subject import Subject
from tests.checks.made import Row, course, with_asked, with_log, with_no_run, with_run


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def bare_run(folder: Path) -> Subject:
    """A run of which nobody says how long it was to be."""
    return replace(with_run(params={"batch_size": 8})(folder), asked=Asked())


ROWS = (
    Row(
        "run_finished",
        "passed",
        with_run(),
        seen=("5/5 轮", "5/5 epochs"),
        place="run.log.json:11",
    ),
    Row(
        "run_finished",
        "failed",
        with_run(epochs=3, records=course([1.1, 0.7, 0.4])),
        seen=("3/5 轮", "3/5 epochs"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        place="run.log.json:4",
    ),
    Row(
        "run_finished",
        "failed",
        with_run(epochs=0, best=None, records=None),
        seen=("一轮也没有完成", "not one epoch was finished"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "run_finished",
        "failed",
        with_no_run(),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
    ),
    Row(
        "run_finished",
        "error",
        with_no_run("error"),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
    ),
    Row(
        "run_finished",
        "undecidable",
        bare_run,
        seen=("训练到第 5 轮", "trained up to epoch 5"),
        hint=("请写明 epochs。", "State epochs."),
        place="run.log.json:11",
    ),
    Row(
        "run_finished",
        "undecidable",
        with_log(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
    Row(
        "log_exists",
        "passed",
        with_run(),
        seen=("run.log.json", "run.log.json"),
        place="run.log.json",
    ),
    Row(
        "log_exists",
        "failed",
        with_run(records=None),
        seen=("没有 *.log.json 文件", "there is no *.log.json"),
        hint=(
            "日志在 save_fold 指定的文件夹里：训练真的开始了吗？",
            "The log lies in the folder that save_fold names: did the training really start?",
        ),
    ),
    Row(
        "log_exists",
        "failed",
        with_run(records=None, extra=lambda place: put(place / "run.log.json", b"\0\1")),
        seen=("run.log.json 读不出内容", "run.log.json cannot be read"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="run.log.json",
    ),
    Row(
        "log_exists",
        "undecidable",
        with_asked(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
    Row(
        "checkpoints_exist",
        "passed",
        with_run(),
        seen=("5 个，到 epoch_5.pth", "5, up to epoch_5.pth"),
        wanted=("应有最后一轮的 epoch_N.pth", "epoch_N.pth of the last epoch"),
        place="epoch_5.pth",
    ),
    Row(
        "checkpoints_exist",
        "failed",
        with_run(epochs=0),
        seen=("没有 epoch_N.pth 文件", "there is no epoch_N.pth"),
        wanted=("应有最后一轮的 epoch_N.pth", "epoch_N.pth of the last epoch"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "checkpoints_exist",
        "failed",
        with_run(epochs=3),
        seen=("3 个，到 epoch_3.pth", "3, up to epoch_3.pth"),
        wanted=("应有最后一轮的 epoch_N.pth", "epoch_N.pth of the last epoch"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        place="epoch_3.pth",
    ),
    Row(
        "checkpoints_exist",
        "failed",
        with_run(latest=False),
        seen=("5 个，到 epoch_5.pth，没有 latest.pth", "5, up to epoch_5.pth, but no latest.pth"),
        wanted=("应有最后一轮的 epoch_N.pth", "epoch_N.pth of the last epoch"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="epoch_5.pth",
        share=0.5,
    ),
    Row(
        "checkpoints_exist",
        "undecidable",
        with_asked(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
    Row(
        "best_checkpoint_exists",
        "passed",
        with_run(),
        seen=("best_accuracy_top-1_epoch_4.pth", "best_accuracy_top-1_epoch_4.pth"),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "best_checkpoint_exists",
        "failed",
        with_run(best=None),
        seen=("没有 best_*.pth 文件", "there is no best_*.pth"),
        hint=(
            "看一看参数 validate 和 save_best：每轮都要验证，才选得出最佳权重。",
            "Look at the parameters validate and save_best: the best is chosen from the validations.",
        ),
    ),
    Row(
        "best_checkpoint_exists",
        "failed",
        with_run(best=None, validate=False),
        seen=("没有 best_*.pth 文件：训练时没有验证", "there is no best_*.pth: the training did not validate"),
        hint=(
            "没有验证就选不出最佳权重：看一看参数 validate。",
            "Without validation there is no best: look at the parameter validate.",
        ),
    ),
    Row(
        "best_checkpoint_exists",
        "undecidable",
        with_asked(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
)
