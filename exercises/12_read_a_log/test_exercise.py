"""练习 12 · 读懂日志 | Exercise 12 · Read a log"""

from pytest_mmedu import points
from pytest_mmedu.logs import read_log
from pytest_mmedu.text import Text

BRACKETS = Text(
    "方括号里依次是：第几轮，第几批 / 一轮共几批。", "In the brackets: the epoch, then the batch / how many batches."
)
BY_NAME = Text(
    "在这一行里找名字相同的一项，照抄冒号后面的数。", "Find the item of that name in the line, and copy its number."
)
SECONDS = Text("eta 写成“时:分:秒”，换算成秒。", "The eta is hours:minutes:seconds: work it out in seconds.")
EPOCHS = Text(
    "翻到日志最后：方括号里的第一个数是轮。", "Go to the end of the log: the first number in brackets is the epoch."
)
LOWER = Text(
    "从上往下看 lr，它变小的第一行在哪一轮？",
    "Follow the lr down the log: in which epoch is the first line with a lower one?",
)
LAST = Text(
    "是最后一条训练记录；测验的记录里没有 loss。",
    "In the last record of the training; those of the tests have no loss.",
)
BEST = Text(
    "每一轮的 accuracy_top-1 都要看；top-5 是另一回事。",
    "Look at accuracy_top-1 of every epoch; top-5 is something else.",
)
STOP = Text(
    "loss 一直在降，测验的准确率呢？哪一轮之后就变差了？",
    "The loss falls on; and the accuracy of the tests? After which epoch does it get worse?",
)
GPU = Text("每一行都有的项不用比；哪一行少了一项？", "Most lines have the same items: which one has an item less?")
WAITING = Text(
    "每一行都算一算：data_time 占 time 的多少？", "Work it out for each line: how much of time is data_time?"
)


@points(15)
def test_place(check, variant_files):
    """训练走到了哪里 | How far the training has got"""
    log = read_log(variant_files("one_line.log"))
    check.answer("line_epoch", equals=log.train[0].epoch, where=BRACKETS)
    check.answer("line_batch", equals=log.train[0].iter, where=BRACKETS)
    check.answer("line_batches", equals=log.iters_per_epoch, where=BRACKETS)


@points(30)
def test_line(check, variant_files):
    """这一行里的数 | The numbers of the line"""
    line = read_log(variant_files("one_line.log")).train[0]
    check.answer("line_lr", equals=line.lr, where=BY_NAME)
    check.answer("line_loss", equals=line.loss, within=0.0001, where=BY_NAME)
    check.answer("line_time", equals=line.time, within=0.001, where=BY_NAME)
    check.answer("line_data_time", equals=line.data_time, within=0.001, where=BY_NAME)
    check.answer("line_eta", equals=line.eta, where=SECONDS)
    check.answer("line_memory", equals=line.memory, where=BY_NAME)


@points(40)
def test_run(check, variant_files):
    """整个训练 | The whole training"""
    log = read_log(variant_files("run.log"))
    best = log.best("accuracy_top-1")
    check.answer("run_epochs", equals=log.epochs, where=EPOCHS)
    check.answer("run_lower_lr", equals=next(one.epoch for one in log.train if one.lr < log.train[0].lr), where=LOWER)
    check.answer("run_last_loss", equals=log.train[-1].loss, within=0.0001, where=LAST)
    check.answer("run_best_accuracy", one_of=(best.value, best.value / 100), where=BEST)
    check.answer("run_stop_after", equals=best.epochs[0], where=STOP)


@points(15)
def test_computers(check, variant_files):
    """六台电脑 | Six computers"""
    lines = read_log(variant_files("computers.log")).train
    waiting = max(lines, key=lambda one: one.data_time / one.time)
    check.answer("computer_without_gpu", equals=next(one.line for one in lines if one.memory is None), where=GPU)
    check.answer("computer_waiting", equals=waiting.line, where=WAITING)
