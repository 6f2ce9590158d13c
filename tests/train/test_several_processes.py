"""Trainings in several processes: the numbers of one, everything written once, and an end when one of them dies."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.run import Run, read_run
from pytest_mmedu.text import Text

pytestmark = pytest.mark.train
Trained = Callable[..., Run]
Records = Callable[[Run], list[dict[str, Any]]]

# In a process of its own, which has one thread: where the tests run there may be more, and then nothing is forked.
_PROGRAM = """
import dataclasses, json, os, signal, sys, time
from pathlib import Path
import psutil
from pytest_mmedu.dataset import Sample, find_dataset, read_dataset
from pytest_mmedu.errors import MMEduError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.train import forking, processes, together, train

out, told = Path(sys.argv[1]), {}
digits = read_dataset(find_dataset("digits10"))
few = dataclasses.replace(digits, splits={name: found[::8] for name, found in digits.splits.items()})


def trained(name, images=few, **given):
    given = {"epochs": 3, "lr": 0.05, "topk": (1, 5), "distributed": True, **given}
    return train(TrainParams.of(**given), images, out / name, watch=False, echo=name == "two")


def refused(name, **given):
    began = time.monotonic()
    try:
        trained(name, epochs=10_000, batch_size=4, **given)
    except MMEduError as error:
        text = error.text
    children = [child for child in psutil.Process().children(recursive=True)]
    told[name] = [text.zh, text.en, time.monotonic() - began, len(children)]


told["forks"] = forking.can_fork("cpu")
trained("alone", nproc=1, batch_size=6)
trained("two", batch_size=3)
trained("three", nproc=3, batch_size=2)
before_epoch = together.TogetherHook.before_train_epoch
for victim in (0, 1):
    def die(self, runner):
        if runner.epoch == 1 and runner.rank == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        before_epoch(self, runner)
    together.TogetherHook.before_train_epoch = die
    refused(f"killed {victim}")
def halt(self, runner):
    if runner.epoch == 1 and runner.rank == 1:
        os.kill(os.getpid(), signal.SIGSTOP)
    before_epoch(self, runner)
together.TogetherHook.before_train_epoch, processes._STILL = halt, 3.0
refused("halted")
together.TogetherHook.before_train_epoch, processes._STILL = before_epoch, 20.0
damaged = out / "7.png"
damaged.write_bytes(few.splits["training_set"][0].path.read_bytes()[:20])
splits = {**few.splits, "training_set": (*few.splits["training_set"], Sample(damaged, 3))}
refused("damaged", images=dataclasses.replace(few, splits=splits))
(out / "told.json").write_text(json.dumps(told), "utf-8")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the trainings of the program above, and what it was told."""
    if sys.platform != "linux":
        pytest.skip("processes are forked on Linux only")
    out = tmp_path_factory.mktemp("together")
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM, str(out)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    (out / "printed.txt").write_text(done.stdout, "utf-8")
    return out


def told(made: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((made / "told.json").read_text("utf-8"))
    return found


def test_processes_are_forked_where_that_is_possible(made: Path) -> None:
    assert told(made)["forks"] is True


@pytest.mark.parametrize(("name", "count"), [("two", 2), ("three", 3)])
def test_several_train_as_one_with_the_whole_batch(made: Path, records: Records, name: str, count: int) -> None:
    """40 pictures: six steps of 6 and one of 4, which three processes cannot share equally."""
    run, expected = read_run(made / name), records(read_run(made / "alone"))
    assert (run.environment["nproc"], run.params["nproc"], run.params["distributed"]) == (
        str(count), None if count == 2 else 3, True,
    )  # fmt: skip
    found = records(run)
    assert [line["mode"] for line in found] == ["train", "val"] * 3
    for line, right in zip(found, expected, strict=True):
        # The last step's loss is a mean of means; and the picture on the border of two classes may fall either way.
        loose = {"loss": 0.05, "accuracy_top-1": 100 / 13 + 0.01, "accuracy_top-5": 100 / 13 + 0.01}
        for key, value in right.items():
            assert line[key] == pytest.approx(value, abs=loose.get(key, 0)), key
    assert [line["iter"] for line in found if line["mode"] == "train"] == [7, 7, 7]


def test_log_and_weights_are_written_once(made: Path) -> None:
    run = read_run(made / "two")
    assert run.log is not None
    names = sorted(re.sub("_[123].pth", "_N.pth", path.name) for path in run.folder.iterdir())
    assert [name for name in names if name.endswith(".pth")] == [
        "best_accuracy_top-1_epoch_N.pth", "epoch_N.pth", "epoch_N.pth", "epoch_N.pth", "latest.pth",
    ]  # fmt: skip
    assert len(names) == 9  # and config.py, run.json, the log in its two forms
    lines = [json.loads(line) for line in run.log.read_text("utf-8").splitlines()]
    assert set(Counter((line.get("mode"), line.get("epoch")) for line in lines).values()) == {1}
    text = run.log.with_suffix("").read_text("utf-8")
    assert text.count("Distributed training: True") == text.count("Epoch(val) [2]") == 1
    printed = (made / "printed.txt").read_text("utf-8")
    assert [printed.count(f"Epoch [{epoch}][7/7]") for epoch in (1, 2, 3)] == [1, 1, 1]


@pytest.mark.parametrize("victim", [0, 1], ids=["the one that writes", "the other"])
def test_a_killed_process_ends_the_training(made: Path, victim: int) -> None:
    zh, en, seconds, left = told(made)[f"killed {victim}"]
    assert seconds < 15
    assert left == 0
    assert Text(zh, en) == Text(
        f"一起训练的 2 个进程中，第 {victim + 1} 个意外结束了（信号 9）。再训练一次；若还是这样，请检查内存。",
        f"Of the 2 processes that train together, number {victim + 1} ended unexpectedly (signal 9). "
        "Train again; if it happens again, check the memory.",
    )


def test_a_process_that_lives_and_does_nothing_ends_the_training(made: Path) -> None:
    """It is halted, and the other one waits for it: torch alone would wait for minutes."""
    zh, en, seconds, left = told(made)["halted"]
    assert seconds < 60
    assert left == 0
    assert Text(zh, en) == Text(
        "一起训练的 2 个进程都停住了，3 秒没有前进一步。再训练一次；若还是这样，请用 distributed=False。",
        "The 2 processes that train together have come to a stop: no step for 3 s. "
        "Train again; if it stops again, use distributed=False.",
    )


def test_what_one_process_raises_is_told_and_not_that_the_other_lost_it(made: Path) -> None:
    zh, en, seconds, left = told(made)["damaged"]
    assert (zh, en, left) == (
        "图片 7.png 读不了，可能已损坏。请换一张图片，或把它删掉。",
        "Picture 7.png cannot be read; it may be damaged. Replace it or remove it.",
        0,
    )
    assert seconds < 15


def test_fresh_processes_where_there_is_no_fork(
    trained: Trained, records: Records, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from pytest_mmedu.train import processes

    monkeypatch.setattr(processes, "can_fork", lambda device: False)
    run = trained(batch_size=4, distributed=True, validate=False)
    assert [line["iter"] for line in records(run)] == [5]
    assert sorted(run.checkpoints) == [1]
    assert capfd.readouterr() == ("", "")


@given(count=st.integers(1, 200), batch=st.integers(1, 17), size=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_every_picture_is_seen_once_in_an_epoch(count: int, batch: int, size: int, seed: int) -> None:
    from pytest_mmedu.train.together import SharedBatches, Team

    shares = [SharedBatches(count, batch, Team(rank, size), seed=seed) for rank in range(size)]
    rounds = []
    for epoch in range(2):
        seen: list[int] = []
        steps = 0
        for share in shares:
            share.epoch = epoch
        for batches in zip(*shares, strict=True):
            steps += 1
            assert all(1 <= len(own) <= batch for own in batches)
            counted = [own for own, share in zip(batches, shares, strict=True) if share.weight]
            seen += [picture for own in counted for picture in own]
            assert sum(share.weight for share in shares) == pytest.approx(size)
        assert sorted(seen) == list(range(count))
        assert steps == len(shares[0]) == -(-count // (batch * size))
        rounds.append(seen)
    assert count < 20 or rounds[0] != rounds[1]


def test_a_last_step_too_small_for_batch_normalization_is_left_out() -> None:
    from pytest_mmedu.train.together import SharedBatches, Team

    assert [len(SharedBatches(count, 8, Team(0, 2), seed=0, least=2)) for count in (3, 16, 19, 20)] == [1, 1, 1, 2]


@given(count=st.integers(1, 60), batch=st.integers(1, 9), size=st.integers(1, 5))
def test_every_picture_is_validated_once_and_comes_back_in_its_order(count: int, batch: int, size: int) -> None:
    from pytest_mmedu.train.together import DividedPictures, Team

    shares = [DividedPictures(count, batch, Team(rank, size)) for rank in range(size)]
    own = [[picture for part in share for picture in part] for share in shares]
    assert [len(list(share)) for share in shares] == [len(share) for share in shares]
    assert [own[picture % size][picture // size] for picture in range(count)] == list(range(count))
