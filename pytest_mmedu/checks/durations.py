"""时间检查 | Checks of the times in a log: time, data_time, eta."""

from __future__ import annotations

from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.facts import log_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text


@check("log")
def time_not_below_data_time(subject: Subject) -> Verdict:
    """time 不小于 data_time | Time is not below data_time

    Preparing the data is part of a step.
    """
    log = log_of(subject)
    rows = zip(log.train.time, log.train.data_time, log.train.line, strict=True)
    both = [(time, data, line) for time, data, line in rows if time is not None and data is not None]
    if not both:
        seen = Text("日志里没有 time 和 data_time", "the log has no time and data_time")
        return unknown(seen, hint=UNTOUCHED_TIMES, place=log.place())
    for time, data, line in both:
        if data > time + 0.001:  # the text log has three decimals
            return no(Text.same(f"time {time:g}, data_time {data:g}"), hint=UNTOUCHED_TIMES, place=log.place(line))
    seen = Text(f"{len(both)} 条记录都对", f"right in {figures.many(len(both), 'record')}")
    return yes(seen, place=log.place(both[-1][2]))


@check("log")
def eta_falls(subject: Subject) -> Verdict:
    """eta 在变小 | The eta falls

    The time left is an estimate and may jump; over the whole training it falls.
    """
    log = log_of(subject)
    points = [(eta, line) for eta, line in zip(log.train.eta, log.train.line, strict=True) if eta is not None]
    trend = curves.trend([float(eta) for eta, _ in points])
    if trend is None:
        return unknown(Text("日志里没有 eta", "the log has no eta"), hint=TEXT_LOG, place=log.place())
    seen = Text(f"{points[0][0]} 秒 → {points[-1][0]} 秒", f"{points[0][0]} s → {points[-1][0]} s")
    where = log.place(points[-1][1])
    if trend.slope < 0 and points[-1][0] <= points[0][0]:
        return yes(seen, place=where)
    return no(seen, hint=UNTOUCHED_TIMES, place=where)


UNTOUCHED_TIMES = Text(
    "请交训练自动生成的日志，不要改动它。",
    "Hand in the log as the training wrote it.",
)
TEXT_LOG = Text(
    "eta 只在文本日志（.log）和屏幕输出里有。",
    "Only the text log (.log) and the screen show the eta.",
)
