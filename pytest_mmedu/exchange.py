"""工作进程之间的交接 | How a worker tells the controller what was declared: a file, whole or not there at all.

A worker that dies takes what it would have said at its end with it; a file that it left before its first test stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.report.json_file import write_whole
from pytest_mmedu.score import Declared

if TYPE_CHECKING:
    from pytest_mmedu.report.page_evidence import Evidence

_EVIDENCE = ".evidence"


def leave(folder: Path, worker: str, declared: Iterable[Declared]) -> None:
    """Write what a worker declared to a file of its own, whole or not at all."""
    text = json.dumps([one.to_json() for one in declared], ensure_ascii=False)
    write_whole(folder / f"{worker}.json", text)


def leave_evidence(folder: Path, worker: str, evidence: Mapping[str, Evidence]) -> None:
    """Write at a worker's end what it knows of each exercise's submission."""
    text = json.dumps({exercise: one.to_json() for exercise, one in evidence.items()})
    write_whole(folder / f"{worker}{_EVIDENCE}", text)


def gather_evidence(folder: Path, exercise: str) -> Evidence | None:
    """What the workers know together, None where no one left anything."""
    from pytest_mmedu.report.page_evidence import Evidence

    found = None
    for file in sorted(folder.glob(f"*{_EVIDENCE}")):
        left = json.loads(file.read_text("utf-8")).get(exercise)
        if left is not None:
            one = Evidence.from_json(left)
            found = one if found is None else found.and_(one)
    return found


def gather(folder: Path) -> dict[str, Declared]:
    """What all workers declared, by node id. They collect the same tests, so the first order is the order of all."""
    files = sorted(folder.glob("*.json"))
    declared = (Declared.from_json(one) for file in files for one in json.loads(file.read_text("utf-8")))
    unique: dict[str, Declared] = {}
    for one in declared:
        unique.setdefault(one.nodeid, one)
    return unique
