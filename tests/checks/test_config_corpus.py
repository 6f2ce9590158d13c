"""113 configs of real students, written anew from the labelled facts: each labelled mistake is found, and no other."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.config_tree import plain
from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import find_submission, read_asked
from pytest_mmedu.submission.config.parents import read_config

pytestmark = pytest.mark.corpus
Facts = dict[str, Any]
# Per label the check that finds it.
FINDS = {
    r"no_save_best": "save_best_fits",
    r"lr_milestones_never_reached.*": "milestones_reachable",
    r"eval_topk==num_classes.*|eval_topk_not_set.*": "topk_meaningful",
    r"lr_not_scaled_down.*": "lr_for_tuning",
    r"epochs_not_reduced.*": "epochs_for_tuning",
    r"(windows_)?abs_path:.*": "paths_relative",
    r"num_classes_left_1000": "class_count_fits",
    r"train_and_val_same_data": "splits_separate",
}


@pytest.fixture(scope="module")
def labels(corpus: Path) -> dict[str, Facts]:
    """Without the three that nothing can be built from: their label is a syntax error."""
    found: dict[str, Facts] = json.loads((corpus / "config_labels.json").read_text("utf-8"))
    return {name: facts for name, facts in found.items() if "syntax_error" not in facts["mistakes"]}


def written(facts: Facts) -> str:
    """A config that says what the label says."""
    return (_newer if facts["style"].startswith("mmpretrain") else _older)(facts)


def _model(facts: Facts) -> Facts:
    start = {"init_cfg": {"type": "Pretrained", "checkpoint": "w.pth"}} if _initialised(facts) else {}
    head = {"type": facts["model"]["head"], "num_classes": facts["num_classes"], "topk": facts["head_topk"]}
    return {"backbone": {"type": facts["model"]["backbone"], **start}, "head": _stated(head)}


def _initialised(facts: Facts) -> bool:
    return bool(facts["pretrained"]) and not facts["load_from"]


def _stated(table: Facts) -> Facts:
    return {key: value for key, value in table.items() if value is not None}


def _part(facts: Facts, part: str) -> Facts:
    names = {"data_prefix": facts[f"{part}_prefix"], "ann_file": facts[f"{part}_ann"], "type": facts["dataset_type"]}
    return _stated(names | {"classes": facts["classes"]})


def _older(facts: Facts) -> str:
    topk = {"metric_options": {"topk": facts["eval_topk"]}} if facts["eval_topk"] else {}
    data = _stated({"samples_per_gpu": facts["batch_size"]})
    evaluation = _stated({"metric": facts["eval_metric"], "save_best": facts["save_best"]}) | topk
    return _source(
        model=_model(facts),
        data=data | {part: _part(facts, part) for part in ("train", "val")},
        optimizer=_stated({"type": facts["optimizer"], "lr": facts["lr"]}),
        lr_config=_stated({"policy": facts["lr_schedule"], "step": facts["milestones"] or None}),
        runner=_stated({"max_epochs": facts["epochs"]}),
        evaluation=evaluation,
        load_from=facts["load_from"],
    )


def _newer(facts: Facts) -> str:
    kinds = facts["lr_schedule"] if isinstance(facts["lr_schedule"], list) else [facts["lr_schedule"]]
    milestones = {"milestones": facts["milestones"]} if facts["milestones"] else {}
    return _source(
        model=_model(facts),
        train_dataloader=_stated({"batch_size": facts["batch_size"]}) | {"dataset": _part(facts, "train")},
        val_dataloader={"dataset": _part(facts, "val")},
        optim_wrapper={"optimizer": _stated({"type": facts["optimizer"], "lr": facts["lr"]})},
        param_scheduler=[{"type": kind, **milestones} for kind in kinds if kind],
        train_cfg=_stated({"max_epochs": facts["epochs"]}),
        val_evaluator=_stated({"type": facts["eval_metric"], "topk": facts["eval_topk"]}),
        default_hooks={"checkpoint": _stated({"save_best": facts["save_best"]})},
        load_from=facts["load_from"],
    )


def _source(**entries: Any) -> str:
    return "".join(f"{name} = {value!r}\n" for name, value in entries.items())


def subject_of(facts: Facts, folder: Path) -> Subject:
    (folder / "config.py").write_text(written(facts), encoding="utf-8")
    found = find_submission(folder)
    assert found.kind == "config"
    asked = read_asked(found)[0]
    known = facts["expected_classes_guess"] or (facts["num_classes"] if facts["num_classes"] != 1000 else None)
    names = tuple(f"c{at}" for at in range(known or 0))
    images = ImageFolder(folder, names, {}) if names else None
    return Subject(asked=asked, images=images)


def by_the_head(facts: Facts, check: str) -> bool:
    """The label compares top-k with the head's class count; left at 1000 or unknown, the data's is the better one."""
    return check == "topk_meaningful" and facts["num_classes"] in (None, 1000)


def test_each_labelled_mistake_is_found_and_no_other(labels: dict[str, Facts], tmp_path: Path) -> None:
    counted: Counter[str] = Counter()
    wrong = []
    for number, (name, facts) in enumerate(sorted(labels.items())):
        folder = tmp_path / str(number)
        folder.mkdir()
        subject = subject_of(facts, folder)
        for pattern, check in FINDS.items():
            labelled = any(re.fullmatch(pattern, mistake) for mistake in facts["mistakes"])
            result = CHECKS[check](subject)
            if result.outcome == "undecidable" or by_the_head(facts, check):
                counted["open"] += 1
            elif (result.outcome == "failed") != labelled:
                wrong.append((name, check, labelled, result.seen.en))
            else:
                counted[check] += labelled
    assert wrong == []
    assert counted == {
        "save_best_fits": 80,
        "milestones_reachable": 24,
        "topk_meaningful": 31,
        "lr_for_tuning": 17,
        "epochs_for_tuning": 11,
        "paths_relative": 21,
        "class_count_fits": 4,
        "splits_separate": 5,
        "open": counted["open"],
    }
    assert counted["open"] <= 16, "of 880 judgements"


def test_a_config_that_a_log_dumps_is_read_as_the_log_reader_reads_it(corpus: Path, tmp_path: Path) -> None:
    """Real configs of students, whole, as mmcv and mmengine print them."""
    compared = 0
    for path in sorted((corpus / "logs").iterdir()):
        lines = _dump(path)
        if lines is None:
            continue
        text, dumped = lines
        (tmp_path / "config.py").write_text(text, encoding="utf-8")
        read = plain(read_config(tmp_path / "config.py", tmp_path).root)
        assert {name: read[name] for name in dumped} == dumped, path.name
        compared += 1
    assert compared >= 20


def _dump(path: Path) -> tuple[str, Facts] | None:
    """The text of a dumped config, where the log has one that is whole, and what the log's reader makes of it."""
    try:
        log = read_log(path)
        text = path.read_text("utf-8").replace("\r\n", "\n")
    except (LogError, UnicodeDecodeError):
        return None
    found = re.search(r"Config:\s*\n(.+?)\n\n?\d{4}[-/]", text, re.DOTALL)
    if found is None or not log.dumped or log.earlier or "dict({" in found[1]:  # the log's reader makes a list of it
        return None
    try:
        compile(found[1], "config", "exec")
    except SyntaxError:
        return None
    return found[1], dict(log.dumped)


def test_config_and_log_of_one_training_agree_and_of_two_do_not(corpus: Path, tmp_path: Path) -> None:
    """The labelled pair: the config says 30 epochs, the log ran 50."""
    log = read_log(corpus / "logs" / "log_text-009.log")
    for epochs, outcome in ((30, "failed"), (log.config["max_epochs"], "passed")):
        folder = tmp_path / str(epochs)
        folder.mkdir()
        (folder / "训练日志.log").write_bytes((corpus / "logs" / "log_text-009.log").read_bytes())
        (folder / "config.py").write_text(f"_base_ = 'x.py'\nrunner = dict(max_epochs={epochs})\n", encoding="utf-8")
        asked = read_asked(find_submission(folder))[0]
        result = CHECKS["config_agrees_with_log"](Subject(asked=asked))
        assert (result.outcome, result.place) == (outcome, "训练日志.log")
