"""指标的名字 | Names of metrics: every stack spells them its own way, here each has one.

accuracy_top-1   accuracy/top1   accuracy      ->  accuracy_top-1
f1_score         single-label/f1-score         ->  f1_score
"""

from __future__ import annotations

import re
from functools import lru_cache

_TOP = re.compile(r"(?:accuracy[_/])?top-?_?(\d{1,4})")
_LABELLED = re.compile(r"(?:single|multi)-label/(.+)")
_KNOWN = re.compile(r"accuracy_top-\d+|(?:precision|recall|f1_score|support|mAP|CP|CR|CF1|OP|OR|OF1)\b.*")

TIMES = frozenset({"time", "data_time"})
NOT_METRICS = TIMES | {"mode", "epoch", "iter", "step", "lr", "base_lr", "memory", "eta", "momentum"}


@lru_cache(maxsize=1024)
def normalised(name: str) -> str:
    """The one name of a metric; a name that is not known stays as it is."""
    labelled = _LABELLED.fullmatch(name)
    plain = labelled[1].replace("f1-score", "f1_score") if labelled else name
    if plain == "accuracy":
        return "accuracy_top-1"
    top = _TOP.fullmatch(plain)
    return f"accuracy_top-{int(top[1])}" if top else plain


def is_evaluation(name: str) -> bool:
    """Whether a name, normalised or not, is one that an evaluation gives, and not any number by any name."""
    return _KNOWN.match(normalised(name)) is not None
