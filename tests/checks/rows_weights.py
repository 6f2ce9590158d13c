"""Weights: what the checkpoints hold -> the exact sentences."""

from __future__ import annotations

from pathlib import Path

from tests.checks.made import Row, course, weigh, with_asked, with_run

BEST = "best_accuracy_top-1_epoch_4.pth"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 501234\n"


def put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


ROWS = (
    Row(
        "weights_readable",
        "passed",
        with_run(),
        seen=(
            "best_accuracy_top-1_epoch_4.pth、epoch_5.pth、latest.pth：11 个参数",
            "best_accuracy_top-1_epoch_4.pth, epoch_5.pth, latest.pth: 11 parameters",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_readable",
        "failed",
        with_run(epochs=0, best=None),
        seen=("没有权重文件", "there is no checkpoint"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "weights_readable",
        "failed",
        with_run(extra=lambda place: cut(place / "latest.pth")),
        seen=("latest.pth 不完整：后半截丢了", "latest.pth is incomplete: its end is missing"),
        hint=("请从 save_fold 里重新复制一份交上。", "Copy it again from the save folder and hand that in."),
        place="latest.pth",
    ),
    Row(
        "weights_readable",
        "failed",
        with_run(extra=lambda place: put(place / "latest.pth", b"epoch_5.pth")),
        seen=(
            "latest.pth 只是指向 epoch_5.pth 的链接，里面没有权重",
            "latest.pth is only a link to epoch_5.pth and holds no weights",
        ),
        hint=("请把 epoch_5.pth 也交上。", "Hand in epoch_5.pth as well."),
        place="latest.pth",
    ),
    Row(
        "weights_readable",
        "failed",
        with_run(extra=lambda place: put(place / "epoch_5.pth", LFS)),
        seen=(
            "epoch_5.pth 只是 Git LFS 的指针，里面没有权重",
            "epoch_5.pth is only a Git LFS pointer and holds no weights",
        ),
        hint=(
            "真正的文件没有传上来：运行 git lfs push，或用网盘交。",
            "The file itself was not uploaded: run git lfs push, or hand it in another way.",
        ),
        place="epoch_5.pth",
    ),
    Row(
        "weights_readable",
        "undecidable",
        with_asked(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
    Row(
        "weights_finite",
        "passed",
        with_run(),
        seen=("11 个数都是", "all of 11"),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_finite",
        "failed",
        with_run(extra=lambda place: weigh(place / BEST, 4, first=float("nan"))),
        seen=("backbone.conv.weight 里有 NaN 或 Infinity", "NaN or Infinity in backbone.conv.weight"),
        hint=(
            "训练发散了：把学习率调小，再训练一次。",
            "The training diverged: lower the learning rate and train again.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "weights_finite",
        "failed",
        with_run(epochs=0, best=None),
        seen=("没有权重文件", "there is no checkpoint"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "weights_finite",
        "undecidable",
        with_asked(),
        seen=("没有训练结果的文件夹", "there is no folder of a training"),
        hint=("请交上 save_fold 指定的文件夹。", "Hand in the folder that save_fold names."),
    ),
    Row(
        "best_checkpoint_matches",
        "passed",
        with_run(),
        seen=("第 4 轮", "epoch 4"),
        wanted=("accuracy_top-1 最高的一轮", "the epoch of the highest accuracy_top-1"),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "best_checkpoint_matches",
        "failed",
        with_run(best=5),
        seen=("文件是第 5 轮，日志最好的是第 4 轮", "the file is of epoch 5, the log's best is 4"),
        wanted=("accuracy_top-1 最高的一轮", "the epoch of the highest accuracy_top-1"),
        hint=(
            "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
            "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
        ),
        place="run.log.json:9",
    ),
    Row(
        "best_checkpoint_matches",
        "failed",
        with_run(best=None),
        seen=("没有 best_*.pth 文件", "there is no best_*.pth"),
        hint=(
            "看一看参数 validate 和 save_best：每轮都要验证，才选得出最佳权重。",
            "Look at the parameters validate and save_best: the best is chosen from the validations.",
        ),
    ),
    Row(
        "best_checkpoint_matches",
        "failed",
        with_run(extra=lambda place: weigh(place / BEST, 2)),
        seen=("文件名是第 4 轮，里面是第 2 轮", "named epoch 4, holds epoch 2"),
        wanted=("accuracy_top-1 最高的一轮", "the epoch of the highest accuracy_top-1"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "best_checkpoint_matches",
        "undecidable",
        with_run(records=None),
        seen=("没有训练日志", "there is no training log"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
    Row(
        "best_checkpoint_matches",
        "undecidable",
        with_run(records=course([1.1, 0.7])),
        seen=("日志里没有 accuracy_top-1", "the log has no accuracy_top-1"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="best_accuracy_top-1_epoch_4.pth",
    ),
)
