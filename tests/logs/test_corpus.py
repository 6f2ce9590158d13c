"""The 135 real logs: what is read agrees with labels that were made independently of this parser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.logs.metric_names import normalised

pytestmark = pytest.mark.corpus

# (file, fact): what the log itself says, and the evidence; the label says something else.
WRONG_LABELS: dict[tuple[str, str], tuple[Any, str]] = {
    ("log_in_readme-004.md", "test records"): (
        1,
        'line 98 is a test result as the stack writes it, {"accuracy/top1": 60.698..., "time": ...}: the label has 0',
    ),
}
NO_LOGS = {"log_in_docs-001.md": "prose without any record, labelled no_records_at_all"}
ENCODINGS = {"utf8": ("utf-8", "utf-8-sig"), "gbk": ("gbk",)}


def facts_read(log: TrainLog) -> dict[str, Any]:
    """What the labels state, as the parser sees it."""
    losses = [loss for loss in log.train.loss if loss is not None]
    saved = log.saved_best[-1] if log.saved_best else None
    runs = [*log.earlier, log]  # the labels count the records of a whole file
    return {
        "epochs": log.epochs,
        "iterations per epoch": log.iters_per_epoch,
        "train records": sum(len(run.train) for run in runs),
        "val records": sum(len(run.val) for run in runs),
        "test records": sum(len(run.test) for run in runs),
        "first loss": losses[0] if losses else None,
        "last loss": losses[-1] if losses else None,
        "best": {name: _best(log, name) for name in log.metric_names},
        "saved best": saved and (saved.file, saved.metric, saved.value, saved.epoch),
        "val batches": log.val.iter[-1] if len(log.val) else None,
        "encoding": next(label for label, names in ENCODINGS.items() if log.encoding in names),
    }


def _best(log: TrainLog, name: str) -> tuple[float, list[int | None]] | None:
    best = log.best(name)
    return best and (best.value, list(best.epochs[:5]))


def facts_labelled(label: dict[str, Any]) -> dict[str, Any]:
    metric, value, epoch = label["best_line_last"] or ("", None, None)
    return {
        "epochs": label["epochs"],
        "iterations per epoch": label["iters_per_epoch"] or label.get("iters_per_epoch_inferred_from_step"),
        "train records": label["n_train_records"],
        "val records": label["n_val_records"],
        "test records": label["n_test_records"],
        "first loss": label["loss_first"],
        "last loss": label["loss_last"],
        "best": {
            # where a file holds a run twice the label names its best epoch twice
            normalised(name): (of["best"], list(dict.fromkeys(of["best_epochs"])))
            for name, of in label["val_metrics"].items()
        },
        "saved best": label["best_saved"] and (label["best_saved"], normalised(metric), value, epoch),
        "val batches": label["val_batches"],
        "encoding": label["encoding"],
    }


def labelled(corpus: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    labels = json.loads((corpus / "log_labels.json").read_text("utf-8"))
    return ((corpus / name, label) for name, label in sorted(labels.items()))


def test_what_is_read_agrees_with_the_labels(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agreeing, differing, files = 0, [], 0
    for path, label in labelled(corpus):
        if path.name in NO_LOGS:
            continue
        read, files = facts_read(read_log(path)), files + 1
        for fact, said in facts_labelled(label).items():
            value, _ = WRONG_LABELS.get((path.name, fact), (said, ""))
            agreeing += read[fact] == value
            differing += [] if read[fact] == value else [(path.name, fact, value, read[fact])]
    with capsys.disabled():
        wrong = len(WRONG_LABELS)
        print(f"\n{files} logs: {agreeing} facts agree, {len(differing)} differ, {wrong} label(s) wrong")  # noqa: T201
    assert files == 134
    assert not differing


def test_wrong_labels_are_wrong(corpus: Path) -> None:
    """Each entry of the table still differs from its label: none is left over."""
    labels = {path.name: (path, label) for path, label in labelled(corpus)}
    for (name, fact), (value, _) in WRONG_LABELS.items():
        path, label = labels[name]
        assert facts_labelled(label)[fact] != value == facts_read(read_log(path))[fact]


@pytest.mark.parametrize("name", NO_LOGS)
def test_prose_is_refused(corpus: Path, name: str) -> None:
    with pytest.raises(LogError, match="does not look like a training log"):
        read_log(corpus / "logs" / name)


def test_every_file_is_read_or_refused(corpus: Path) -> None:
    """Also what is no log at all: file lists, arguments, checkpoints."""
    logs = 0
    for path in sorted(corpus.rglob("*")):
        if path.is_file():
            try:
                logs += len(read_log(path).notes) >= 0
            except LogError as error:
                assert path.name in error.text.en  # noqa: PT017
    assert logs > 200


def test_text_and_json_of_one_run_agree(corpus: Path) -> None:
    """Every run that we made left both, or its return value as well."""
    compared = 0
    for first in sorted((corpus / "made").rglob("*.log.json")):
        log = read_log(first)
        for other in (first.with_suffix(""), first.parent / "console.txt", first.parent / "result.json"):
            if not other.is_file() or (other.name == "result.json" and '"ret": [' not in other.read_text("utf-8")):
                continue
            same = read_log(other)
            assert (same.epochs, len(same.train), len(same.val)) == (log.epochs, len(log.train), len(log.val))
            for name in log.metric_names:
                values = zip(log.val.metrics[name], same.val.metrics[name], strict=True)
                assert all(abs(a - b) < 6e-5 for a, b in values)
            compared += 1
    assert compared > 60


def test_notes_on_the_special_cases(corpus: Path) -> None:
    kinds = {
        "log_scalars-013.json": {"conflict markers", "several runs"},
        "log_text-036.log": {"conflict markers", "several runs"},
        "log_json-019.log.json": {"no train records"},
        "log_notebook_output-022.nb.txt": {"traceback"},
        "log_json-017.log.json": set(),
        "log_text-006.log": set(),
    }
    for name, wanted in kinds.items():
        assert {note.kind for note in read_log(corpus / "logs" / name).notes} == wanted


def test_facts_of_dumped_configs(corpus: Path) -> None:
    """The strong fields of the labels' look at the config; class counts and schedules are weak there."""
    agreeing = 0
    for path, label in labelled(corpus):
        if path.name in NO_LOGS:
            continue
        config, wanted = read_log(path).config, label["cfg_in_log"]
        both = [(fact, wanted[key]) for fact, key in (("max_epochs", "max_epochs"), ("log_interval", "log_interval"))]
        both += [("val_interval", wanted["val_interval_cfg"]), ("save_best", wanted["save_best"])]
        for fact, value in both:
            if path.name == "log_text-012.log" and fact in ("max_epochs", "log_interval"):
                # two styles in one dump; the mmengine runner goes by train_cfg and default_hooks (lines 143, 150)
                assert (config["max_epochs"], config["log_interval"]) == (300, 100)
            assert config.get(fact) == value, (path.name, fact)
            agreeing += 1
    assert agreeing == 4 * 134
