"""Files made to do harm: none runs anything, none grows in memory, each is refused with its reason."""

from __future__ import annotations

import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError
from tests.handmade import (
    Call,
    Name,
    Raw,
    Stored,
    encode,
    pickled,
    raw_floats,
    root_of,
    small_weights,
    tensor,
    write_legacy,
    write_zip,
)

MOST_MEMORY = 300 * 2**20  # of Python's own; the largest of these files is 20 MB
UNUSUAL = "x.pth holds what torch.save never writes ({}) and was not read."
REFUSED = ("夹带了会执行的代码（{}），已拒绝读取", "carries code that would run ({}) and was not read")


def _refused(path: Path) -> CheckpointError:
    tracemalloc.start()
    try:
        with pytest.raises(CheckpointError) as caught:
            read_checkpoint(path)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()
    return caught.value


class Runs:
    """What Python's own pickle would do with it: create the marker."""

    def __init__(self, marker: Path) -> None:
        self._marker = str(marker)

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self._marker, "w")


def _call(name: str) -> Callable[[Path], bytes]:
    return lambda marker: pickled(Call(name, (f"touch {marker}",)))


def _class_instance(opcode: bytes) -> Callable[[Path], bytes]:
    """INST and OBJ: the ways to call that only old pickles use."""

    def make(marker: Path) -> bytes:
        argument = encode(f"touch {marker}")
        called = b"(" + argument + b"iposix\nsystem\n" if opcode == b"i" else b"(cposix\nsystem\n" + argument + b"o"
        return b"\x80\x02" + called + b"."

    return make


OPEN = f"{open.__module__}.open"  # Python's versions differ in its home

CODE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "os.system": (_call("posix system"), "posix.system"),
    "nt.system": (_call("nt system"), "nt.system"),
    "eval": (_call("__builtin__ eval"), "__builtin__.eval"),
    "exec": (_call("builtins exec"), "builtins.exec"),
    "a download": (_call("torch.hub load_state_dict_from_url"), "torch.hub.load_state_dict_from_url"),
    "runpy": (_call("runpy _run_code"), "runpy._run_code"),
    "dotted": (_call("collections OrderedDict.__init__"), "collections.OrderedDict.__init__"),
    "open, protocol 2": (lambda marker: pickle.dumps(Runs(marker), 2), OPEN),
    "open, protocol 4": (lambda marker: pickle.dumps(Runs(marker), 4), OPEN),
    "open, protocol 5": (lambda marker: pickle.dumps({"state_dict": Runs(marker)}, 5), OPEN),
    "protocol 0": (lambda marker: pickle.dumps(Runs(marker), 0), OPEN),
    "INST": (_class_instance(b"i"), "INST"),
    "OBJ": (_class_instance(b"o"), "posix.system"),
    "EXT": (lambda marker: b"\x80\x02\x82\x01.", "EXT1"),
}


@pytest.mark.parametrize("name", CODE)
def test_code_is_named_and_not_run(name: str, tmp_path: Path) -> None:
    make, called = CODE[name]
    marker = tmp_path / "marker"
    error = _refused(write_zip(tmp_path / "x.pth", make(marker)))
    assert error.seen.zh == f"x.pth {REFUSED[0].format(called)}。"
    assert error.seen.en == f"x.pth {REFUSED[1].format(called)}."
    assert not marker.exists()


@pytest.mark.parametrize("name", ["os.system", "eval", "open, protocol 2"])
def test_code_in_the_older_format(name: str, tmp_path: Path) -> None:
    make, called = CODE[name]
    marker = tmp_path / "marker"
    raw = Raw(make(marker)[2:-1])
    error = _refused(write_legacy(tmp_path / "x.pth", small_weights(), root=raw))
    assert called in error.seen.en
    first = tmp_path / "y.pth"
    first.write_bytes(make(marker))
    assert called in _refused(first).seen.en
    assert not marker.exists()


def test_code_beside_honest_weights(tmp_path: Path) -> None:
    """Weights in order, a call in the meta data."""
    marker = tmp_path / "marker"
    root = root_of(small_weights(), {"epoch": 1, "hook": Call("posix system", (f"touch {marker}",))})
    error = _refused(write_zip(tmp_path / "x.pth", pickled(root), [b"\0" * 64] * 3))
    assert "posix.system" in error.seen.en
    assert not marker.exists()


@pytest.mark.parametrize(
    "name", ["torch.nn.modules.container Sequential", "__main__ Net", "mmcls.models ImageClassifier"]
)
def test_a_whole_model_is_called_so(name: str, tmp_path: Path) -> None:
    error = _refused(write_zip(tmp_path / "x.pth", pickled(Call(name))))
    shown = name.replace(" ", ".")
    assert error.seen.zh == f"x.pth 存的是整个模型（{shown}），不是权重。"
    assert error.seen.en == f"x.pth holds a whole model ({shown}), not its weights."


def test_an_unfamiliar_kind_of_data_is_no_accusation(tmp_path: Path) -> None:
    error = _refused(write_zip(tmp_path / "x.pth", pickled(Call("torch._utils _rebuild_sparse_tensor"))))
    assert error.seen.zh == "x.pth 里有不认识的内容（torch._utils._rebuild_sparse_tensor），没有读取。"
    assert error.seen.en == "x.pth holds something unfamiliar (torch._utils._rebuild_sparse_tensor) and was not read."


def test_two_entries_of_one_name(tmp_path: Path) -> None:
    """torch would read the first, Python the last: a check of one says nothing about the other."""
    path = tmp_path / "x.pth"
    marker = tmp_path / "marker"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", _call("posix system")(marker))
        archive.writestr("archive/DATA.pkl", pickled(root_of(small_weights(), None)))
    path.write_bytes(path.read_bytes().replace(b"archive/DATA.pkl", b"archive/data.pkl"))
    assert _refused(path).seen.en == "x.pth has two entries of one name: not torch's work."


def _declared(shape: tuple[int, ...], strides: tuple[int, ...] | None = None, count: int = 4) -> bytes:
    return pickled({"state_dict": {"w": tensor("0", count, shape, strides=strides)}})


def test_a_tiny_file_declares_a_huge_tensor(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.pth", _declared((10**6, 10**6), (0, 0)), [raw_floats([0.0] * 4)])
    assert path.stat().st_size < 2000
    error = _refused(path)
    assert error.seen.zh == "x.pth 声明了 1000000000000 个数，实际只有 4 个。"
    assert error.seen.en == "x.pth declares 1000000000000 numbers and holds 4."


@pytest.mark.parametrize(
    "raw",
    [
        _declared((2, 2), (4, 1)),  # ends behind the storage
        _declared((2, 2), (-1, 1)),
        _declared((2**50,)),
        _declared((4,), count=2**40),  # the storage itself declares terabytes
        _declared((4,), count=-4),
        _declared(tuple([1] * 17)),
    ],
)
def test_tensors_outside_their_storage(raw: bytes, tmp_path: Path) -> None:
    _refused(write_zip(tmp_path / "x.pth", raw, [raw_floats([0.0] * 4)]))


def test_a_storage_of_no_known_type(tmp_path: Path) -> None:
    unknown = Stored(("storage", "float7", "0", "cpu", 4))
    view = Call("torch._utils _rebuild_tensor_v2", (unknown, 0, (4,), (1,), False, None))
    raw = pickled({"state_dict": {"w": view}})
    assert _refused(write_zip(tmp_path / "x.pth", raw, [bytes(16)])).seen.en == "x.pth is damaged and cannot be read."


def test_one_storage_described_twice(tmp_path: Path) -> None:
    raw = pickled({"state_dict": {"a": tensor("0", 4, (4,)), "b": tensor("0", 2, (2,))}})
    _refused(write_zip(tmp_path / "x.pth", raw, [raw_floats([0.0] * 4)]))


def _deep_list(depth: int) -> Raw:
    return Raw(b"]" * depth + b"a" * (depth - 1))


def _deep_tuple(depth: int) -> Raw:
    return Raw(b")" + b"\x85" * depth)


def test_a_deep_list_is_shown_shallow(tmp_path: Path) -> None:
    """100,000 lists within lists are read; what is kept of them is a few levels."""
    root = root_of(small_weights(), {"epoch": 1, "deep": _deep_list(100_000)})
    storages = [raw_floats(values) for _, values in small_weights().values()]
    found = read_checkpoint(write_zip(tmp_path / "x.pth", pickled(root), storages))
    assert len(repr(found.meta["deep"])) < 100


def test_a_deep_tuple_as_a_key_does_not_end_the_process(tmp_path: Path) -> None:
    raw = b"\x80\x02}" + _deep_tuple(500_000).code + b"Ns."
    assert _refused(write_zip(tmp_path / "x.pth", raw)).seen.en == UNUSUAL.format("TUPLE1")


def test_a_deep_tuple_by_way_of_the_memo(tmp_path: Path) -> None:
    step = b"q\x000h\x00\x85"  # memo, pop, get, wrap
    raw = b"\x80\x02})" + step * 100_000 + b"Ns."
    assert _refused(write_zip(tmp_path / "x.pth", raw)).seen.en == UNUSUAL.format("TUPLE1")


@pytest.mark.parametrize("step", [b"\x85Nb", b"\x85(e", b"\x85(u", b"\x85(0"])
def test_a_deep_tuple_by_way_of_opcodes_that_leave_it(step: bytes, tmp_path: Path) -> None:
    raw = b"\x80\x02})" + step * 100_000 + b"Ns."
    assert _refused(write_zip(tmp_path / "x.pth", raw)).seen.en == UNUSUAL.format("TUPLE1")


def test_a_list_that_holds_itself(tmp_path: Path) -> None:
    loop = Raw(b"]q\x05h\x05a")
    root = root_of(small_weights(), {"loop": loop, "epoch": 3})
    storages = [raw_floats(values) for _, values in small_weights().values()]
    assert read_checkpoint(write_zip(tmp_path / "x.pth", pickled(root), storages)).epoch == 3


def test_lists_of_the_same_lists(tmp_path: Path) -> None:
    """Forty levels of ten references each would be 10^40 items, written out."""
    code = b"]q\x00"
    for level in range(40):
        code += b"](" + b"h" + bytes([level]) + (b"h" + bytes([level])) * 9 + b"eq" + bytes([level + 1])
    root = root_of(small_weights(), {"laughs": Raw(b"(" + code + b"t"), "epoch": 3})
    storages = [raw_floats(values) for _, values in small_weights().values()]
    assert read_checkpoint(write_zip(tmp_path / "x.pth", pickled(root), storages)).epoch == 3


def test_a_memo_of_two_billion_entries(tmp_path: Path) -> None:
    raw = b"\x80\x02Nr" + struct.pack("<I", 2**31 - 1) + b"."
    assert _refused(write_zip(tmp_path / "x.pth", raw)).seen.en == UNUSUAL.format("LONG_BINPUT")


def test_one_long_text_copied_again_and_again(tmp_path: Path) -> None:
    text = encode("x" * 10**6) + b"q\x00"
    copy = b"c_codecs\nencode\n" + b"h\x00" + encode("latin1") + b"\x86R"
    raw = b"\x80\x02](" + text + copy * 5000 + b"e."
    assert _refused(write_zip(tmp_path / "x.pth", raw)).seen.en == "x.pth is damaged and cannot be read."


def test_keys_that_share_one_hash(tmp_path: Path) -> None:
    keys = {(2**61 - 1) * (at + 2**10): None for at in range(1000)}
    assert _refused(write_zip(tmp_path / "x.pth", pickled(keys))).seen.en == UNUSUAL.format("LONG1")


def test_too_many_opcodes(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.pth", b"\x80\x02" + b"N0" * 160_000 + b"N.")
    with pytest.raises(CheckpointError) as caught:
        read_checkpoint(path)
    assert caught.value.seen.zh == "x.pth 的内容不像 torch 存的（NONE），没有读取。"
    assert caught.value.seen.en == UNUSUAL.format("NONE")


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickled(root_of(small_weights(), None)))
        archive.writestr("archive/data/0", bytes(64 * 2**20))
    assert path.stat().st_size < 200_000
    assert "compressed" in _refused(path).seen.en


def test_a_directory_of_a_billion_entries(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.pth", pickled({}))
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\5\6")
    raw[at + 12 : at + 16] = struct.pack("<I", 2**31)
    path.write_bytes(raw)
    assert _refused(path).seen.en == "x.pth has too many entries: not torch's work."


def test_entries_that_lie_over_each_other(tmp_path: Path) -> None:
    """Many directory entries for the same bytes: a small file that reads as a large one."""
    path = write_zip(tmp_path / "x.pth", pickled(root_of(small_weights(), None)), [bytes(10_000)] * 3)
    raw = path.read_bytes()
    start = raw.index(b"PK\1\2")
    end = raw.rindex(b"PK\5\6")
    entries = raw[start:end].split(b"PK\1\2")[1:]
    big = next(entry for entry in entries if b"data/0" in entry)
    more = b"".join(b"PK\1\2" + big.replace(b"data/0", b"data/" + bytes([97 + at])) for at in range(20))
    head = bytearray(raw[end:])
    head[8:12] = struct.pack("<HH", len(entries) + 20, len(entries) + 20)
    head[12:16] = struct.pack("<I", end - start + len(more))
    path.write_bytes(raw[:end] + more + head)
    _refused(path)


def test_numbers_without_end_in_the_pickle(tmp_path: Path) -> None:
    """Decimal integers take quadratic time: torch never writes them."""
    raw = b"\x80\x02I" + b"9" * 4_000_000 + b"\n."
    _refused(write_zip(tmp_path / "x.pth", raw))


@pytest.mark.parametrize("name", ["archive/../../evil", "/etc/passwd", "C:\\evil.exe"])
def test_names_that_lead_outside(name: str, tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", pickled(root_of(small_weights(), None)))
        archive.writestr(zipfile.ZipInfo(name), "x")
    assert _refused(path).seen.en == "x.pth is laid out as torch never does."
    assert sorted(each.name for each in tmp_path.iterdir()) == ["x.pth"]


OPCODES = [bytes([code]) for code in b"()]}0Nabcdeghjloqrstu2.QRXBCGJKMT"]
OPCODES += [bytes([code]) for code in b"\x80\x81\x82\x85\x86\x87\x88\x89\x8a\x8c\x93\x94\x95\x96"]
NAMES = ["collections OrderedDict", "torch Size", "posix system", "__builtin__ set", "torch._utils _rebuild_tensor_v2"]
pieces = st.one_of(
    st.sampled_from(OPCODES),
    st.sampled_from([encode(Name(name)) for name in NAMES]),
    st.sampled_from([encode("storage"), encode(7), encode((1, 2)), encode([1]), encode({"a": 1}), b"h\0", b"q\0"]),
    st.binary(max_size=4),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(program=st.lists(pieces, max_size=40))
def test_any_program_is_read_or_refused(program: list[bytes], tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.pth", b"\x80\x02" + b"".join(program) + b".")
    with pytest.raises(CheckpointError):
        read_checkpoint(path)
