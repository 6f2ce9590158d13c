"""原创性 | What several submissions have in common, for the teacher only. It never changes a point.

Dates, hosts, devices and seeds of a log are easily edited; thousands of loss values are not. Two logs are named where a
run of consecutive values is the same in both. Values that hardly change say nothing, nor does what was handed out.
One seed with the same parameters gives honest twins the same values and the same weights: only the times of the steps
never coincide by themselves, so each finding tells whether they do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from pytest_mmedu.text import Text, listing

if TYPE_CHECKING:
    from pytest_mmedu.checkpoint import Checkpoint
    from pytest_mmedu.logs import TrainLog

Values = Sequence[float]
Window = tuple[float, ...]
Row = tuple[float, int, float | None]  # value, line, time of the step

DECIMALS = 4  # what the text log keeps of a loss: so text and JSON of one run compare equal
LOSS_WINDOW, METRIC_WINDOW = 5, 8
LEAST_DIGITS = 14  # significant digits in a window: 0.0001, 0.0000, 0.0002 is no evidence
LEAST_DIFFERENT = 4
FEW = 4
FEW_PICTURES = 6  # of a metric on few pictures many windows look alike


@dataclass(frozen=True, slots=True)
class SharedRun:
    """`length` consecutive values of `metric` are the same from line `first_line` and `second_line` on.

    `times` is the share of these records whose step times are the same as well; None where a log has no times.
    """

    first: str
    second: str
    metric: str
    length: int
    first_line: int | None
    second_line: int | None
    times: float | None

    @property
    def text(self) -> Text:
        zh = f"{self.first} 和 {self.second} 有连续 {self.length} 个 {self.metric} 相同"
        en = f"{self.first} and {self.second} share {self.length} consecutive values of {self.metric}"
        if self.times is None:
            return Text(f"{zh}；参数和种子相同时也会这样", f"{en}; equal parameters and seeds do that too")
        if self.times >= 0.5:
            return Text(f"{zh}，每步用时也相同", f"{en}, and the times of the steps as well")
        return Text(
            f"{zh}，用时不同；参数和种子相同时也会这样",
            f"{en}, not the times; equal parameters and seeds do that too",
        )


@dataclass(frozen=True, slots=True)
class SameWeights:
    """Submissions whose weights are the same, number for number."""

    names: tuple[str, ...]
    fingerprint: str

    @property
    def text(self) -> Text:
        names = listing(self.names)
        return Text(
            f"{names.zh} 的权重完全相同；参数和种子相同时也会这样",
            f"{names.en} have the same weights; equal parameters and seeds do that too",
        )


def shared_runs(logs: Mapping[str, TrainLog], *, starter: Iterable[TrainLog] = ()) -> list[SharedRun]:
    """Every pair of logs with a run in common, the longest run of each pair; `starter` is what was handed out."""
    known = {window for log in starter for track in _tracks(log) for window in track.windows()}
    where: dict[tuple[str, Window], list[tuple[str, int]]] = defaultdict(list)
    tracks: dict[tuple[str, str], _Track] = {}
    for name, log in logs.items():
        for track in _tracks(log):
            tracks[name, track.metric] = track
            for start, window in track.telling(known):
                where[track.metric, window].append((name, start))
    longest: dict[tuple[str, str], SharedRun] = {}
    compared: dict[tuple[str, str, str, int], int] = {}  # how far two tracks at a given shift were compared already
    for (metric, _), places in where.items():
        if len({name for name, _ in places}) > max(FEW, len(logs) // FEW):
            continue  # what a quarter of the class has was handed out, or follows from one seed for all
        for (one, here), (other, there) in combinations(places, 2):
            shift = one, other, metric, there - here
            if one == other or here < compared.get(shift, 0):
                continue
            pair = tracks[one, metric], tracks[other, metric]
            length = _common(pair[0].values, here, pair[1].values, there)
            compared[shift] = here + length
            found = longest.get((one, other))
            if found is None or length > found.length:
                longest[one, other] = _shared(one, other, pair, here, there, length)
    return sorted(longest.values(), key=lambda run: (-run.length, run.first, run.second))


@dataclass(frozen=True, slots=True)
class _Track:
    """One column of a log as it is compared."""

    metric: str
    size: int
    values: Values
    lines: Sequence[int]
    times: Sequence[float | None]

    def windows(self) -> Iterator[Window]:
        return (window for _, window in self.telling(frozenset()))

    def telling(self, known: Set[Window]) -> Iterator[tuple[int, Window]]:
        """The windows that are evidence, with their places; one that equals its neighbour counts once."""
        before: Window | None = None
        for start in range(len(self.values) - self.size + 1):
            window = tuple(self.values[start : start + self.size])
            if window != before and window not in known and self._tells(window):
                yield start, window
            before = window

    def _tells(self, window: Window) -> bool:
        different = set(window)
        if self.size == METRIC_WINDOW:
            return len(different) >= FEW_PICTURES
        return len(different) >= LEAST_DIFFERENT and sum(map(_digits, different)) >= LEAST_DIGITS


def _digits(value: float) -> int:
    """Significant digits of a rounded value: 5 for 2.2821, 1 for 0.0003."""
    return len(str(round(abs(value) * 10**DECIMALS)).strip("0"))


def _tracks(log: TrainLog) -> list[_Track]:
    """The losses and each metric of all runs in a file, one after another."""
    rows: dict[str, list[Row]] = {"loss": []}
    for part in (*log.earlier, log):
        train, val = part.train, part.val
        rows["loss"] += _known(zip(train.loss, train.line, train.time, strict=True))
        for metric, values in val.metrics.items():
            found = _known((value, line, None) for value, line in zip(values, val.line, strict=True))
            rows.setdefault(metric, []).extend(found)
    return [_track(metric, LOSS_WINDOW if metric == "loss" else METRIC_WINDOW, found) for metric, found in rows.items()]


def _known(rows: Iterable[tuple[float | None, int, float | None]]) -> Iterator[Row]:
    return ((value, line, time) for value, line, time in rows if value is not None)


def _track(metric: str, size: int, rows: Sequence[Row]) -> _Track:
    values = [round(value, DECIMALS) for value, _, _ in rows]
    return _Track(metric, size, values, [line for _, line, _ in rows], [time for _, _, time in rows])


def _common(one: Values, here: int, other: Values, there: int) -> int:
    """How many values from these places on are the same."""
    most = min(len(one) - here, len(other) - there)
    return next((at for at in range(most) if one[here + at] != other[there + at]), most)


def _shared(one: str, other: str, pair: tuple[_Track, _Track], here: int, there: int, length: int) -> SharedRun:
    first, second = pair
    times = [
        (a, b)
        for a, b in zip(first.times[here : here + length], second.times[there : there + length], strict=True)
        if a is not None and b is not None
    ]
    same = sum(abs(a - b) < 0.0006 for a, b in times) / len(times) if times else None
    return SharedRun(one, other, first.metric, length, first.lines[here], second.lines[there], same)


def same_weights(checkpoints: Mapping[str, Checkpoint], *, starter: Iterable[Checkpoint] = ()) -> list[SameWeights]:
    """Groups of submissions with identical weights, but for weights that were handed out."""
    handed_out = {checkpoint.fingerprint for checkpoint in starter}
    groups: dict[str, list[str]] = defaultdict(list)
    for name, checkpoint in checkpoints.items():
        groups[checkpoint.fingerprint].append(name)
    return [
        SameWeights(tuple(sorted(names)), fingerprint)
        for fingerprint, names in sorted(groups.items())
        if len(names) > 1 and fingerprint not in handed_out
    ]
