"""重复训练 | Checks of a training that was repeated: with one seed the same records, with another seed others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from pytest_mmedu.checks import figures
from pytest_mmedu.checks.facts import chosen, chosen_value, log_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_LOG, Verdict, because, check, no, unknown, yes
from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.text import Text, listing

if TYPE_CHECKING:
    from pytest_mmedu.logs import TrainLog

_NOT_COMPARED = {"random_seed", "save_fold"}  # the one is judged, the other has to differ


@check()
def records_equal(subject: Subject, *, trainings: tuple[int, int] = (1, 2)) -> Verdict:
    """记录逐条相同 | Equal record by record

    Two trainings of one program: every loss and every metric of their logs. How long a step took is not compared.
    """
    first, second = trainings
    title = Text(f"第 {first} 次和第 {second} 次的记录相同", f"Trainings {first} and {second} have equal records")
    one, other = _both(subject, trainings)
    found = _compared(one, other)
    if found.outcome == "passed" and _seeds_differ(one, other):  # no two trainings do that
        seen = Text(f"{found.seen.zh}，种子却不同", f"{found.seen.en}, although the seeds differ")
        found = no(seen, hint=ONE_SEED, place=found.place)
    return replace(found, title=title)


@check()
def records_differ(subject: Subject, *, trainings: tuple[int, int] = (1, 2)) -> Verdict:
    """记录不同 | Different records

    Two trainings of one program that differ in their seed and in nothing else.
    """
    first, second = trainings
    title = Text(f"第 {first} 次和第 {second} 次的记录不同", f"Trainings {first} and {second} have different records")
    return replace(_differing(*_both(subject, trainings)), title=title)


def _both(subject: Subject, trainings: tuple[int, int]) -> tuple[Subject, Subject]:
    first, second = trainings
    return subject.training(first), subject.training(second)


def _compared(one: Subject, other: Subject) -> Verdict:
    missing = _without_log(one) or _without_log(other)
    if missing is not None:
        return missing
    log = log_of(other)
    mine, its = list(_records(log_of(one))), list(_records(log))
    if not mine and not its:
        return unknown(NO_RECORDS, hint=MORE_STEPS, place=log.place())
    if [record.step for record in mine] != [record.step for record in its]:
        seen = Text(
            f"{len(mine)} 条和 {len(its)} 条记录，对不上",
            f"{len(mine)} and {len(its)} records, which do not go together",
        )
        return no(seen, hint=_why(one, other), place=log.place())
    for number, (left, right) in enumerate(zip(mine, its, strict=True), start=1):
        if repr(left.values) != repr(right.values):  # as text, NaN is equal to NaN
            return no(_difference(number, left, right), hint=_why(one, other), place=log.place(right.line))
    seen = Text(f"{len(its)} 条记录都相同", f"the same in {figures.many(len(its), 'record')}")
    return yes(seen, place=log.place(its[-1].line))


def _differing(one: Subject, other: Subject) -> Verdict:
    found = _compared(one, other)
    if _without_log(one) or _without_log(other) or found.outcome == "undecidable":
        return found
    where = chosen(other, "random_seed").place or other.asked.place
    changed = listing(_changed(one, other))
    if changed.en:
        seen = Text(f"{changed.zh} 也不一样", f"{changed.en}: not the same either")
        return no(seen, hint=SEED_ALONE, place=where)
    if found.outcome == "failed":
        return yes(found.seen, place=found.place)
    return no(found.seen, hint=ANOTHER_SEED if _same_seed(one, other) else SAME_LOG, place=where)


def _without_log(subject: Subject) -> Verdict | None:
    if subject.no_run is not None:
        return because(subject.no_run)
    return unknown(NO_LOG, hint=KEEP_LOG) if subject.log is None else None


def _why(one: Subject, other: Subject) -> Text:
    """What to do about a difference."""
    if not _same_seed(one, other):
        return ONE_SEED
    changed = listing(_changed(one, other))
    if not changed.en:
        return SOMETHING_RANDOM
    return Text(
        f"种子相同，可是 {changed.zh} 不同：除了保存位置，什么都不要改。",
        f"The seeds are the same, {changed.en} is not: change nothing but the save folder.",
    )


def _same_seed(one: Subject, other: Subject) -> bool:
    return bool(chosen_value(one, "random_seed") == chosen_value(other, "random_seed"))


def _seeds_differ(one: Subject, other: Subject) -> bool:
    """A seed that nobody knows differs from none."""
    seeds = [chosen_value(each, "random_seed") for each in (one, other)]
    return ... not in seeds and seeds[0] != seeds[1]


def _changed(one: Subject, other: Subject) -> list[str]:
    """The parameters besides the seed that are not the same."""
    names = (row.name for row in PARAMETERS if row.name not in _NOT_COMPARED)
    pairs = ((name, chosen_value(one, name), chosen_value(other, name)) for name in names)
    return [name for name, mine, its in pairs if mine is not ... and its is not ... and mine != its]


class _Record(NamedTuple):
    """A line of the log: at which step, and its loss or its metrics by name."""

    line: int
    step: tuple[str, int | None, int | None]
    values: tuple[tuple[str, float | None], ...]


def _records(log: TrainLog) -> Iterator[_Record]:
    """All lines of a log in their order."""
    train = (_Record(row.line, ("train", row.epoch, row.iter), (("loss", row.loss),)) for row in log.train)
    val = (_Record(row.line, ("val", row.epoch, row.iter), tuple(sorted(row.metrics.items()))) for row in log.val)
    yield from sorted((*train, *val), key=lambda record: record.line)


def _difference(number: int, one: _Record, other: _Record) -> Text:
    """`record 2: loss 0.6912 and 0.6899`"""
    pairs = zip_longest(one.values, other.values, fillvalue=("—", None))
    (name, value), (its_name, its_value) = next(pair for pair in pairs if repr(pair[0]) != repr(pair[1]))
    named = "" if its_name == name else f"{its_name} "
    seen = Text(f"{name} {value} 和 {named}{its_value}", f"{name} {value} and {named}{its_value}")
    return Text(f"第 {number} 条记录：{seen.zh}", f"record {number}: {seen.en}")


ONE_SEED = Text(
    "这两次训练的 random_seed 不同：写成同一个数，再看记录。",
    "The random_seed of these two is not the same: make it one number, and look at the records again.",
)
ANOTHER_SEED = Text(
    "这两次训练的 random_seed 是同一个（不写时是默认值）：换一个数，再看记录。",
    "The random_seed of these two is the same (left out, it is the default): change it, and look at the records again.",
)
SEED_ALONE = Text(
    "只换种子，别的都不改，才知道变化是不是种子带来的。",
    "Change the seed and nothing else: only then do you know what the seed does.",
)
SOMETHING_RANDOM = Text(
    "参数都相同，记录却不同：找一找程序里还有什么是随机的，例如 random 或 shuffle。",
    "The parameters are the same, the records are not: what else in your program is random, such as shuffle?",
)
SAME_LOG = Text(
    "种子不同，记录却一模一样：这两份日志是不是同一份？",
    "Two seeds and the very same records: is it one log twice?",
)
KEEP_LOG = Text(
    "每次训练的日志都要留下：给每次训练起一个不同的 save_fold。",
    "The log of each training is needed: give each a save_fold of its own.",
)
NO_RECORDS = Text("日志里没有记录", "the logs have no records")
MORE_STEPS = Text(
    "把 batch_size 调小一些，或者打开 validate，日志里才有记录。",
    "Take a smaller batch_size, or turn validate on, so that there are records in the log.",
)
