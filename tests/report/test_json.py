"""The report as JSON: the same back, nothing else accepted, written whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mmedu.errors import MachineError, OutputError
from pytest_mmedu.report import json_file
from pytest_mmedu.report.json_file import read_report, write_report
from pytest_mmedu.report.report import Report, dumps, loads
from pytest_mmedu.report.schema import SCHEMA_FILE, schema
from pytest_mmedu.text import Text


def changed(report: Report, change: Callable[[dict[str, Any]], object]) -> str:
    data = json.loads(dumps(report))
    change(data)
    return json.dumps(data)


def test_there_and_back(report: Report) -> None:
    assert loads(dumps(report)) == report


def test_both_languages_are_in_the_document(report: Report) -> None:
    assert "参数合理" in dumps(report)
    assert "Sensible parameters" in dumps(report)


@given(zh=st.text(st.characters(exclude_categories=())), en=st.text())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_survives(report: Report, zh: str, en: str) -> None:
    again = loads(dumps(replace(report, notes=(Text(zh, en),)))).notes[0]
    assert again == Text(*(part.encode("utf-8", "replace").decode() for part in (zh, en)))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.pop("score"),
        lambda data: data.update(extra=1),
        lambda data: data["tests"][0].update(extra=1),
        lambda data: data["tests"][0]["title"].update(fr="x"),
        lambda data: data.update(score="82.5"),
        lambda data: data.update(score=True),
        lambda data: data.update(score=100.0),
        lambda data: data.update(max_score=82.5),
        lambda data: data.update(undecided=-1.0),
        lambda data: data.update(seconds=float("nan")),
        lambda data: data.update(seconds=float("inf")),
        lambda data: data["tests"][0].update(earned=31.0),
        lambda data: data["tests"][0].update(outcome="good"),
        lambda data: data["tests"][1]["results"][1].update(share=2.0),
        lambda data: data["tests"][1]["results"][1].update(outcome="passed"),
        lambda data: data.update(tests=None),
        lambda data: data.update(format="pytest-mmedu report 2"),
        lambda data: data.update(notes=["x"]),
    ],
)
def test_what_is_not_a_whole_report_is_refused(report: Report, change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(MachineError, match=r"这不是一份完整的成绩报告.+This is not a whole report"):
        loads(changed(report, change))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000, "1" * 5000, '{"score": 1, "score": 2}'])
def test_what_is_no_report_at_all_is_refused(text: str) -> None:
    with pytest.raises(MachineError):
        loads(text)


def test_a_name_twice_is_refused(report: Report) -> None:
    text = dumps(report).replace('"score": 82.5', '"score": 0, "score": 82.5', 1)
    with pytest.raises(MachineError, match="'score' twice"):
        loads(text)


def test_the_published_schema_describes_every_report(report: Report) -> None:
    published = json.loads(SCHEMA_FILE.read_text("utf-8"))
    jsonschema.validate(json.loads(dumps(report)), published)
    wrong = {**json.loads(dumps(report)), "score": "82.5"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, published)


def test_the_published_schema_is_up_to_date() -> None:
    """By names alone: how pydantic words a schema changes with its version."""
    published, made = json.loads(SCHEMA_FILE.read_text("utf-8")), schema()
    assert _names(published) == _names(made)


def _names(described: Any) -> set[tuple[str, ...]]:
    parts = {"": described, **described["$defs"]}
    return {(part, name) for part, facts in parts.items() for name in facts.get("properties", ())}


@pytest.mark.parametrize(
    ("score", "max_score", "all_earned"), [(100.0, 100.0, True), (99.9, 100.0, False), (0.0, 0.0, False)]
)
def test_all_earned(report: Report, score: float, max_score: float, all_earned: bool) -> None:
    assert replace(report, score=score, max_score=max_score).all_earned is all_earned


def test_written_and_read(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "new" / "报告.json"
    write_report(report, path)
    assert read_report(path) == report
    assert [file.name for file in path.parent.iterdir()] == ["报告.json"]


def test_an_older_report_is_replaced(report: Report, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("old", "utf-8")
    write_report(report, path)
    assert read_report(path) == report


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.json"
    path.write_text("old", "utf-8")
    real = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *_, **__: real(Path("/dev/full"), "w"))
    with pytest.raises(OutputError) as caught:
        write_report(report, path)
    monkeypatch.undo()
    assert caught.value.text == Text(
        f"磁盘满了，写不下 {path}。请腾出空间，或换一个文件夹。",
        f"The disk is full: {path} cannot be written. Make room or choose another folder.",
    )
    assert [file.name for file in tmp_path.iterdir()] == ["r.json"]
    assert path.read_text("utf-8") == "old"


def test_a_folder_that_is_a_file_is_a_sentence(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(OutputError, match=r"写不了 .+ cannot be written"):
        write_report(report, tmp_path / "file" / "r.json")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that this user cannot write")
def test_a_forbidden_folder_is_a_sentence(report: Report, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match=r"没有权限写 .+There is no permission to write"):
            write_report(report, tmp_path / "r.json")
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_no_permission_in_both_languages(number: int) -> None:
    error = json_file.cannot_write(Path("r.json"), OSError(number, "no"))
    assert error.text == Text(
        "没有权限写 r.json。请换一个文件夹。", "There is no permission to write r.json. Choose another folder."
    )


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_reading_what_is_not_there_or_not_text(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "r.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MachineError):
        read_report(path)
