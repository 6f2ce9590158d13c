"""Runs of the real MMEdu 2.0.0 are judged as the same trainings with mmcls, whatever each of them writes down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.logs import read_log
from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.run import Run

pytestmark = pytest.mark.corpus

# Trainings that both made: ten digits, LeNet.
BOTH = (
    "lenet_d10_adagrad_lr1e-2",
    "lenet_d10_bs16_e20",
    "lenet_d10_bs16_e3",
    "lenet_d10_lr1",
    "lenet_d10_lr10",
    "lenet_d10_lr1e5",
    "lenet_d10_nobs_e3",
    "lenet_d10_novalidate",
)
OF_THE_LOG: dict[str, dict[str, Any]] = {
    "run_finished": {},
    "log_exists": {},
    "log_complete": {},
    "validated_every_epoch": {},
    "parameters_agree": {},
    "iterations_per_epoch": {},
    "log_interval_fits": {},
    "loss_falls": {"by": 0.5},
    "loss_finite": {},
    "not_diverged": {},
    "not_stuck": {},
    "better_than_chance": {},
    "no_over_fitting": {},
    "top5_meaningful": {},
    "time_not_below_data_time": {},
}


def judged(corpus: Path, package: str, name: str) -> Subject:
    """The run as a program with these arguments leaves it; the real package's notes hold them for both."""
    folder = corpus / "made" / package / name
    asked = json.loads((corpus / "made" / "mmedu-2.0.0" / name / "spec.json").read_text("utf-8"))
    names = {row.name for row in PARAMETERS}
    values = {key: AskedValue(value, "given", "homework.py:1") for key, value in asked.items() if key in names}
    run = Run(folder, {row.name: row.default for row in PARAMETERS} | {key: one.value for key, one in values.items()})
    assert run.log is not None
    return Subject(Asked(values, {}, "homework.py:1"), run, None, read_log(run.log), read_dataset("digits10"), folder)


@pytest.mark.parametrize("name", BOTH)
def test_what_both_write_down_gets_the_same_verdict(corpus: Path, name: str) -> None:
    real, other = (judged(corpus, package, name) for package in ("mmedu-2.0.0", "mmcls-0.25.0"))
    for check, given in OF_THE_LOG.items():
        outcomes = [CHECKS[check](subject, **given).outcome for subject in (real, other)]
        assert outcomes[0] == outcomes[1], (check, outcomes)


# Above five classes it logs top-5 alone: what that tells of top-1, and what mmcls's own log says of the same training.
TOP1: dict[str, tuple[str, str]] = {
    "lenet_d10_bs16_e20": ("undecidable", "passed"),
    "lenet_d10_bs16_e3": ("undecidable", "failed"),
    "lenet_d10_lr1e5": ("failed", "failed"),
    "lenet_d10_lr1": ("undecidable", "failed"),
}


@pytest.mark.parametrize("name", TOP1)
def test_top5_alone_never_gives_points_that_top1_would_not(corpus: Path, name: str) -> None:
    found = [
        CHECKS["accuracy"](judged(corpus, package, name), full=0.8, half=0.5).outcome
        for package in ("mmedu-2.0.0", "mmcls-0.25.0")
    ]
    assert tuple(found) == TOP1[name]
