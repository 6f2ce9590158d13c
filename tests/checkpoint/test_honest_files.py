"""Honest checkpoints: what is read from them. No torch here, the files are written by hand."""

from __future__ import annotations

import hashlib
import math
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checkpoint.finite import all_finite
from tests.handmade import (
    Call,
    Name,
    Raw,
    encode,
    pickled,
    raw_floats,
    root_of,
    small_weights,
    write_checkpoint,
    write_legacy,
    write_zip,
)

META = {"epoch": 4, "iter": 48, "CLASSES": ["cat", "dog", "狗"], "mmcv_version": "1.7.2", "time": "Mon Nov 23"}


def test_facts(tmp_path: Path) -> None:
    path = write_checkpoint(tmp_path / "epoch_4.pth", small_weights(), META)
    found = read_checkpoint(path)
    assert (found.epoch, found.iter, found.classes, found.head_size) == (4, 48, ("cat", "dog", "狗"), 3)
    assert found.shapes == {"backbone.conv.weight": (2, 1, 1, 1), "head.fc.weight": (3, 2), "head.fc.bias": (3,)}
    assert set(found.dtypes.values()) == {"float32"}
    assert (found.parameters, found.finite, found.not_finite) == (11, True, ())
    assert (found.size, found.sha256) == (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
    assert found.meta["mmcv_version"] == "1.7.2"


def test_a_bare_state_dict_has_no_meta(tmp_path: Path) -> None:
    root = root_of(small_weights(), None)["state_dict"]
    path = write_zip(tmp_path / "bare.pth", pickled(root), [raw_floats(v) for _, v in small_weights().values()])
    found = read_checkpoint(path)
    assert (found.epoch, found.iter, found.classes, found.head_size) == (None, None, None, 3)


def test_the_older_format_has_the_same_weights(tmp_path: Path) -> None:
    new = read_checkpoint(write_checkpoint(tmp_path / "new.pth", small_weights(), META))
    old = read_checkpoint(write_legacy(tmp_path / "old.pth", small_weights(), META))
    assert (old.fingerprint, old.shapes, old.meta) == (new.fingerprint, new.shapes, new.meta)
    assert old.sha256 != new.sha256


def test_the_fingerprint_is_of_the_weights_alone(tmp_path: Path) -> None:
    one = read_checkpoint(write_checkpoint(tmp_path / "a.pth", small_weights(), META))
    later = read_checkpoint(write_checkpoint(tmp_path / "b.pth", small_weights(), META | {"time": "Tue Nov 24"}))
    other = read_checkpoint(write_checkpoint(tmp_path / "c.pth", small_weights(first=0.5000001), META))
    assert one.fingerprint == later.fingerprint != other.fingerprint
    assert one.sha256 != later.sha256


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_not_finite_weights_are_named(bad: float, tmp_path: Path) -> None:
    found = read_checkpoint(write_checkpoint(tmp_path / "nan.pth", small_weights(first=bad), META))
    assert (found.finite, found.not_finite) == (False, ("backbone.conv.weight",))


def test_mmengine_names_its_classes_elsewhere(tmp_path: Path) -> None:
    meta = {"epoch": 2, "dataset_meta": {"classes": ["a", "b", "c"]}}
    assert read_checkpoint(write_checkpoint(tmp_path / "x.pth", small_weights(), meta)).classes == ("a", "b", "c")


@pytest.mark.parametrize(
    "meta",
    [
        {"epoch": "4", "iter": -1, "CLASSES": "abc"},
        {"epoch": 4.0, "iter": True, "CLASSES": [1, 2]},
        {"epoch": 2**200, "iter": None, "CLASSES": {"a": 1}},
    ],
)
def test_meta_of_the_wrong_kind_is_not_believed(meta: dict[str, Any], tmp_path: Path) -> None:
    found = read_checkpoint(write_checkpoint(tmp_path / "x.pth", small_weights(), meta))
    assert (found.epoch, found.iter, found.classes) == (None, None, None)


def test_numpy_scalars_in_meta_are_read(tmp_path: Path) -> None:
    """What torch's own weights_only refuses: a best score that is a numpy number."""
    for core in ("numpy.core", "numpy._core"):
        score = Call(f"{core}.multiarray scalar", (numpy_type("f8"), raw_bytes(struct.pack("<d", 93.25))))
        steps = Call(f"{core}.multiarray scalar", (numpy_type("i8"), raw_bytes(struct.pack("<q", 48))))
        path = write_checkpoint(tmp_path / "x.pth", small_weights(), {"best_score": score, "steps": steps})
        found = read_checkpoint(path)
        assert (found.meta["best_score"], found.meta["steps"]) == (93.25, 48)


def numpy_type(code: str) -> Raw:
    state = (3, "<", None, None, None, -1, -1, 0)
    return Raw(encode(Call("numpy dtype", (code, False, True))) + encode(state) + b"b")


def raw_bytes(raw: bytes) -> Call:
    return Call("_codecs encode", (raw.decode("latin-1"), "latin1"))


@pytest.mark.parametrize("kind", ["pathlib PosixPath", "pathlib._local PosixPath", "pathlib._local PureWindowsPath"])
def test_objects_in_meta_stay_closed(tmp_path: Path, kind: str) -> None:
    """A path, a date, a config: harmless, and never made. Python 3.13 names a path otherwise."""
    meta = {"path": Call(kind, ("a", "b")), "ids": Call("__builtin__ xrange", (0, 10**9, 1)), "epoch": 1}
    found = read_checkpoint(write_checkpoint(tmp_path / "x.pth", small_weights(), meta))
    assert found.meta == {"path": "<object>", "ids": "<object>", "epoch": 1}


def test_the_history_that_mmengine_keeps(tmp_path: Path) -> None:
    """Its class and the methods that it names are stand-ins; the weights beside it are read."""
    history = Name("mmengine.logging.history_buffer HistoryBuffer")
    state = {"_max_length": 100, "statistics_methods": {"min": Call("__builtin__ getattr", (history, "min"))}}
    kept = Raw(encode(history) + b")\x81" + encode(state) + b"b")
    root = root_of(small_weights(), {"epoch": 3}) | {"message_hub": {"log_scalars": {"train/loss": kept}}}
    storages = [raw_floats(values) for _, values in small_weights().values()]
    assert read_checkpoint(write_zip(tmp_path / "x.pth", pickled(root), storages)).epoch == 3


def test_extra_members_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    weights = small_weights()
    storages = [raw_floats(values) for _, values in weights.values()]
    path = write_zip(tmp_path / "x.pth", pickled(root_of(weights, META)), storages, byteorder=b"little")
    assert read_checkpoint(path).epoch == 4


FLOATS = {"float64": "d", "float32": "f", "float16": "e"}


@pytest.mark.parametrize("dtype", FLOATS)
@given(st.data())
def test_finite_as_python_decodes_it(dtype: str, data: st.DataObject) -> None:
    width = {"float64": 64, "float32": 32, "float16": 16}[dtype]
    values = data.draw(st.lists(st.floats(width=width), max_size=30))  # type: ignore[arg-type]
    raw = struct.pack(f"<{len(values)}{FLOATS[dtype]}", *values)
    assert all_finite(raw, dtype) is all(map(math.isfinite, values))


@given(st.lists(st.floats(width=32), max_size=30))
def test_bfloat16_is_the_upper_half_of_a_float(values: list[float]) -> None:
    halves = [struct.pack("<f", value)[2:] for value in values]
    decoded = [struct.unpack("<f", b"\0\0" + half)[0] for half in halves]
    assert all_finite(b"".join(halves), "bfloat16") is all(map(math.isfinite, decoded))


def test_whole_numbers_are_always_finite() -> None:
    assert all_finite(b"\xff" * 64, "int64")
