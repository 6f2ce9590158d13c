"""Damaged logs: whatever is changed in them, reading raises nothing but LogError. MMEDU_FUZZ=100000 for a long run."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import from_records, read_log
from tests.logs.written import WRITERS, small_run

LONG = settings(
    max_examples=int(os.environ.get("MMEDU_FUZZ", "150")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = ["\n".join(write(small_run(2))).encode() for write in WRITERS.values()]
SEEDS += [
    b"model = dict(\n    head=dict(num_classes=5, topk=(1, )))\nEpoch(val) [1][7/7]  accuracy/top1: 50.0000\n",
    b'{"cells": [{"outputs": [{"text": ["Epoch(val) [1][7]\\taccuracy: 5.0\\n"]}]}]}',
    b"[{'mode': 'train',\n 'epoch': 1,\n 'loss': nan}]\n<<<<<<< HEAD\nTraceback (most recent call last):\nE: Error\n",
]
PIECES = [
    b"", b"\0", b"\n", b"\r", b"\r\n", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"}", b"[", b'"', b"'", b"\\", b",", b":",
    b"\\u0000", b"NaN", b"-Infinity", b"1e999", b"-1", b"9" * 30, b"9" * 5000, b"1.5", b"true", b"null", b"Epoch [",
    b"Epoch(val) [1][7]\t", b"Iter [", b"loss: ", b"eta: 1 day, 0:00:00", b'{"mode": "train", ', b'"step": ',
    b"\x1b[4m", b'{"mode": "val", "epoch": 1}', b"model = dict(", b"\xb1\xe0", "轮".encode(), b"<<<<<<< ", b"[" * 3000,
    b'{"a":' * 3000, b" " * 300, b"Best a is 1 at 1 epoch",
]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A log with some of its bytes cut out, doubled or replaced by something that may hurt."""
    data = draw(st.sampled_from(SEEDS) | st.tuples(st.sampled_from(SEEDS), st.sampled_from(SEEDS)).map(b"".join))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=8) | st.just(data[start:stop] * 2))
        data = data[:start] + piece + data[stop:]
    return data.decode("utf-8", "replace").encode("utf-16") if draw(st.integers(0, 19)) == 0 else data


@LONG
@given(data=damaged() | st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example(b"\xef\xbb\xbf")
@example(b'{"mode": "train", "epoch": 1, "iter": 1, "loss": 1e-400}\n' * 3)
@example(b"Epoch [1][10/20]\tlr: 1.000e-02, memory: inf, loss: 2.2821\n")
def test_nothing_but_log_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "run.log"
    path.write_bytes(data)
    try:
        log = read_log(path)
    except LogError as error:
        assert error.seen.zh  # noqa: PT017
        assert error.place  # noqa: PT017
        return
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for run in (log, *log.earlier):
        assert all(1 <= record.line <= lines for record in run.train)
        assert all(1 <= record.line <= lines for record in run.val)
        for name in run.metric_names:
            run.best(name)
        assert run.epochs is None or run.epochs >= 0
    assert all(str(note.text) for note in log.notes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["mode", "epoch", "iter", "step", "loss", "lr", "accuracy_top-1", "tool", "cells", "config", "time"]
)
VALUES = st.sampled_from(["train", "val", "test", 1, 10, 0.5]) | JSON


@LONG
@given(records=st.lists(st.dictionaries(KEYS | st.integers() | st.floats() | st.none(), VALUES) | JSON, max_size=6))
@example([{float("nan"): 1.0, "mode": "train", 10**5000: 2}])
def test_any_list_of_anything(records: list[object]) -> None:
    log = from_records(records)  # type: ignore[arg-type]
    assert len(log.train) + len(log.val) <= len(records)
