"""Lines, logs and notebooks of every kind: nothing crashes, what is wrong is named, what is right beside it counts."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.errors import LogError, SubmissionError
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission.source import parse, read_source

from .cases_lines import EITHER_VALUES, LINES, READ_VALUES, REFUSED_VALUES, Verdict
from .cases_notebooks import NOTEBOOKS, NOTHING, RUN
from .conftest import HONEST, Machine

ROWS = [
    {"mode": "train", "epoch": epoch, "iter": 1, "lr": 0.05, "loss": 2 / epoch, "class": "猫"} for epoch in range(1, 7)
]
RECORDS = [json.dumps(row, ensure_ascii=False) for row in ROWS]
OF_VALUES: list[tuple[str, str, Verdict]] = [
    *((f"value: {name}", value, "read") for name, value in READ_VALUES.items()),
    *((f"value: {name}", value, "refused") for name, value in REFUSED_VALUES.items()),
    *((f"value: {name}", value, "either") for name, value in EITHER_VALUES.items()),
]
CASES = [(name, f'{{"mode": "note", "x": {value}}}', verdict) for name, value, verdict in OF_VALUES]
CASES += [(f"line: {name}", line, verdict) for name, (line, verdict) in LINES.items()]


def test_the_table_is_large_enough() -> None:
    assert sum(verdict != "either" for _, _, verdict in CASES) >= 60


@pytest.mark.parametrize(("line", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_s20_a_line_within_an_honest_log(tmp_path: Path, line: str, verdict: Verdict) -> None:
    path = tmp_path / "run.log.json"
    path.write_text("\n".join([*RECORDS[:3], line, *RECORDS[3:]]) + "\n", encoding="utf-8")
    log = read_log(path)
    said = {note.line for note in log.notes if note.kind == "not json"}
    assert said == ({4} if verdict == "refused" else said & {4} if verdict == "either" else set())
    assert [record.line for record in log.train] == [1, 2, 3, 5, 6, 7]
    assert CHECKS["loss_falls"](Subject(log=log), by=0.5).outcome == "passed"


ALONE = {name: line for name, line, _ in CASES if line != "{}"}  # which is how mmcv begins a log


@pytest.mark.parametrize("line", ALONE.values(), ids=ALONE)
def test_s20_a_line_alone_is_no_log(tmp_path: Path, line: str) -> None:
    (tmp_path / "run.log.json").write_text(line, encoding="utf-8")
    with pytest.raises(LogError) as caught:
        read_log(tmp_path / "run.log.json")
    assert caught.value.text.zh
    assert caught.value.text.en.isprintable()


TORN = RECORDS[5][:40]
LOGS: dict[str, tuple[Callable[[str], bytes], str | None]] = {
    "as it is written": (str.encode, None),
    "S21 a mark at the beginning": (lambda text: codecs.BOM_UTF8 + text.encode(), None),
    "S21 Windows line ends": (lambda text: text.replace("\n", "\r\n").encode(), None),
    "S21 GBK": (lambda text: text.encode("gbk"), None),
    "S21 UTF-16": (lambda text: text.encode("utf-16"), None),
    "S21 blank lines": (lambda text: text.replace("\n", "\n\n  \n\n").encode(), None),
    "S21 the last line torn": (lambda text: (text + TORN).encode(), "cut off"),
    "S21 torn within a sign": (lambda text: text.encode() + '{"mode": "train", "class": "猫'.encode()[:-1], "cut off"),
    "S21 all of it": (
        lambda text: codecs.BOM_UTF8 + (text.replace("\n", "\r\n\r\n") + TORN).encode(),
        "cut off",
    ),
    "zero bytes at the end": (lambda text: text.encode() + bytes(4096), "nul bytes"),
}


@pytest.mark.parametrize("name", LOGS)
def test_s21_a_log_as_it_comes(tmp_path: Path, name: str) -> None:
    written, kind = LOGS[name]
    (tmp_path / "run.log.json").write_bytes(written("\n".join(RECORDS) + "\n"))
    log = read_log(tmp_path / "run.log.json")
    assert [(record.epoch, record.loss) for record in log.train] == [(row["epoch"], row["loss"]) for row in ROWS]
    assert {note.kind for note in log.notes} == ({kind} if kind else set())
    assert CHECKS["loss_falls"](Subject(log=log), by=0.5).outcome == "passed"


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_s22_a_notebook_is_refused_or_read(tmp_path: Path, name: str) -> None:
    case = NOTEBOOKS[name]
    path = tmp_path / "homework.ipynb"
    path.write_bytes(case.data())
    if case.refused:
        with pytest.raises(SubmissionError) as caught:
            read_source(path)
        assert case.refused in caught.value.seen.en
        assert caught.value.place == "homework.ipynb"
        return
    source = read_source(path)
    parse(source)
    assert HONEST.strip() in source.text
    assert [words in note.en for note, words in zip(source.notes, case.notes, strict=True)] == [True] * len(case.notes)


def hand_in(machine: Machine, data: bytes) -> Path:
    folder = machine.folder / "class" / "case"
    folder.mkdir()
    (folder / "homework.ipynb").write_bytes(data)
    return folder


@pytest.mark.parametrize("name", RUN)
def test_s22_what_is_read_is_run(machine: Machine, at_level: Callable[[str], str], name: str) -> None:
    graded = machine.grade(hand_in(machine, NOTEBOOKS[name].data()), at_level("process"))
    assert (graded.score, graded.says) == (100.0, ""), graded.printed


@pytest.mark.parametrize("name", NOTHING)
def test_s22_outputs_are_not_trusted(machine: Machine, at_level: Callable[[str], str], name: str) -> None:
    graded = machine.grade(hand_in(machine, NOTHING[name]()), at_level("process"))
    assert (graded.score, graded.says) == (0.0, "The program ran to its end without training anything.")


def test_s22_a_refused_one_and_its_honest_neighbour(machine: Machine, at_level: Callable[[str], str]) -> None:
    graded = machine.grade(hand_in(machine, NOTEBOOKS["torn"].data()), at_level("process"))
    assert (graded.score, graded.says) == (0.0, "homework.ipynb is not a notebook that can be read.")
    assert machine.grade(machine.folder / "class" / "honest", "process").score == 100.0
