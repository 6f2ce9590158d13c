"""A program may write whatever it likes into its own run folder: its weights say what is true of that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options

from .cases_forged import FORGED, MODEL
from .conftest import Machine

pytestmark = pytest.mark.train

EXERCISE = 'id = "forged"\ntitle = { zh = "伪造", en = "Forged" }\ndataset = "digits10"\n[budget]\nseconds = 120\n'
# Fifty points each.
JUDGED: dict[str, dict[str, Any]] = {"loss_falls": {"by": 0.3}, "accuracy": {"full": 0.6}}


def test_forged_evidence_earns_what_was_learned(machine: Machine) -> None:
    """Side by side, the honest one among them; what the judge does with the files is the same at every level."""
    (machine.exercise / "exercise.toml").write_text(EXERCISE, encoding="utf-8")
    folders = [machine.hand_in(str(number), MODEL + one.program) for number, one in enumerate(FORGED.values())]
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(FORGED, pool.map(lambda folder: judged(machine, folder), folders), strict=True))
    wanted = {name: (one.score, [True, True]) for name, one in FORGED.items()}
    told = {
        name: (score, [words in one for words, one in zip(FORGED[name].says, says, strict=True)])
        for name, (score, says) in found.items()
    }
    assert told == wanted, found


SLOW = 'script = "homework.py"\nanswers = "homework.py"\n'
FLAT = "rewrite(lambda line: {**line, 'loss': 2.3 - line['epoch'] / 1000} if 'loss' in line else line)\n"
BY_THE_LOG: dict[str, tuple[str, bool, str]] = {
    "hardly moves": ("train(0.0005)\n", True, ""),
    "is said to": (
        "train(0.05)\n" + FLAT,
        False,
        "but the weights did learn: their loss on the validation pictures is",
    ),
    "is said to, and has no weights": (
        "train(0.05)\n" + FLAT + "for path in glob.glob('out/*.pth'): os.remove(path)\n",
        False,
        "there is no checkpoint that bears out the log",
    ),
}


def test_bad_news_that_earns_points_is_looked_into_as_well(machine: Machine) -> None:
    """Where a training is to come to nothing, as one with steps that are far too small."""
    (machine.exercise / "exercise.toml").write_text(EXERCISE.replace("dataset", f"{SLOW}dataset"), encoding="utf-8")
    found = {}
    for name, (program, _, says) in BY_THE_LOG.items():
        subject = handed_in(machine, machine.hand_in(name, MODEL + program + "slow = 1\n"))
        result = CHECKS["training_named"](subject, "slow", behaves="slow")
        found[name] = (program, result.outcome == "passed", says if says in result.seen.en else result.seen.en)
    assert found == BY_THE_LOG


def judged(machine: Machine, submission: Path) -> tuple[float, list[str]]:
    subject = handed_in(machine, submission)
    results = [CHECKS[name](subject, **given) for name, given in JUDGED.items()]
    return sum(50 * result.share for result in results), [result.seen.en for result in results]


def handed_in(machine: Machine, submission: Path) -> Subject:
    options = Options(submission=submission, cache="off", isolation=machine.boxes.strongest().level)
    return HandedIn(machine.exercise, options, machine.scratch, machine.boxes).subject
