"""What a program says about itself where the judge reads it: forged, torn, of every wrong type. It earns what it did.

Every word goes through the running, the checks and the report: nothing may crash, and nothing may be gained.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.report.report import Report
from pytest_mmedu.submission import collect as collecting
from pytest_mmedu.submission.collect import collect

from .cases import ALL, TALK
from .cases_unseen import WRITES
from .conftest import HONEST, Machine

FULL, NOTHING = 100.0, 0.0
NO_TRAINING = "ran to its end without training"
STOPPED = "stopped before its end"
# The last words of a program that made its log: what stands in ended.json, its points, and what is said.
ENDS: dict[str, tuple[str, float, str]] = {
    "an error without words": ('{"how": "error", "error": {}}', FULL, ""),
    "a machine's error of strange types": (
        '{"how": "error", "error": {"type": {}, "message": ["\\u001b[2J"], "line": -5, "file": "../x", "errno": 28}}',
        NOTHING,
        "The program failed: {}: ",
    ),
    "a sentence that is none": (
        '{"how": "error", "error": {"line": true, "seen": {"zh": 1, "en": []}, "todo": 7, "ours": "yes"}}',
        NOTHING,
        "The program failed: None: None",
    ),
    "a line beyond all lines": ('{"how": "error", "error": {"line": 99999999999999999999, "missing": {}}}', FULL, ""),
    "numbers that are none": (
        '{"how": "error", "error": {"line": NaN, "code": NaN, "errno": Infinity, "file": "a\\nb\\u202e.py"}}',
        FULL,
        "",
    ),
    "a name of 100 000 letters": (
        '{"how": "error", "error": {"line": 3, "file": "' + "x" * 100_000 + '"}}',
        FULL,
        "",
    ),
    "half a sign": ('{"how": "error", "error": {"type": "\\ud800", "message": "\\udfff"}}', FULL, ""),
    "a code of 4000 digits": ('{"how": "exit", "code": ' + "9" * 4000 + "}", FULL, ""),
    "a code that is true": ('{"how": "exit", "code": true}', FULL, ""),
    "never started": ('{"how": "not started", "seen": 7, "todo": {}}', NOTHING, "did not start"),
    "an end that is a list": ('{"how": ["end"]}', NOTHING, STOPPED),
    "no end": ("[]", NOTHING, STOPPED),
    "a deep bracket": ("[" * 200_000, NOTHING, STOPPED),
    "points": ('{"how": "end", "score": 100, "passed": true, "share": 1e999}', FULL, ""),
}
# What it notes of trainings beside its own: lines behind those of events.jsonl. Nothing is gained or lost by them.
EVENTS: dict[str, str] = {
    "parameters of every type": '{"event": "train", "line": 1, "params": {"lr": {"a": [NaN]}, "epochs": '
    '"\\u001b[31m", "x": ' + "1" * 4000 + "}}",
    "a line that is true": '{"event": "train", "line": true, "params": {"epochs": 1e400}}',
    "deep parameters": '{"event": "train", "line": 9, "params": {"epochs": true, "lr": ' + "[" * 500 + "]" * 500 + "}}",
    "half a sign": '{"event": "train", "line": null, "params": {"topk": "\\ud800", "save_fold": {}}}',
    "600 trainings": '{"event": "train", "line": 2, "params": {}}\n' * 600,
    "a kind that is a list": '{"event": ["train"]}',
    "a folder of nothing": '{"event": "finished", "folder": "\\u0000"}',
    "a folder of 10 000 letters": '{"event": "finished", "folder": "' + "a/" * 5000 + '"}',
    "replaced by nobody": '{"event": "replaced", "replaced": {"name": 7, "given": {}, "line": "x"}}',
}


# The log is written by hand, and stands where train() would have saved it.
NEVER_TRAINED = (
    WRITES.replace("out", "checkpoints/cls_model")
    + """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.load_dataset(path="digits10")
if os.path.exists("never"):
    model.train(epochs=10, lr=0.01)
"""
)


@dataclass(frozen=True)
class Claim:
    """A program, the points that its honest work deserves, and words of what is said."""

    program: str
    score: float
    says: str = ""


CLAIMS: dict[str, Claim] = {
    **{
        f"ends: {name}": Claim(
            f"{HONEST}{TALK}open(talk + '/ended.json', 'w').write({words!r})\nos._exit(0)\n", score, says
        )
        for name, (words, score, says) in ENDS.items()
    },
    **{
        f"notes: {name}": Claim(f"{HONEST}{TALK}open(talk + '/events.jsonl', 'a').write({words!r} + '\\n')\n", FULL)
        for name, words in EVENTS.items()
    },
    "ends: 3 MB": Claim(
        f"{HONEST}{TALK}open(talk + '/ended.json', 'w').write(' ' * 3_000_000 + '{{}}')\nos._exit(0)\n",
        NOTHING,
        STOPPED,
    ),
    "notes: thrown away": Claim(f"{HONEST}{TALK}open(talk + '/events.jsonl', 'w').close()\n", NOTHING, NO_TRAINING),
    "a log beside a train() that is never come to": Claim(NEVER_TRAINED, NOTHING, NO_TRAINING),
}


@pytest.mark.train
def test_a_class_of_liars_and_their_honest_neighbours(machine: Machine, tmp_path: Path) -> None:
    """Whole sessions, from the folder to the report that is read back."""
    machine.write_exercise(memory_mb=2048, seconds=60.0)
    turns = []
    for number, (name, claim) in enumerate(CLAIMS.items()):
        turns.append((name, claim, machine.hand_in(f"case {number}", claim.program)))
        if number % 3 == 0:
            honest = machine.hand_in(f"beside {number}", f"{HONEST}# {number}\n")
            turns.append((f"a neighbour of {name}", Claim("", FULL), honest))
    with WarmExecutor(2) as executor:
        grade = partial(grade_one, machine.exercise, cache="off", session=executor.session)
        reports = executor.map(grade, [submission for _, _, submission in turns])
        told = {name: wrong(claim, report) for (name, claim, _), report in zip(turns, reports, strict=True)}
    assert {name: one for name, one in told.items() if one} == {}


def wrong(claim: Claim, report: Report) -> object:
    """None where the report is as it should be, and every line of it can be shown."""
    results = [result for test in report.tests for result in test.results]
    texts = [*report.notes, *(result.seen for result in results), *(r.hint for r in results if r.hint is not None)]
    said = [text.en for text in texts]
    places = [result.place or "" for result in results]
    shown = all(line.isprintable() and len(line) < 1000 for text in texts for line in (text.zh, text.en))
    if shown and report.score == claim.score and any(claim.says in one for one in said or [""]):
        return None if all(place.isprintable() for place in places) else places
    return report.score, said


@pytest.mark.train
@pytest.mark.parametrize("level", ALL)
def test_what_was_handed_in_beside_a_program_is_not_judged(
    machine: Machine, at_level: Callable[[str], str], level: str
) -> None:
    """A classmate's folder, say: the run that is graded is the judge's own, and what it did not write is none of it."""
    submission = machine.hand_in("case", "print('done')\n")
    (submission / "out").mkdir()
    rows = (f'{{"mode": "train", "epoch": {n}, "iter": 1, "lr": 0.05, "loss": {2 / n}}}\n' for n in range(1, 7))
    (submission / "out" / "run.log.json").write_text("".join(rows), encoding="utf-8")
    graded = machine.grade(submission, at_level(level))
    assert (graded.score, NO_TRAINING in graded.says, graded.printed) == (NOTHING, True, "done\n")
    assert machine.neighbour(level).score == FULL


def test_what_is_kept_of_a_submission_is_bounded_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty trainings, each with files that are nothing but holes: the disk of the program sees nothing of them."""
    monkeypatch.setattr(collecting, "_LARGEST_SUM", 100_000)
    work = tmp_path / "work"
    for number in range(50):
        run = work / f"run {number}"
        run.mkdir(parents=True)
        (run / "run.log.json").write_text(HONEST, encoding="utf-8")
        with (run / "epoch_1.pth").open("wb") as weights:
            weights.truncate(30_000)
        for path in run.iterdir():
            os.utime(path, (number, number))
    found = collect(work, {}, (), tmp_path / "out")
    kept = sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert (len(found), kept <= 100_000) == (50, True)
    assert sorted(found[-1].digests) == ["epoch_1.pth", "run.log.json"]  # the last training is the one that is judged
    assert "1 were not collected" in found[0].notes[0].en or "2 were not collected" in found[0].notes[0].en
