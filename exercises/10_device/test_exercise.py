"""练习 10 · 在哪里计算 | Exercise 10 · Where to compute"""

import json
from pathlib import Path

from pytest_mmedu import Text, points
from pytest_mmedu.params import DEVICES, problems

CPU, GPU = DEVICES
ON_A_CPU = {"mode", "epoch", "iter", "lr", "data_time", "loss", "time"}
GPU_LOG = Path(__file__).with_name("on_a_gpu.log.json")


@points(40)
def test_choice(check):
    """有没有显卡都能选 | A choice with and without a GPU"""
    check.function("choose_device", examples=[(True,), (False,)], reference=lambda gpu: GPU if gpu else CPU)


@points(30)
def test_training(check):
    """在这台电脑上训练 | The training on this computer"""
    check.parameters_valid()
    check.run_finished()


@points(30)
def test_answers(check):
    """两个问题 | Two questions"""
    refusal = problems({"device": "no such device"})[0]
    check.answer("error_code", equals=refusal.code, title=ERROR, where=TRY_IT)
    record = json.loads(GPU_LOG.read_text("utf-8").splitlines()[1])
    check.answer("only_on_a_gpu", one_of=set(record) - ON_A_CPU, title=ITEM, where=COMPARE)


ERROR = Text("错误编号", "The number of the error")
TRY_IT = Text(
    "在没有这块显卡的电脑上试一次：负号也是编号的一部分。",
    "Try it on a computer without that GPU: the minus belongs to the number.",
)
ITEM = Text("只有显卡上才有的一项", "The item of a GPU alone")
COMPARE = Text(
    "把两份日志里 mode 是 train 的行放在一起，一项一项地对。",
    "Put the lines with mode train of both logs side by side and compare item by item.",
)
