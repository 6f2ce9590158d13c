"""读完之后 | After the last line: one TrainLog out of what the readers found, and what the whole file tells."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from typing import Any

from pytest_mmedu.logs import config_facts, note_texts, runs
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.records import ValRecords
from pytest_mmedu.logs.train_log import Format, TrainLog

_END = 1 << 62
_ENOUGH = 3  # evaluations that show how many epochs lie between them


def finished(into: Builder, source: str, *, encoding: str, lines: int, otherwise: Format = "mmcv json") -> TrainLog:
    """The log of the last run in the file; the runs before it are its `earlier`."""
    into.flush()
    config = _config(into)
    whole = TrainLog(
        source=source,
        format=into.formats.most_common(1)[0][0] if into.formats else otherwise,
        encoding=encoding,
        meta=into.meta or {},
        train=into.train.records,
        val=_named_by_rank(into, config),
        test=into.test.records,
        config=config,
        dumped=into.dumped,
        saved_best=tuple(into.saved_best),
        lines=lines,
    )
    parts = _split(whole, into)
    _note_whole_file(whole, parts, into)
    return replace(parts[-1], notes=into.notes.all(), earlier=tuple(parts[:-1]))


def _config(into: Builder) -> dict[str, Any]:
    facts = config_facts.facts(into.dumped)
    if into.max_iters is not None:
        facts.setdefault("max_iters", into.max_iters)
    return facts


def _named_by_rank(into: Builder, config: dict[str, Any]) -> ValRecords:
    """`accuracy` alone is top-1, unless the config evaluates another rank alone."""
    val, rank = into.val.records, config.get("topk")
    plain = val.original.get("accuracy_top-1") == "accuracy"
    name = f"accuracy_top-{rank}"
    if type(rank) is not int or rank <= 1 or not plain or name in val.metrics:
        return val
    into.notes.add("plain accuracy", None, note_texts.plain_accuracy(rank))
    val.metrics[name] = val.metrics.pop("accuracy_top-1")
    val.original[name] = val.original.pop("accuracy_top-1")
    return val


def _split(whole: TrainLog, into: Builder) -> list[TrainLog]:
    found = runs.jumps(whole.train, whole.val, train_rises=into.train.rises)
    for jump in found:
        if not jump.anew:
            into.notes.add("resumed", jump.line, note_texts.resumed(jump.before, jump.after))
    begins = [0, *(jump.line for jump in found if jump.anew)]
    starts = begins[-runs.MOST_RUNS :]
    parts = [_part(whole, start, stop, into) for start, stop in zip(starts, [*starts[1:], _END], strict=True)]
    if len(parts) > 1:
        text = note_texts.several_runs(len(begins), starts[-1], whole.lines)
        if any(_same(part, parts[-1]) for part in parts[:-1]):
            text = text + note_texts.same_run_twice()
        into.notes.add("several runs", starts[-1], text)
    return parts


def _part(whole: TrainLog, start: int, stop: int, into: Builder) -> TrainLog:
    """The run whose records stand in the lines from `start` to before `stop`."""
    train = whole.train.cut(bisect_left(whole.train.line, start), bisect_left(whole.train.line, stop))
    val, test = (
        part.cut(bisect_left(part.line, start), bisect_left(part.line, stop)) for part in (whole.val, whole.test)
    )
    over_run = into.iter_counts_run or runs.counts_whole_run(train)
    totals = [total for line, total in into.totals if line < stop]
    return replace(
        whole,
        train=train,
        val=val,
        test=test,
        saved_best=tuple(best for best in whole.saved_best if start <= best.line < stop),
        iters_per_epoch=totals[-1] if totals else runs.per_epoch(train) if over_run else None,
        iter_counts="run" if over_run else "epoch",
    )


def _same(one: TrainLog, other: TrainLog) -> bool:
    def content(log: TrainLog) -> tuple[Any, ...]:
        return len(log.train), len(log.val), list(log.train.loss), [record.metrics for record in log.val]

    return content(one) == content(other)


def _note_whole_file(whole: TrainLog, parts: list[TrainLog], into: Builder) -> None:
    last = parts[-1]
    if len(into.formats) > 1 and min(into.formats.values()) > 0:
        into.notes.add(
            "mixed formats", None, note_texts.mixed_formats([name for name, _ in into.formats.most_common()])
        )
    if not len(whole.train) and not len(whole.val):
        if not len(whole.test):
            into.notes.add("no records", None, note_texts.no_records())
    elif not len(last.train):
        into.notes.add("no train records", None, note_texts.no_train())
    first = min((epochs[0] or 0 for epochs in (last.train.epoch, last.val.epoch) if len(epochs)), default=0)
    if first > _first_usual(last):
        into.notes.add("starts late", _first_line(last), note_texts.starts_late(first))


def _first_usual(log: TrainLog) -> int:
    """The first epoch that may be there: without training records the first that was evaluated."""
    if len(log.train):
        return 1
    interval = log.config.get("val_interval")
    return interval if type(interval) is int else _steady_interval(log.val)


def _steady_interval(val: ValRecords) -> int:
    """3 for epochs 3, 6, 9 and also 3, 6, 9, 10: every so many, and the last one; 1 where they are not regular."""
    epochs = [epoch for epoch in val.epoch if epoch is not None]
    regular = len(epochs) >= _ENOUGH and all(epoch == epochs[0] * i for i, epoch in enumerate(epochs[:-1], 1))
    return epochs[0] if regular and epochs[-1] - epochs[-2] <= epochs[0] else 1


def _first_line(log: TrainLog) -> int:
    return min(column[0] for column in (log.train.line, log.val.line) if len(column))
