"""终端上的一行 | One line as a console showed it: colours, progress bars, carriage returns, several records glued.

    2023-02-05 15:36:54,265 - mmcls - INFO - Epoch [1][20/72]	lr: 5.000e-03, eta: 0:02:55, ..., loss: 1.0337
    2023/06/08 17:12:19 - mmengine - INFO - Epoch(train) [1][100/128]  lr: 1.0000e-02  eta: 0:01:19 ...  loss: 1.3758

The head (`Epoch [1][20/72]`) and the pairs after it (`loss: 1.0337`) have the same form in both stacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise

LONGEST_RECORD = 1 << 16

_HEAD = re.compile(
    r"(?P<unit>Epoch|Iter)\s?(?:\((?P<mode>train|val|test)\))?\s{0,12}"
    r"\[\s{0,9}(?P<first>\d{1,9})\s{0,9}(?:/\s{0,9}(?P<first_of>\d{1,9})\s{0,9})?\]"
    r"(?:\s{0,2}\[\s{0,9}(?P<second>\d{1,9})\s{0,9}(?:/\s{0,9}(?P<second_of>\d{1,9})\s{0,9})?\])?"
)
_PAIR = re.compile(
    r"(?<![\w/.\-])([A-Za-z_][\w/.\-]{0,100}):[ \t]{1,12}"
    r"((?:\d{1,5} days?, )?\d{1,5}:\d\d:\d\d|[-+]?(?:nan|inf|\d{1,40}(?:\.\d{0,40})?(?:[eE][-+]?\d{1,4})?))"
    r"(?![\w.]|-\d\d-)"
)
_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,20}[ -/]{0,5}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[@-Z\\-_])")
_UNFINISHED = re.compile(r"(?:Epoch|Iter)\s?(?:\((?:train|val|test)?\)?)?\s*(?:\[[^\[\]]*\]?){0,2}$")
_WHOLE_DECIMALS = re.compile(r"nan|inf|.*\.\d{4,}|.*\d[eE][-+]\d\d")


@dataclass(frozen=True, slots=True)
class ConsoleRecord:
    """A head and the pairs after it. `cut` is set where the file ends within the record."""

    line: int
    unit: str
    mode: str | None
    first: int
    first_of: int | None
    second: int | None
    second_of: int | None
    pairs: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def without_colours(text: str) -> str:
    return _ANSI.sub("", text)


def records(text: str, line: int, *, whole: bool = True) -> Iterator[ConsoleRecord]:
    """All records of one line; of the file's last line (not `whole`) only the values that are surely complete."""
    heads = chain(_HEAD.finditer(text), [None])
    for head, following in pairwise(heads):
        assert head is not None  # only the last of the chain is
        end = len(text) if following is None else following.start()
        body = text[head.end() : min(end, head.end() + LONGEST_RECORD)]
        yield _record(head, body, line, whole or following is not None)


def _record(head: re.Match[str], body: str, line: int, whole: bool) -> ConsoleRecord:
    pairs = dict(_PAIR.findall(body))
    cut = not whole and not _complete(body, pairs)
    if cut and pairs and body.rstrip().endswith(next(reversed(pairs.values()))):
        pairs.popitem()
    cut = cut or (not whole and head["mode"] in (None, "train") and "loss" not in pairs)
    first, first_of, second, second_of = (
        int(number) if (number := head[name]) else None for name in ("first", "first_of", "second", "second_of")
    )
    return ConsoleRecord(line, head["unit"], head["mode"], first or 0, first_of, second, second_of, pairs, cut)


def _complete(body: str, pairs: dict[str, str]) -> bool:
    """Whether a record at the very end of a file can be all of it: both stacks print four decimals."""
    if not pairs:
        return False
    name, value = next(reversed(pairs.items()))
    if not body.rstrip().endswith(value):
        return body.endswith(" ")
    return _WHOLE_DECIMALS.fullmatch(value) is not None or (name in ("time", "data_time") and value[-4:-3] == ".")


def is_unfinished(text: str) -> bool:
    """Whether a line stops within the head of a record."""
    return _UNFINISHED.search(text[-60:]) is not None


@lru_cache(maxsize=4096)
def seconds(eta: str) -> int:
    """`1 day, 3:01:55` in seconds."""
    days, _, clock = eta.rpartition(", ")
    hours, minutes, rest = clock.split(":")
    return int(days.split()[0] if days else 0) * 86400 + int(hours) * 3600 + int(minutes) * 60 + int(rest)
