"""Answers about own pictures, against what the weights see in them -> the exact sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.text import Text
from tests.checks.made import Make, Row, with_images, with_no_run, with_run
from tests.checks.rows_answers import answered

PICTURES = {"one": Path("one.png"), "two": Path("two.png")}
GIVEN = {"pictures": PICTURES}
LENET = {"epochs": 5, "backbone": "LeNet"}
ASK_AGAIN = (
    "用交上的最佳权重再推理一次，抄下它对这张图片的结果；图片和答案别对错了行。",
    "Run inference once more with the best weights that you hand in, and copy what it says of this very picture.",
)
A_NAME = (
    "写推理结果里 pred_class 后面的名字，不是 pred_label 后面的编号。",
    "Write the name that inference shows after pred_class, not the number after pred_label.",
)


def sees(*first: int, why_not: Text | None = None) -> Callable[..., Recomputed | NotEvaluated]:
    """Stands for the judge's other process: the class that it sees in each picture."""

    def evaluate(
        weights: Path,
        *,
        networks: Sequence[str],
        image_size: int | None,
        split: str,
        pictures: Sequence[Path] = (),
    ) -> Recomputed | NotEvaluated:
        assert tuple(pictures) == tuple(PICTURES.values())
        if why_not is not None:
            return NotEvaluated(why_not, Text("再来。", "Again."))
        return Recomputed(networks[0], 3, (-1, -1), tuple((one, (one + 1) % 3) for one in first))

    return evaluate


def seen_as(*first: int, answers: str, why_not: Text | None = None, then: Make | None = None) -> Make:
    """Of the classes c0, c1, c2, as `with_images` makes them."""

    def make(folder: Path) -> Subject:
        subject = with_images(then=then or with_run(params=LENET))(folder)
        return replace(subject, evaluate=sees(*first, why_not=why_not), answers=answered(answers)(folder).answers)

    return make


ROWS = (
    Row(
        "predictions_named",
        "passed",
        seen_as(2, 0, answers='one = "C2"\ntwo = " c0"\n'),
        seen=("one、two 和权重一致", "one, two agree with the weights"),
        given=GIVEN,
    ),
    Row(
        "predictions_named",
        "failed",
        seen_as(2, 0, answers='one = "c1"\ntwo = "c0"\n'),
        seen=("one：写的是 c1，权重认出的不是它", "one: c1, but the weights see another class"),
        hint=ASK_AGAIN,
        place="answers.toml:1",
        given=GIVEN,
        share=0.5,
    ),
    Row(
        "predictions_named",
        "failed",
        seen_as(2, 0, answers="one = 2\ntwo = 0\n"),
        seen=("one：2 不是类别名", "one: 2 is the name of no class"),
        hint=A_NAME,
        place="answers.toml:1",
        given=GIVEN,
    ),
    Row(
        "predictions_named",
        "failed",
        seen_as(2, 0, answers='one = "c2"\ntwo = "..."\n'),
        seen=("还没有填写", "not filled in"),
        hint=("把 ... 换成你的答案。", "Put your answer for the dots."),
        place="answers.toml:2",
        given=GIVEN,
        share=0.5,
    ),
    Row(
        "predictions_named",
        "failed",
        seen_as(2, 0, answers="", then=with_run(epochs=0, best=None)),
        seen=("没有权重文件", "there is no checkpoint"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        given=GIVEN,
    ),
    Row(
        "predictions_named",
        "failed",
        with_no_run(),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
        given=GIVEN,
    ),
    Row(
        "predictions_named",
        "undecidable",
        seen_as(2, 0, answers='one = "c2"\n', why_not=Text("超时", "too slow")),
        seen=("超时", "too slow"),
        hint=("再来。", "Again."),
        place="best_accuracy_top-1_epoch_4.pth",
        given=GIVEN,
    ),
)
