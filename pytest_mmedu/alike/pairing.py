"""两两比较 | Which submissions of a class are alike: through an index of fingerprints, not every one with every other.

The time grows with the number of submissions, not with its square: a fingerprint that a quarter of the class has, or
more than MOST_OWNERS of a large one, was handed out or is how everybody writes it, and leads to nobody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest

from pytest_mmedu.alike.findings import KINDS, Kind
from pytest_mmedu.alike.traces import Trace

FEW = 4
MOST_OWNERS = 50
MOST_FOUND = 100  # that a teacher can look at
_AT_ONCE = 500_000  # fingerprints that are sorted at one time


@dataclass(frozen=True, slots=True)
class Rule:
    """From when on two files are named: fingerprints that each has of its own, and the share in common of the fewer.

    A program of 20 fingerprints has about 80 tokens that were not handed out, ten lines: two people who solve the same
    small task in five lines often write the same five.
    """

    own: int
    share: float


RULES: Mapping[Kind, Rule] = {"program": Rule(20, 0.6), "log": Rule(8, 0.3), "weights": Rule(1, 1.0)}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that are alike; `others` have the very same fingerprints."""

    first: Trace
    second: Trace
    share: float
    common: frozenset[int]
    others: tuple[str, ...] = ()

    @property
    def students(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.first.student, self.second.student, *self.others)))


def alike_pairs(traces: Iterable[Trace], handed_out: Set[int] = frozenset(), size: int | None = None) -> list[Pair]:
    """The pairs of a class of `size` students (of those with traces, where it is not given), the most alike first.

    The traces of one student stand together.
    """
    of_kind: dict[Kind, list[Trace]] = defaultdict(list)
    students = set()
    for trace in traces:
        students.add(trace.student)
        of_kind[trace.kind].append(trace)
    most = max(FEW, (size or len(students)) // FEW)
    found = [pair for kind in KINDS for pair in _of_kind(of_kind[kind], handed_out, most, RULES[kind])]
    return _once(nlargest(MOST_FOUND, found, key=_weight))


def _weight(pair: Pair) -> tuple[float, int]:
    return pair.share, len(pair.common)


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    """Two students once for each kind of file, by the files that are most alike."""
    found: dict[tuple[Kind, frozenset[str]], Pair] = {}
    for pair in pairs:
        found.setdefault((pair.first.kind, frozenset(pair.students)), pair)
    return list(found.values())


def _of_kind(traces: Sequence[Trace], handed_out: Set[int], most: int, rule: Rule) -> Iterator[Pair]:
    everybody = handed_out | _known_to_many(traces, most)
    groups: dict[bytes, list[Trace]] = {}
    for trace in traces:
        own = sorted(_own(trace, everybody))
        if len(own) >= rule.own:
            groups.setdefault(b"".join(code.to_bytes(8, "little") for code in own), []).append(trace)
    for members in groups.values():
        yield from _same(members, everybody)
    yield from _similar([members[0] for members in groups.values()], everybody, rule)


def _own(trace: Trace, everybody: Set[int]) -> frozenset[int]:
    return frozenset(trace.codes) - everybody


def _known_to_many(traces: Sequence[Trace], most: int) -> frozenset[int]:
    """The fingerprints that more than `most` students have."""
    return frozenset(code for code, owners in _owners(traces) if len({traces[at].student for at in owners}) > most)


def _owners(traces: Sequence[Trace]) -> Iterator[tuple[int, list[int]]]:
    """Each fingerprint with the numbers of the traces that have it; a part of all at a time, for the memory's sake."""
    parts = 1 + sum(len(trace.codes) for trace in traces) // _AT_ONCE
    for part in range(parts):
        found: dict[int, list[int]] = defaultdict(list)
        for at, trace in enumerate(traces):
            for code in set(trace.codes):
                if code % parts == part:
                    found[code].append(at)
        yield from found.items()


def _same(members: Sequence[Trace], everybody: Set[int]) -> Iterator[Pair]:
    first = members[0]
    other = next((one for one in members if one.student != first.student), None)
    if other is not None:
        names = tuple(one.student for one in members)
        yield Pair(first, other, 1.0, _own(first, everybody), names)


def _similar(traces: Sequence[Trace], everybody: Set[int], rule: Rule) -> Iterator[Pair]:
    """Pairs of which neither is the same as the other."""
    shared = {
        code: owners for code, owners in _owners(traces) if 1 < len(owners) <= MOST_OWNERS and code not in everybody
    }
    sizes = [len(_own(trace, everybody)) for trace in traces]
    for at, trace in enumerate(traces):
        for other, count in _met(at, trace.codes, shared).items():
            share = count / min(sizes[at], sizes[other])
            if share >= rule.share and count >= rule.own * rule.share and traces[other].student != trace.student:
                common = _own(trace, everybody) & frozenset(traces[other].codes)
                yield Pair(traces[other], trace, share, common)


def _met(at: int, codes: Collection[int], shared: Mapping[int, Sequence[int]]) -> Counter[int]:
    """How many fingerprints the traces before this one have in common with it."""
    return Counter(other for code in set(codes) for other in shared.get(code, ()) if other < at)
