"""JSON that a stranger's process wrote: what is refused, and how much is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_mmedu.strict_json import parse, plain_bytes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": 1, "a": 2}', "'a' twice"),
        ('[{"": {"b": 1, "b": 1}}]', "'b' twice"),
        ("[NaN]", "NaN is not a number"),
        ("-Infinity", "-Infinity is not a number"),
        ("[" * 200_000, "too deep"),
        ("", "Expecting value"),
        ("{'a': 1}", "Expecting property name"),
        (b"\xff\xfe", "Expecting value"),
    ],
)
def test_what_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse(text)


def test_the_rest_is_json() -> None:
    assert parse('{"a": [1, 2.5, null, true, "训练"]}') == {"a": [1, 2.5, None, True, "训练"]}


def test_only_the_beginning_of_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"0123456789")
    assert plain_bytes(tmp_path / "long", 4) == b"0123"
    assert plain_bytes(tmp_path / "long", 99) == b"0123456789"


def test_what_is_no_file_is_empty(tmp_path: Path) -> None:
    assert plain_bytes(tmp_path, 9) == b""
    assert plain_bytes(tmp_path / "missing", 9) == b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_no_pipe_and_no_link_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "secret").write_text("x", "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    assert plain_bytes(tmp_path / "pipe", 9) == b""
    assert plain_bytes(tmp_path / "link", 9) == b""
