"""日志的显示 | A training log as `pytest-mmedu log` shows it: summary, table per epoch, small plots."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.report.dot_plot import plot
from pytest_mmedu.report.layout import CHINESE, block, can_show, clean, for_console
from pytest_mmedu.report.log_rows import EpochRow, Point, epoch_rows, loss_points, metric_points, thinned
from pytest_mmedu.report.svg_plot import Panel, write_svg
from pytest_mmedu.text import Lang, Text, listing, pad, width

MOST_ROWS = 16
_HEAD = 14
_NAME = 46  # the rest of the first line: format, encoding and number of lines
_LONGEST_HEAD = 30  # of a metric
_CELL = 10
_HUGE = 1e6
_BRAILLE = "⣿│└─★"
_LOSS, _RATE, _TIME, _EPOCH = Text("损失", "loss"), Text("学习率", "lr"), Text("秒/批", "s/iter"), Text("轮", "epoch")
_ACCURACY = Text("准确率", "accuracy")


def show_log(
    log: TrainLog | Path | str, *, lang: Lang, plot: Path | None = None, console: TextIO | None = None
) -> None:
    """Writes a log to the console, and its curves to the SVG file `plot`. Raises LogError for what is no log."""
    log = log if isinstance(log, TrainLog) else read_log(log)
    stream = console or sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    readable: Lang = lang if can_show(CHINESE, encoding) else "en"
    text = log_text(log, readable, unicode=can_show(_BRAILLE, encoding))
    if readable != lang:
        text += "\n\nThis console cannot show Chinese, so the log is shown in English."
    stream.write(for_console(text, encoding) + "\n")
    if plot is not None:
        saved = save_plot(log, plot, readable)
        stream.write(for_console(saved.in_lang(readable), encoding) + "\n")


def log_text(log: TrainLog, lang: Lang, *, unicode: bool = True) -> str:
    """The whole view, at most 80 columns wide."""
    parts = [list(_summary(log, lang)), list(_table(log, lang, unicode)), *_plots(log, lang, unicode)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def save_plot(log: TrainLog, path: Path, lang: Lang) -> Text:
    """Writes the curves that the log has; says what was written or why not."""
    losses = loss_points(log)
    curves = {name: metric_points(log, name) for name in log.metric_names if name.startswith("accuracy")}
    curves = {name: points for name, points in curves.items() if points}
    panels = [Panel(_LOSS, {"loss": losses})] if losses else []
    panels += [Panel(Text("准确率（%）", "accuracy (%)"), curves)] if curves else []
    if not panels:
        return Text("日志里没有可以画的曲线，没有写图。", "The log has no curve to draw: no plot was written.")
    write_svg(path, panels, lang)
    return Text(f"曲线图：{path}", f"Plot: {path}")


def _cut(text: str, columns: int) -> str:
    """The text in at most so many columns, its end kept: names differ there."""
    if width(text) <= columns:
        return text
    while width(text) >= columns:
        text = text[1:]
    return "…" + text


def _measured(value: float) -> str:
    """93.75; what cannot be a percentage without a row of digits."""
    return f"{value:.2f}" if abs(value) < _HUGE else f"{value:.4g}"


def _summary(log: TrainLog, lang: Lang) -> Iterator[str]:
    lines = Text(f"{log.lines} 行", f"{log.lines} lines").in_lang(lang)
    yield " · ".join(part for part in (_cut(clean(log.source), _NAME), log.format, log.encoding, lines) if part)
    for name, text in _facts(log):
        yield from block(
            " " + pad(_cut(clean(name.in_lang(lang)), _LONGEST_HEAD), _HEAD - 1) + " ", clean(text.in_lang(lang))
        )
    for note in log.notes:
        place = Text("", "") if note.line is None else Text(f"第 {note.line} 行：", f"line {note.line}: ")
        head = " " + pad(Text("说明", "note").in_lang(lang), _HEAD)
        yield from block(head, place.in_lang(lang) + note.text.in_lang(lang))


def _facts(log: TrainLog) -> Iterator[tuple[Text, Text]]:
    config = log.config
    if log.epochs is not None:
        planned = config.get("max_epochs")
        of = Text("", "") if planned is None else Text(f"（配置里是 {planned} 轮）", f"(the config says {planned})")
        yield Text("轮数", "epochs"), Text.same(log.epochs) + of
    if log.iters_per_epoch:
        yield Text("每轮批数", "iters/epoch"), Text.same(log.iters_per_epoch)
    losses = [loss for loss in log.train.loss if loss is not None]
    if losses:
        yield _LOSS, Text.same(f"{losses[0]:.4g} → {losses[-1]:.4g}")
    yield from _rates(log)
    for name in log.metric_names:
        yield Text.same(_short(name)), _best(log, name)
    for record in log.test:
        values = ", ".join(f"{_short(name)} {_measured(value)}" for name, value in record.metrics.items())
        yield Text("测试", "test"), Text.same(values)
    if log.saved_best:
        saved = log.saved_best[-1]
        file = "" if saved.file is None else f"{saved.file} "
        where = Text(f"（第 {saved.epoch} 轮）", f" (epoch {saved.epoch})")
        yield (
            Text("最佳权重", "saved best"),
            Text.same(f"{file}{_short(saved.metric)} {_measured(saved.value)}") + where,
        )
    known = [(Text("类别数", "classes"), "num_classes"), (Text("优化器", "optimizer"), "optimizer")]
    yield from ((head, Text.same(config[key])) for head, key in known if _simple(config.get(key)))


def _simple(value: Any) -> bool:
    return isinstance(value, (str, int, float))


def _rates(log: TrainLog) -> Iterator[tuple[Text, Text]]:
    rates = [rate for rate in (log.train.lr if len(log.train) else log.val.lr) if rate is not None]
    if rates:
        yield _RATE, Text.same(f"{rates[0]:g}" + ("" if rates[0] == rates[-1] else f" → {rates[-1]:g}"))


def _best(log: TrainLog, name: str) -> Text:
    best = log.best(name)
    if best is None:
        return Text("没有数值（NaN）", "no number (NaN)")
    epochs = list(dict.fromkeys(epoch for epoch in best.epochs if epoch is not None))  # a resumed run repeats some
    at, count = listing(epochs[:3]), len(epochs)
    if count > 3:
        at = Text(f"{at.zh}……共 {count} ", f"{at.en}, ... {count} in all")
    where = Text(f"（第 {at.zh.strip()} 轮）", f" (epoch {at.en})") if epochs else Text("", "")
    last = log.val.metrics[name][-1]
    end = Text("", "") if last is None else Text(f"，最后 {_measured(last)}", f", last {_measured(last)}")
    return Text(f"最好 {_measured(best.value)}{where.zh}{end.zh}", f"best {_measured(best.value)}{where.en}{end.en}")


def _short(metric: str) -> str:
    """`accuracy_top-1` as it is said: top-1."""
    return metric.removeprefix("accuracy_")


def _table(log: TrainLog, lang: Lang, unicode: bool) -> Iterator[str]:
    """A row per epoch, thinned; the best epoch is marked and always there."""
    rows = epoch_rows(log)
    if not rows:
        return
    best = log.best(main) if (main := _main(log)) else None
    marked = best.epochs[0] if best else None
    kept = thinned(rows, MOST_ROWS, [] if marked is None else [marked])
    columns = [(head.in_lang(lang), [cell(row) for row in kept]) for head, cell in _columns(log)]
    columns = [(head, cells) for head, cells in columns if any(cells)]
    yield _line([_cut(head, _CELL) for head, _ in columns])
    star = " ★" if unicode else " *"
    for i, row in enumerate(kept):
        yield _line([cells[i] or "-" for _, cells in columns]) + (star if row.epoch == marked else "")
    if len(kept) < len(rows):
        text = Text(f"（{len(rows)} 轮中的 {len(kept)} 轮）", f"({len(kept)} of {len(rows)} epochs)")
        yield " " + text.in_lang(lang)


def _main(log: TrainLog) -> str | None:
    """The metric that the view is about: top-1, else the first accuracy there is."""
    return next((name for name in sorted(log.metric_names) if name.startswith("accuracy")), None)


def _columns(log: TrainLog) -> Iterator[tuple[Text, Callable[[EpochRow], str]]]:
    yield _EPOCH, lambda row: str(row.epoch)
    yield _LOSS, lambda row: _cell(row.loss)
    yield _RATE, lambda row: _cell(row.lr)
    for name in [name for name in log.metric_names if name.startswith("accuracy")][:3]:
        yield Text.same(_short(name)), lambda row, name=name: _percentage(row.metrics.get(name))  # type: ignore[misc]
    yield _TIME, lambda row: _cell(row.time)


def _percentage(value: float | None) -> str:
    return "" if value is None else _measured(value)


def _cell(value: float | None, form: str = ".4g") -> str:
    return "" if value is None else format(value, form)


def _line(cells: list[str]) -> str:
    return " ".join(pad(cell, 7 if i == 0 else _CELL, right=True) for i, cell in enumerate(cells))


def _plots(log: TrainLog, lang: Lang, unicode: bool) -> Iterator[list[str]]:
    for title, points in _curves(log):
        if lines := plot(points, unicode=unicode):
            yield [" " * 11 + title.in_lang(lang), *lines]


def _curves(log: TrainLog) -> Iterator[tuple[Text, list[Point]]]:
    yield _LOSS, loss_points(log)
    if main := _main(log):
        name = _short(main)
        yield Text(f"{name} {_ACCURACY.zh}（%）", f"{name} {_ACCURACY.en} (%)"), metric_points(log, main)
