"""The checks on real student logs: their loss trends, the 21 special cases, and the one copied pair."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks import CHECKS, Subject, curves, originality
from pytest_mmedu.checks.facts import loss_points
from pytest_mmedu.errors import CheckpointError, LogError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.result import Result
from tests.checks.made import ASKED

pytestmark = pytest.mark.corpus
Labels = dict[str, dict[str, Any]]
Logs = dict[str, TrainLog]


@pytest.fixture(scope="module")
def labels(corpus: Path) -> Labels:
    found: Labels = json.loads((corpus / "log_labels.json").read_text("utf-8"))
    return {name.removeprefix("logs/"): label for name, label in found.items()}


@pytest.fixture(scope="module")
def logs(corpus: Path, labels: Labels) -> Logs:
    """Every file that is a log; the others hold prose."""
    found = {}
    for name in labels:
        try:
            found[name] = read_log(corpus / "logs" / name)
        except LogError:
            assert labels[name]["n_lines"] is not None
            assert labels[name]["epochs"] is None
    return found


def test_loss_trends_agree_with_the_labels(logs: Logs, labels: Labels, capsys: pytest.CaptureFixture[str]) -> None:
    trends = {}
    for name, log in logs.items():
        trend = curves.loss_trend([(point.epoch, point.value) for point in loss_points(log)])
        trends[name] = "undecidable" if trend is None else "yes" if trend.falling else "flat"
    labelled = {name: str(labels[name]["loss_decreasing"]).partition("(")[0] for name in logs}
    differing = {name: (trends[name], labelled[name]) for name in logs if trends[name] != labelled[name]}
    with capsys.disabled():
        print(f"\n{len(logs) - len(differing)} of {len(logs)} loss trends agree with the labels")  # noqa: T201
    assert differing == {}


def test_every_check_judges_every_log(logs: Logs) -> None:
    """No log makes a check raise, and none gets a verdict without evidence in both languages."""
    arguments: dict[str, dict[str, Any]] = {
        "param": {"name": "lr", "at_least": 0},
        "accuracy": {"full": 0.9},
        "accuracy_recomputed": {"full": 0.9},
        "best_named": {"epoch": 1},
        "field": {"path": "optimizer.lr", "at_least": 0},
        **{name: dict(given) for name, given in ASKED.items()},
        "answer": {"name": "epochs_run", "equals": 5},
        "function": {"name": "double", "examples": [(1,)], "reference": abs},
    }
    for name, log in logs.items():
        for check in CHECKS:
            result = CHECKS[check](Subject(log=log), **arguments.get(check, {}))
            assert result.seen.zh, (name, check)
            assert result.seen.en, (name, check)


Verdict = Callable[[TrainLog], bool]


def judge(log: TrainLog, check: str, asked: Asked | None = None, **given: Any) -> Result:
    return CHECKS[check](Subject(asked=asked or Asked(), log=log), **given)


def outcome(check: str, expected: str, **given: Any) -> Verdict:
    return lambda log: judge(log, check, **given).outcome == expected


def best(value: float, *epochs: int) -> Verdict:
    """The best top-1, to two decimals, and its epochs; the check of a student's answer takes it as right."""

    def right(log: TrainLog) -> bool:
        found = log.best("accuracy_top-1")
        answered = judge(log, "best_named", value=value, epoch=epochs[0])
        return found is not None and found.epochs == epochs and answered.outcome == "passed"

    return right


def more_epochs_than(config: int) -> Verdict:
    """The config handed in asks for `config` epochs, the log ran longer."""
    asked = Asked({"epochs": AskedValue(config)}, place="config.py:1")
    return lambda log: judge(log, "parameters_agree", asked).outcome == "failed"


def tells(kind: str) -> Verdict:
    """The student is told: by a note of the reader, and by the check of the log's completeness."""
    return lambda log: log.noted(kind) is not None and judge(log, "log_complete").outcome == "failed"


falls = outcome("loss_falls", "passed", by=0.3)
no_loss = outcome("loss_falls", "undecidable")
stuck = outcome("loss_falls", "failed", by=0.05)
guesses = outcome("better_than_chance", "failed")
stopped = outcome("log_complete", "failed")

EXPECTED: dict[str, tuple[Verdict, ...]] = {
    "log_json-019.log.json": (best(96.85, 77), no_loss),
    "log_scalars-009.json": (best(93.36, 414), no_loss),
    "log_json-015.log.json": (best(94.71, 6), stopped, no_loss),
    "log_json-016.log.json": (best(93.71, 175), falls),
    "log_text-010.log": (falls, stopped),  # it starts converged: not a failure
    "log_notebook_output-020.nb.txt": (stuck, guesses, outcome("not_stuck", "failed")),
    "log_notebook_output-022.nb.txt": (stuck, guesses, tells("traceback")),
    "log_notebook_output-025.nb.txt": (stuck, guesses, outcome("not_stuck", "failed")),
    "log_scalars-013.json": (best(69.43, 179), tells("conflict markers"), falls),
    "log_text-036.log": (best(69.43, 179), tells("conflict markers"), falls),
    "log_json-017.log.json": (outcome("validated_every_epoch", "failed"), outcome("accuracy", "failed", full=0.6)),
    "log_json-018.log.json": (best(33.92, 20), outcome("validated_every_epoch", "failed")),
    "log_text-006.log": (best(94.76, 3), falls),
    "log_text-028.log": (best(94.76, 3), falls),
    "log_text-019.log": (outcome("splits_separate", "failed"),),
    "log_text-040.log": (outcome("splits_separate", "undecidable"),),
    "log_text-045.log": (outcome("accuracy", "passed", full=0.6), best(60.70, 100)),
    "log_notebook_output-007.nb.txt": (falls, outcome("log_complete", "passed")),
    "log_text-009.log": (more_epochs_than(30),),
    "log_text-032.log": (best(90.76, 433), stopped),
}


def test_the_special_cases_are_all_here(corpus: Path) -> None:
    cases = json.loads((corpus / "special_cases.json").read_text("utf-8"))
    assert {case["local"] for case in cases} == {f"logs/{name}" for name in EXPECTED} | {"ckpt/ckpt_stub-001.pth"}


@pytest.mark.parametrize("name", EXPECTED)
def test_special_case(name: str, logs: Logs) -> None:
    assert [verdict(logs[name]) for verdict in EXPECTED[name]] == [True] * len(EXPECTED[name])


def test_special_case_of_the_broken_checkpoint(corpus: Path) -> None:
    with pytest.raises(CheckpointError, match="is incomplete"):
        read_checkpoint(corpus / "ckpt" / "ckpt_stub-001.pth")


@pytest.mark.parametrize("name", ["log_text-010.log", "log_text-045.log", "log_notebook_output-007.nb.txt"])
def test_an_honest_split_is_not_suspected(name: str, logs: Logs) -> None:
    """CIFAR keeps both splits in one folder."""
    assert judge(logs[name], "splits_separate").outcome == "passed"


def test_only_the_copied_pair_is_named(logs: Logs, labels: Labels) -> None:
    """A student hands in one run as text and as JSON, so files of one kind are compared with each other.

    The copied run is there in both forms; mmengine itself writes its scalars twice.
    """
    named = set()
    for kind in {str(label["kind"]) for label in labels.values()}:
        own = {name: log for name, log in logs.items() if labels[name]["kind"] == kind}
        own = {name: log for name, log in own.items() if labels[name]["duplicate_of"] is None}
        named |= {(run.first, run.second) for run in originality.shared_runs(own)}
    pairs = {tuple(sorted(pair)) for pair in named}
    assert pairs == {("log_text-006.log", "log_text-028.log"), ("log_json-002.log.json", "log_json-011.log.json")}


def test_the_copy_shares_even_its_times(logs: Logs) -> None:
    pair = {name: logs[name] for name in ("log_text-006.log", "log_text-028.log")}
    found = originality.shared_runs(pair)
    assert [(run.length, run.metric, run.times) for run in found] == [(15, "loss", 1.0)]


@pytest.mark.parametrize("folder", ["lenet_d3_bs8_e5", "lenet_d10_bs16_e20", "lenet_d10_adam_lr1e-3"])
def test_honest_runs_of_the_real_mmedu_pass(folder: str, corpus: Path) -> None:
    log = read_log(next((corpus / "made" / "mmedu-2.0.0" / folder).glob("*.log.json")))
    names = ("loss_finite", "not_diverged", "log_complete", "validated_every_epoch", "time_not_below_data_time")
    assert {name: judge(log, name).outcome for name in names} == dict.fromkeys(names, "passed")
    assert judge(log, "loss_falls", by=0.3).outcome == "passed"


@pytest.mark.parametrize(
    ("folder", "check", "words"),
    [
        ("lenet_d10_lr10", "not_diverged", r"the loss ends at \d+"),
        ("lenet_d10_lr10", "loss_falls", "far above the level of guessing"),
        ("lenet_d10_novalidate", "validated_every_epoch", "there is no validation"),
        ("lenet_d10_nobs_e3", "loss_falls", "no loss in the log"),
    ],
)
def test_sick_runs_of_the_real_mmedu_do_not(folder: str, check: str, words: str, corpus: Path) -> None:
    log = read_log(next((corpus / "made" / "mmedu-2.0.0" / folder).glob("*.log.json")))
    asked = Asked({"num_classes": AskedValue(10)}, place="homework.py:9")
    result = judge(log, check, asked)
    assert result.outcome != "passed"
    assert re.search(words, result.seen.en)
