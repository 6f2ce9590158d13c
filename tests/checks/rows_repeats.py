"""A training repeated with one seed, or with another -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.checks.subject import Subject
from tests.checks.made import GOOD, Make, Row, course, train, val, with_asked, with_log, with_no_run

Curve = Sequence[Mapping[str, Any]]
ONE_SEED = (
    "这两次训练的 random_seed 不同：写成同一个数，再看记录。",
    "The random_seed of these two is not the same: make it one number, and look at the records again.",
)
ANOTHER_SEED = (
    "这两次训练的 random_seed 是同一个（不写时是默认值）：换一个数，再看记录。",
    "The random_seed of these two is the same (left out, it is the default): change it, and look at the records again.",
)
SOMETHING_RANDOM = (
    "参数都相同，记录却不同：找一找程序里还有什么是随机的，例如 random 或 shuffle。",
    "The parameters are the same, the records are not: what else in your program is random, such as shuffle?",
)
TIMED = [{**record, "time": 0.25, "data_time": 0.125} for record in GOOD]
OTHER = course([1.1, 0.71, 0.4, 0.3, 0.2], [40.0, 60.0, 74.0, 92.0, 90.0])
WORSE = course([1.1, 0.7, 0.4, 0.3, 0.2], [40.0, 60.0, 74.0, 91.0, 90.0])
NAN = course([1.1, float("nan")])
F1 = [train(1, 1.1), {**val(1), "f1_score": 40.0}]
PRECISION = [train(1, 1.1), {**val(1), "precision": 40.0}]
NO_LOG = ("没有训练日志", "there is no training log")
KEEP_LOG = (
    "每次训练的日志都要留下：给每次训练起一个不同的 save_fold。",
    "The log of each training is needed: give each a save_fold of its own.",
)


def one(curve: Curve = GOOD, **values: Any) -> Make:
    return with_log(curve, **values)


def trainings(*each: Make) -> Make:
    """A program with these trainings, each with a folder of its own."""

    def make(folder: Path) -> Subject:
        made = []
        for number, subject in enumerate(each, start=1):
            place = folder / str(number)
            place.mkdir()
            made.append(subject(place))
        return replace(made[-1], trainings=tuple(made))

    return make


def equal(outcome: str, make: Make, seen: tuple[str, str], **more: Any) -> Row:
    return Row("records_equal", outcome, make, seen=seen, place=more.pop("place", "run.log.json:11"), **more)


def differ(outcome: str, make: Make, seen: tuple[str, str], **more: Any) -> Row:
    return Row("records_differ", outcome, make, seen=seen, place=more.pop("place", "homework.py:10"), **more)


SAME = ("10 条记录都相同", "the same in 10 records")
LOSS = ("第 3 条记录：loss 0.7 和 0.71", "record 3: loss 0.7 and 0.71")

ROWS = (
    equal("passed", trainings(one(random_seed=0), one(TIMED)), SAME),
    equal(  # the log of the first, copied
        "failed",
        trainings(one(random_seed=1), one(random_seed=2)),
        ("10 条记录都相同，种子却不同", "the same in 10 records, although the seeds differ"),
        hint=ONE_SEED,
    ),
    equal("passed", trainings(one(NAN), one(NAN)), ("2 条记录都相同", "the same in 2 records"), place="run.log.json:3"),
    equal("passed", trainings(one(OTHER), one(), one(OTHER)), SAME, given={"trainings": (1, 3)}),
    equal(
        "failed",
        trainings(one(random_seed=1), one(OTHER, random_seed=2)),
        LOSS,
        hint=ONE_SEED,
        place="run.log.json:4",
    ),
    equal(
        "failed",
        trainings(one(random_seed=1), one(WORSE, random_seed=1)),
        ("第 8 条记录：accuracy_top-1 92.0 和 91.0", "record 8: accuracy_top-1 92.0 and 91.0"),
        hint=SOMETHING_RANDOM,
        place="run.log.json:9",
    ),
    equal(
        "failed",
        trainings(one(F1), one(PRECISION)),
        ("第 2 条记录：f1_score 40.0 和 precision 40.0", "record 2: f1_score 40.0 and precision 40.0"),
        hint=SOMETHING_RANDOM,
        place="run.log.json:3",
    ),
    equal(
        "failed",
        trainings(one(random_seed=1, lr=0.1), one(OTHER, random_seed=1, lr=0.2)),
        LOSS,
        hint=(
            "种子相同，可是 lr 不同：除了保存位置，什么都不要改。",
            "The seeds are the same, lr is not: change nothing but the save folder.",
        ),
        place="run.log.json:4",
    ),
    equal(
        "failed",
        trainings(one(epochs=5), one(GOOD[:8], epochs=4)),
        ("10 条和 8 条记录，对不上", "10 and 8 records, which do not go together"),
        hint=(
            "种子相同，可是 epochs 不同：除了保存位置，什么都不要改。",
            "The seeds are the same, epochs is not: change nothing but the save folder.",
        ),
        place="run.log.json",
    ),
    equal(
        "failed",
        one(),
        ("程序只训练了 1 次", "the program trained only once"),
        hint=("数一数：程序里要有几个 train()？", "How many train() calls does the program need? Count them."),
        place=None,
    ),
    equal(
        "failed",
        trainings(one(), with_no_run()),
        ("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
    ),
    equal("undecidable", trainings(one(), with_asked(random_seed=1)), NO_LOG, hint=KEEP_LOG, place=None),
    equal(
        "undecidable",
        trainings(one([]), one([])),
        ("日志里没有记录", "the logs have no records"),
        hint=(
            "把 batch_size 调小一些，或者打开 validate，日志里才有记录。",
            "Take a smaller batch_size, or turn validate on, so that there are records in the log.",
        ),
        place="run.log.json",
    ),
    differ("passed", trainings(one(random_seed=0), one(OTHER, random_seed=1)), LOSS, place="run.log.json:4"),
    differ("failed", trainings(one(random_seed=7), one(random_seed=7)), SAME, hint=ANOTHER_SEED),
    differ("failed", trainings(one(), one()), SAME, hint=ANOTHER_SEED, place="homework.py:9"),
    differ(
        "failed",
        trainings(one(random_seed=7), one(random_seed=8)),
        SAME,
        hint=(
            "种子不同，记录却一模一样：这两份日志是不是同一份？",
            "Two seeds and the very same records: is it one log twice?",
        ),
    ),
    differ(
        "failed",
        trainings(one(random_seed=7, lr=0.1, batch_size=8), one(OTHER, random_seed=8, lr=0.2)),
        ("lr、batch_size 也不一样", "lr, batch_size: not the same either"),
        hint=(
            "只换种子，别的都不改，才知道变化是不是种子带来的。",
            "Change the seed and nothing else: only then do you know what the seed does.",
        ),
    ),
    differ("undecidable", trainings(with_asked(random_seed=1), one()), NO_LOG, hint=KEEP_LOG, place=None),
)
