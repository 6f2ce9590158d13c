"""找出毛病 | What is wrong with a training, as its log shows, and checks of answers that name it.

The other checks of a log find the mistake: a loss that is not finite, one that stays where guessing does, and so on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_mmedu.checks.accuracy import better_than_chance
from pytest_mmedu.checks.answers import answered
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.learning import loss_falls, not_diverged, not_stuck
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.validation import no_over_fitting
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder
    from pytest_mmedu.logs import TrainLog

_BETWEEN_WORDS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class Mistake:
    """`cause` and `change` are the words that answers name it and its remedy by, `where` is the place to look at.

    `shows` says whether a training has it, if it has none of the mistakes before it in MISTAKES.
    """

    cause: Text
    change: Text
    where: Text
    shows: Callable[[Subject], bool]


@check()
def mistake_named(subject: Subject, name: str, *, log: TrainLog, images: ImageFolder | None = None) -> Verdict:
    """说出毛病 | The mistake named

    The answer `name` is the cause of what is wrong with the training of `log`, in the words of MISTAKES, in either
    language. `images` is what it was trained on: without it the level of guessing is not known.
    """
    mistake = mistake_in(log, images)
    words = [one.cause for one in MISTAKES]
    return _judged(subject, name, mistake.cause if mistake else None, words, mistake.where if mistake else _LOOK_AT_LOG)


@check()
def remedy_named(subject: Subject, name: str, *, log: TrainLog, images: ImageFolder | None = None) -> Verdict:
    """说出怎么改 | The remedy named

    The answer `name` is what to change for a training like that of `log`, in the words of MISTAKES.
    """
    mistake = mistake_in(log, images)
    return _judged(subject, name, mistake.change if mistake else None, [one.change for one in MISTAKES], _CAUSE_FIRST)


def mistake_in(log: TrainLog, images: ImageFolder | None = None) -> Mistake | None:
    """The first of MISTAKES that the log shows; None for a training that went well."""
    subject = Subject(log=log, images=images)
    return next((mistake for mistake in MISTAKES if mistake.shows(subject)), None)


def _judged(subject: Subject, name: str, right: Text | None, words: list[Text], where: Text) -> Verdict:
    title = Text(f"答案 {name}", f"Answer {name}")
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return replace(found, title=title)
    seen = Text.same(shown(found.value))
    if right is None:
        return unknown(_NO_MISTAKE, hint=_ANOTHER_LOG, title=title)
    if not any(_says(found.value, one) for one in words):
        return no(seen, _OF_THE_TABLE, hint=_CHOOSE, place=found.place, title=title)
    if _says(found.value, right):
        return yes(seen, place=found.place, title=title)
    return no(seen, hint=where, place=found.place, title=title)


def _says(value: object, word: Text) -> bool:
    return isinstance(value, str) and _plain(value) in (_plain(word.zh), _plain(word.en))


def _plain(text: str) -> str:
    """`LR_too-large` and `lr too large` are one word."""
    return _BETWEEN_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _fails(checked: Callable[[Subject], Result]) -> Callable[[Subject], bool]:
    return lambda subject: checked(subject).outcome == "failed"


def _no_loss(subject: Subject) -> bool:
    """Trained and tested, but no epoch was long enough to leave a record of its loss."""
    return subject.log is not None and not len(subject.log.train) and bool(len(subject.log.val))


# Whoever diverges is also stuck, and whoever is stuck also guesses: the order decides.
MISTAKES = (
    Mistake(
        Text("批太大", "batch too large"),
        Text("减小 batch_size", "lower batch_size"),
        Text("数一数日志里的 loss 有几个：一轮有几步？", "Count the losses in the log: how many steps has an epoch?"),
        _no_loss,
    ),
    Mistake(
        Text("学习率太大", "lr too large"),
        Text("减小 lr", "lower lr"),
        Text(
            "从头到尾看 loss，和乱猜时的损失比一比。",
            "Follow the loss to its end, and compare it with that of guessing.",
        ),
        _fails(not_diverged),
    ),
    Mistake(
        Text("学习率太小", "lr too small"),
        Text("增大 lr", "raise lr"),
        Text(
            "比一比第一个和最后一个 loss：差了多少？", "Compare the first loss with the last: how far apart are they?"
        ),
        _fails(not_stuck),
    ),
    Mistake(
        Text("标签错了", "wrong labels"),
        Text("检查数据集", "check the dataset"),
        Text("loss 和准确率说的是同一件事吗？", "Do the loss and the accuracy tell the same story?"),
        _fails(better_than_chance),
    ),
    Mistake(
        Text("轮数太多", "too many epochs"),
        Text("减小 epochs", "lower epochs"),
        Text(
            "把每一轮的准确率从头看到尾，再和 loss 对照。",
            "Follow the accuracy from the first epoch to the last, then the loss.",
        ),
        _fails(no_over_fitting),
    ),
    Mistake(
        Text("轮数太少", "too few epochs"),
        Text("增大 epochs", "raise epochs"),
        Text(
            "看最后几条记录：loss 和准确率还在变好吗？",
            "Look at the last records: do loss and accuracy still get better?",
        ),
        _fails(loss_falls),
    ),
)
_LOOK_AT_LOG = Text("再看一看日志。", "Look at the log once more.")
_CAUSE_FIRST = Text(
    "先找原因：是哪个参数造成的？再想它该变大还是变小。",
    "Find the cause first: which parameter brought it about? Then: should it be larger or smaller?",
)
_OF_THE_TABLE = Text("应为表里的词", "should be words of the table")
_CHOOSE = Text(
    "请从题目的表里选一个，照着写。", "Choose one from the table of the exercise, and write it as it stands there."
)
_NO_MISTAKE = Text("这份日志看不出毛病", "nothing seems to be wrong with this log")
_ANOTHER_LOG = Text("请老师换一份日志。", "The teacher should take another log.")
