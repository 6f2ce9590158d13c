"""Runs written in every format are read back; cut anywhere, in any encoding, nothing wrong is read."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import TrainLog, read_log
from tests.logs.written import WRITERS, Epoch, MadeUpRun, read_back

LOSSES = st.floats(0, 900).map(lambda value: round(value, 4)) | st.sampled_from([math.nan, math.inf])
ACCURACIES = st.integers(0, 1_000_000).map(lambda value: value / 10_000)
EPOCHS = st.builds(Epoch, st.lists(LOSSES, min_size=1, max_size=6), ACCURACIES)
RUNS = st.builds(MadeUpRun, st.lists(EPOCHS, min_size=1, max_size=6))
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
PATIENT = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def read(folder: Path, data: bytes) -> TrainLog:
    path = folder / "any name"
    path.write_bytes(data)
    return read_log(path)


@pytest.mark.parametrize("form", WRITERS)
@PATIENT
@given(run=RUNS, ends=st.lists(st.sampled_from(["\n", "\r\n"]), min_size=1, max_size=7), encoding=ENCODINGS)
def test_what_was_written_is_read_back(
    tmp_path: Path, form: str, run: MadeUpRun, ends: list[str], encoding: str
) -> None:
    lines = WRITERS[form](run)
    text = "".join(line + ends[i % len(ends)] for i, line in enumerate(lines))
    log = read(tmp_path, text.encode(encoding))
    assert log.format == form
    assert repr(read_back(log, run)) == repr(run)  # repr: NaN is equal to itself there
    assert [record.line for record in log.train] == [
        i for i, line in enumerate(lines, 1) if "loss" in line and form != "records"
    ] or form == "records"


@pytest.mark.parametrize("form", WRITERS)
@PATIENT
@given(run=RUNS, data=st.data())
def test_a_cut_log_is_the_beginning_of_the_whole(
    tmp_path: Path, form: str, run: MadeUpRun, data: st.DataObject
) -> None:
    whole = "\n".join(WRITERS[form](run)).encode()
    cut = data.draw(st.integers(0, len(whole)))
    complete = read(tmp_path, whole)
    try:
        log = read(tmp_path, whole[:cut])
    except LogError:
        return
    assert repr(list(log.train)) == repr(list(complete.train)[: len(log.train)])
    assert repr(list(log.val)) == repr(list(complete.val)[: len(log.val)])


@pytest.mark.parametrize("form", ["mmcv json", "mmcv text", "mmengine text"])
@PATIENT
@given(
    run=RUNS, noise=st.sampled_from(["", "not a record\n", "{}\n", "\n", '{"mode": "train", "epoch": 1, "loss": 1}\n'])
)
def test_many_lines_at_once_give_what_one_by_one_gives(tmp_path: Path, form: str, run: MadeUpRun, noise: str) -> None:
    lines = WRITERS[form](run)
    at_once = read(tmp_path, ("\n".join(lines) + "\n").encode())
    # a tab at the end of each line is the same log, but never the form that is read at once
    one_by_one = read(tmp_path, ("\t\n".join(lines) + "\t\n").encode())
    assert repr(list(at_once.train)) == repr(list(one_by_one.train))
    assert repr(list(at_once.val)) == repr(list(one_by_one.val))
    mixed = read(tmp_path, (noise + "\n".join(lines) + "\n").encode())
    assert len(mixed.train) == len(at_once.train) + ('"train"' in noise)
