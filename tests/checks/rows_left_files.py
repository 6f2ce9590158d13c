"""What a student says about the files of a training -> the exact sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.checks.subject import Subject
from tests.checks.made import Make, Row, with_asked, with_no_run, with_run
from tests.checks.rows_answers import answered

NOT_FILLED_IN = ("还没有填写", "not filled in")
YOUR_ANSWER = ("把 ... 换成你的答案。", "Put your answer for the dots.")
NO_FILE = ("练习没有写明答案文件", "the exercise names no answers file")
NAME_THE_FILE = (
    '请老师在 exercise.toml 里写上 answers = "answers.toml"。',
    'The teacher should write answers = "answers.toml" in exercise.toml.',
)
STOPPED = ("训练中断：lr 还没有填写", "the training stopped: lr is not filled in")
FILL_IN = ("把 ... 换成你选的值。", "Replace the ... by a value of your choice.")
LOOK_ABOVE = (
    "作业文件夹里找不到？到上一级文件夹里找，再写出从作业文件夹到那里的路径；.. 表示上一级。",
    "Not in your folder? Look in the folder above, and write the way there from your own folder; .. means one up.",
)
FROM_HERE = (
    "别人的电脑上没有这个位置：从作业文件夹开始写，.. 表示上一级文件夹。",
    "Other computers have no such place: begin at your own folder, where .. means the folder above.",
)
LOOK_INSIDE = (
    "用记事本打开看看：要找的文件每行一条记录，写在一对花括号里。",
    "Open the files in an editor: the one asked for has a record in curly brackets on each line.",
)


def answering(text: str, make: Make) -> Make:
    def made(folder: Path) -> Subject:
        return replace(make(folder), answers=answered(f"q = {text}\n")(folder).answers)

    return made


def row(check: str, outcome: str, text: str, make: Make, seen: tuple[str, str] | None = None, **more: Any) -> Row:
    shown = seen or (text.strip("'\""), text.strip("'\""))
    return Row(
        check,
        outcome,
        answering(text, make),
        seen=shown,
        place=more.pop("place", "answers.toml:1"),
        given={"name": "q"},
        **more,
    )


def default(outcome: str, text: str, **more: Any) -> Row:
    return row("default_folder_named", outcome, text, more.pop("make", with_asked(epochs=1)), **more)


def log(outcome: str, text: str, **more: Any) -> Row:
    return row("log_named", outcome, text, more.pop("make", with_run()), **more)


def same(outcome: str, text: str, **more: Any) -> Row:
    return row("same_weights_named", outcome, text, more.pop("make", with_run(extra=distinct)), **more)


def distinct(place: Path) -> None:
    """Weights that change with the epoch: the last two files are the same as ever."""
    from tests.checks.made import weigh

    for epoch in (1, 2, 3, 4):
        weigh(place / f"epoch_{epoch}.pth", epoch, first=epoch / 8)
    weigh(place / "best_accuracy_top-1_epoch_4.pth", 4, first=4 / 8 + 1)


ROWS = (
    default("passed", '"../checkpoints/cls_model"'),
    default("passed", "'..\\checkpoints\\cls_model\\'"),
    default("passed", '"./../checkpoints//cls_model/"', make=with_asked(save_fold=None)),
    default("failed", '"checkpoints/cls_model"', hint=LOOK_ABOVE),
    default("failed", '"./checkpoints/cls_model/"', hint=LOOK_ABOVE),
    default("failed", '"../checkpoints"', hint=LOOK_ABOVE),
    default("failed", "'C:\\checkpoints\\cls_model'", hint=FROM_HERE),
    default("failed", '"/home/li/checkpoints/cls_model"', hint=FROM_HERE),
    default("failed", "3", hint=("写文件夹的路径，加引号。", "Write the path of the folder, in quotes.")),
    default("failed", '"..."', seen=NOT_FILLED_IN, hint=YOUR_ANSWER),
    default(
        "failed",
        '"faces"',
        make=with_asked(save_fold="faces"),
        seen=('save_fold = "faces"', 'save_fold = "faces"'),
        hint=(
            "这次训练要用默认位置：把 save_fold 去掉，训练一次，再找文件在哪里。",
            "This training is to use the default: take save_fold away, train, and look where the files are.",
        ),
        place="homework.py:10",
    ),
    default(
        "failed",
        '"../checkpoints/cls_model"',
        make=with_no_run(),
        seen=STOPPED,
        hint=FILL_IN,
        place="homework.py:12",
    ),
    Row(
        "default_folder_named",
        "undecidable",
        with_asked(epochs=1),
        seen=NO_FILE,
        hint=NAME_THE_FILE,
        given={"name": "q"},
    ),
    log("passed", '".log.json"'),
    log("passed", '"log.json"'),
    log("passed", '"*.LOG.JSON"'),
    log("passed", '"faces/20261123_185026.log.json"'),
    log("failed", '"latest.pth"', hint=LOOK_INSIDE),
    log("failed", '"20261123_185026.log"', hint=LOOK_INSIDE),
    log("failed", '"json"', hint=LOOK_INSIDE),
    log("failed", "1", hint=LOOK_INSIDE),
    log(
        "failed",
        '".log.json"',
        make=with_run(records=None),
        seen=("没有 *.log.json 文件", "there is no *.log.json"),
        hint=(
            "日志在 save_fold 指定的文件夹里：训练真的开始了吗？",
            "The log lies in the folder that save_fold names: did the training really start?",
        ),
        place=None,
    ),
    Row("log_named", "undecidable", with_run(), seen=NO_FILE, hint=NAME_THE_FILE, given={"name": "q"}),
    same("passed", '"epoch_5.pth"'),
    same("passed", "'faces\\epoch_5.pth'"),
    same("passed", '"best_accuracy_top-1_epoch_5.pth"', make=with_run(best=5)),
    same(
        "failed",
        '"best_accuracy_top-1_epoch_4.pth"',
        hint=(
            "latest 的意思是“最新的”：训练结束时，最后写下的是哪一轮的权重？",
            "latest means the newest: the weights of which epoch were written last, when the training ended?",
        ),
    ),
    same(
        "failed",
        '"faces/latest.pth"',
        hint=(
            "问的是另一个文件：它的名字不同，权重却一样。",
            "Another file is asked for: of another name, with the same weights.",
        ),
    ),
    *(
        same(
            "failed",
            text,
            hint=(
                "写一个训练真正留下的 .pth 文件：打开 save_fold 看看里面有哪些。",
                "Name a .pth file that the training really left: open the save folder and look.",
            ),
        )
        for text in ('"epoch_6.pth"', '"run.log.json"', "5")
    ),
    same(
        "failed",
        '"epoch_5.pth"',
        make=with_run(latest=False),
        seen=("没有 latest.pth", "there is no latest.pth"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place=None,
    ),
    same("failed", '"epoch_5.pth"', make=with_no_run(), seen=STOPPED, hint=FILL_IN, place="homework.py:12"),
    Row("same_weights_named", "undecidable", with_run(), seen=NO_FILE, hint=NAME_THE_FILE, given={"name": "q"}),
)
