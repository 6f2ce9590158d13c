"""What submissions have in common: copies are found through edits, and nobody is named for nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks import originality
from pytest_mmedu.logs import TrainLog, read_log
from tests.checks.made import META
from tests.handmade import small_weights, write_checkpoint

Record = dict[str, Any]


def training(seed: int, epochs: int = 20, *, times: bool = True) -> list[Record]:
    """A plausible run; another seed gives other numbers."""
    chance = random.Random(seed)
    records: list[Record] = []
    for epoch in range(1, epochs + 1):
        loss = round(2.3 * 0.8**epoch * chance.uniform(0.8, 1.2) + 0.05, 5)
        record: Record = {"mode": "train", "epoch": epoch, "iter": 10, "lr": 0.01, "loss": loss}
        records.append(record | ({"time": round(chance.uniform(0.1, 0.3), 5)} if times else {}))
        records.append({"mode": "val", "epoch": epoch, "iter": 4, "accuracy_top-1": chance.randint(40, 97)})
    return records


@pytest.fixture
def read(tmp_path: Path) -> Any:
    count = iter(range(1000))

    def one(records: Sequence[Record], meta: Mapping[str, Any] = META) -> TrainLog:
        path = tmp_path / f"{next(count)}.log.json"
        path.write_text("".join(json.dumps(line) + "\n" for line in [meta, *records]), encoding="utf-8")
        return read_log(path)

    return one


def named(logs: Mapping[str, TrainLog], **more: Any) -> list[tuple[str, str]]:
    return [(run.first, run.second) for run in originality.shared_runs(logs, **more)]


def test_a_copy_is_found_though_dates_and_seed_were_edited(read: Any) -> None:
    mine = read(training(1), META | {"time": "Mon", "seed": 1})
    copy = read(training(1), META | {"time": "Tue", "seed": 2, "device": "cuda"})
    found = originality.shared_runs({"a": mine, "b": copy, "c": read(training(2))})
    assert [(run.first, run.second, run.metric, run.length) for run in found] == [("a", "b", "loss", 20)]
    assert found[0].times == 1.0
    assert (found[0].first_line, found[0].second_line) == (2, 2)
    assert found[0].text.zh == "a 和 b 有连续 20 个 loss 相同，每步用时也相同"
    assert found[0].text.en == "a and b share 20 consecutive values of loss, and the times of the steps as well"


def test_a_part_is_enough(read: Any) -> None:
    """Fifteen epochs of somebody else's, under five of one's own."""
    stolen = training(1)[10:] + training(2)[:10]
    found = originality.shared_runs({"a": read(training(1)), "b": read(stolen)})
    assert [(run.first, run.second, run.length) for run in found] == [("a", "b", 15)]
    assert (found[0].first_line, found[0].second_line) == (12, 2)


def test_one_edited_value_leaves_the_rest(read: Any) -> None:
    losses = [record for record in training(1) if record["mode"] == "train"]
    edited = [*losses[:10], losses[10] | {"loss": 0.1234}, *losses[11:]]
    assert originality.shared_runs({"a": read(losses), "b": read(edited)})[0].length == 10


def test_text_and_json_of_one_run_compare_equal(read: Any, tmp_path: Path) -> None:
    lines = [
        f"2026-11-23 10:00:{record['epoch']:02},000 - mmcls - INFO - Epoch [{record['epoch']}][10/12]\t"
        f"lr: 1.000e-02, eta: 0:00:10, time: {record['time']:.3f}, data_time: 0.002, loss: {record['loss']:.4f}\n"
        for record in training(1)
        if record["mode"] == "train"
    ]
    path = tmp_path / "run.log"
    path.write_text("".join(lines), encoding="utf-8")
    found = originality.shared_runs({"a": read(training(1)), "b": read_log(path)})
    assert [(run.length, run.times) for run in found] == [(20, 1.0)]


def test_honest_twins_of_one_seed_are_told_apart_by_their_times(read: Any) -> None:
    """One seed gives one loss sequence on every machine, but no two machines take the same time."""
    twin = [record | ({"time": 0.4} if "time" in record else {}) for record in training(1)]
    found = originality.shared_runs({"a": read(training(1)), "b": read(twin)})
    assert found[0].times == 0.0
    assert found[0].text.zh == "a 和 b 有连续 20 个 loss 相同，用时不同；参数和种子相同时也会这样"
    assert found[0].text.en.endswith(
        "consecutive values of loss, not the times; equal parameters and seeds do that too"
    )


def test_without_times_nothing_is_claimed(read: Any) -> None:
    found = originality.shared_runs({"a": read(training(1, times=False)), "b": read(training(1, times=False))})
    assert found[0].times is None
    assert found[0].text.zh == "a 和 b 有连续 20 个 loss 相同；参数和种子相同时也会这样"
    assert found[0].text.en == "a and b share 20 consecutive values of loss; equal parameters and seeds do that too"


def test_thirty_different_runs_name_nobody(read: Any) -> None:
    assert named({str(seed): read(training(seed)) for seed in range(30)}) == []


def flat(seed: int, values: Sequence[float]) -> list[Record]:
    chance = random.Random(seed)
    losses = [chance.choice(values) for _ in range(60)]
    return [{"mode": "train", "epoch": at + 1, "iter": 10, "loss": loss} for at, loss in enumerate(losses)] + [
        {"mode": "val", "epoch": at + 1, "iter": 4, "accuracy_top-1": 100.0} for at in range(60)
    ]


@pytest.mark.parametrize("values", [(0.0001, 0.0002, 0.0), (0.5,), (1.0986, 1.0987, 1.0985)])
def test_values_that_hardly_change_say_nothing(values: Sequence[float], read: Any) -> None:
    logs = {str(seed): read(flat(seed, values)) for seed in range(12)}
    assert named(logs) == []


def test_starter_material_says_nothing(read: Any) -> None:
    """All begin with the log that was handed out, and go on by themselves."""
    starter = training(99, 10)
    logs = {str(seed): read(starter + training(seed, 10)) for seed in range(4)}
    assert named(logs, starter=[read(starter)]) == []
    assert len(named(logs)) == 6


def test_what_the_whole_class_has_says_nothing(read: Any) -> None:
    """One default seed for all: everybody's log is the same, and nobody copied."""
    assert named({str(name): read(training(1)) for name in range(12)}) == []


def test_a_log_is_not_compared_with_itself(read: Any) -> None:
    assert named({"a": read(training(1) + training(1))}) == []


def test_same_weights_are_grouped(tmp_path: Path) -> None:
    def weights(name: str, first: float) -> Any:
        return read_checkpoint(write_checkpoint(tmp_path / name, small_weights(first=first), {"time": name}))

    found = {"a": weights("a", 0.5), "b": weights("b", 0.25), "c": weights("c", 0.5), "d": weights("d", 0.75)}
    groups = originality.same_weights(found)
    assert [group.names for group in groups] == [("a", "c")]
    assert groups[0].text.zh == "a、c 的权重完全相同；参数和种子相同时也会这样"
    assert groups[0].text.en == "a, c have the same weights; equal parameters and seeds do that too"
    assert originality.same_weights(found, starter=[weights("handed out", 0.5)]) == []
