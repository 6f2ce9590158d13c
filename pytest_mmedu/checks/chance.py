"""乱猜的水平 | The level of guessing: what a network that learned nothing shows, in loss and in accuracy."""

from __future__ import annotations

import math
import re

from pytest_mmedu.checks import curves, figures
from pytest_mmedu.checks.facts import class_count, metric_names, metric_points, share_of_hundred, split_size
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.text import Text

STUCK = 0.03  # within this part of ln(classes), or above it
_TOP_K = re.compile(r"accuracy(?:_top-?(\d+))?")


def top_k(metric: str) -> int | None:
    """1 for `accuracy_top-1` and plain `accuracy`, 5 for `accuracy_top-5`, None for another metric."""
    match = _TOP_K.fullmatch(metric)
    return None if match is None else int(match[1] or 1)


def accuracy_metric(subject: Subject) -> str | None:
    """The accuracy of the log with the smallest k: the hardest one."""
    if subject.log is None:
        return None
    ranked = [(k, name) for name in metric_names(subject.log) if (k := top_k(name)) is not None]
    return min(ranked)[1] if ranked else None


def accuracy_at_chance(subject: Subject, classes: int) -> float | None:
    """The best accuracy (0 to 1) of a run whose validations are no better than guessing; None where they are better."""
    metric = accuracy_metric(subject)
    if metric is None or subject.log is None:
        return None
    values = share_of_hundred(metric_points(subject.log, metric))
    guessed = curves.at_chance(values, classes, top_k(metric) or 1, split_size(subject, "val_set"))
    return max(values) if guessed else None


def stuck_at(subject: Subject, last: float) -> int | None:
    """The number of classes at whose ln() the loss has stuck, None where it has left that level.

    Where nobody says how many classes there are, a loss of ln(N) together with an accuracy of 1/N tells N.
    """
    classes = class_count(subject)
    if classes is None:
        classes = round(math.exp(min(last, 8.0)))
        if classes < 2 or accuracy_at_chance(subject, classes) is None:
            return None
    elif accuracy_metric(subject) is not None and accuracy_at_chance(subject, classes) is None:
        return None  # it guesses better than chance: many classes and a short run end near ln(N) honestly
    return classes if last >= (1 - STUCK) * math.log(classes) else None


def guessing(subject: Subject, last: float) -> Text | None:
    """Why a run whose loss ends at `last` has learned nothing, None where it has."""
    classes = stuck_at(subject, last)
    if classes is not None:
        level = figures.loss(math.log(classes))
        return Text(f"停在 ln({classes}) = {level}，等于乱猜", f"ends at ln({classes}) = {level}: guessing")
    classes = class_count(subject)
    best = accuracy_at_chance(subject, classes) if classes else None
    if best is None:
        return None
    shown = figures.fraction(best)
    return Text(f"验证准确率最高 {shown}，等于乱猜", f"the validation accuracy of at most {shown} is guessing")
