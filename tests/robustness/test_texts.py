"""Lines, logs and notebooks of every kind: nothing crashes, what is wrong is named, what is right beside it counts."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.errors import LogError, SubmissionError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.run import Run
from pytest_mmedu.submission.source import parse, read_source

from .cases import ALL, IN_PYTORCH
from .cases_lines import EITHER_VALUES, LINES, READ_VALUES, REFUSED_VALUES, Verdict
from .cases_notebooks import NOTEBOOKS, NOTHING, RUN
from .conftest import HONEST, Machine

STRONGEST = "the strongest"
RECORDED = [
    {"mode": "train", "epoch": epoch, "iter": 1, "lr": 0.05, "loss": 2 / epoch, "class": "猫"} for epoch in range(1, 7)
]
RECORDS = [json.dumps(row, ensure_ascii=False) for row in RECORDED]
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
    check_within(read_log(path), verdict)


def check_within(log: TrainLog, verdict: Verdict, name: str = "") -> None:
    said = {note.line for note in log.notes if note.kind == "not json"}
    assert said == ({4} if verdict == "refused" else said & {4} if verdict == "either" else set()), name
    assert [record.line for record in log.train] == [1, 2, 3, 5, 6, 7], name
    assert CHECKS["loss_falls"](Subject(log=log), by=0.5).outcome == "passed", name


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
    check_whole(read_log(tmp_path / "run.log.json"), kind)


def check_whole(log: TrainLog, kind: str | None) -> None:
    assert [(record.epoch, record.loss) for record in log.train] == [(row["epoch"], row["loss"]) for row in RECORDED]
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


# -- the same where a program in the box leaves them ------------------------------------------------------------------

WRITES = """\
import json, os
for number, (before, line, times, after) in enumerate(json.load(open("logs.json", encoding="utf-8"))):
    os.mkdir(str(number))
    with open(f"{number}/run.log.json", "wb") as log:
        log.write((before + line * times + after).encode("latin-1"))
    os.utime(f"{number}/run.log.json", (number, number))
"""
AT_ONCE = 40  # a submission may leave 50 trainings


def left_in_the_box(machine: Machine, level: str, name: str, logs: list[tuple[str, str, str]]) -> list[Run]:
    """Each log as its bytes, in latin-1; one that is the same letter over and over is written by the program."""
    rows = [
        (one, line[0], len(line), two) if line == line[:1] * len(line) else (one, line, 1, two)
        for one, line, two in logs
    ]
    submission = machine.hand_in(name, IN_PYTORCH + WRITES)
    (submission / "logs.json").write_text(json.dumps(rows), encoding="utf-8")
    graded = machine.grade(submission, level)
    assert (graded.says, graded.level) == ("", level), graded.printed
    runs: list[Run] = graded.handed_in.done.runs  # type: ignore[union-attr]
    assert len(runs) == len(logs)
    beside = machine.grade(machine.hand_in(f"beside {name}", f"{HONEST}# {name}\n"), level)
    assert (beside.score, beside.says) == (100.0, "")
    return list(runs)


def bytes_of(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@pytest.mark.train
@pytest.mark.parametrize("level", ALL)
def test_s20_lines_that_a_program_leaves(machine: Machine, at_level: Callable[[str], str], level: str) -> None:
    """Within an honest log, and, where the best box is, alone."""
    head, tail = ("".join(f"{bytes_of(line)}\n" for line in part) for part in (RECORDS[:3], RECORDS[3:]))
    within = [(head, bytes_of(line), "\n" + tail) for _, line, _ in CASES]
    for start in range(0, len(CASES), AT_ONCE):
        runs = left_in_the_box(machine, at_level(level), f"within {start}", within[start : start + AT_ONCE])
        for run, (name, _, verdict) in zip(runs, CASES[start:], strict=False):
            check_within(read_log(run.folder / "run.log.json"), verdict, name)
    lines = list(ALONE.values()) if level == machine.boxes.strongest().level else []
    for start in range(0, len(lines), AT_ONCE):
        alone = [("", bytes_of(line), "") for line in lines[start : start + AT_ONCE]]
        for run in left_in_the_box(machine, level, f"alone {start}", alone):
            with pytest.raises(LogError):
                read_log(run.folder / "run.log.json")


@pytest.mark.train
@pytest.mark.parametrize("level", ALL)
def test_s21_logs_that_a_program_leaves(machine: Machine, at_level: Callable[[str], str], level: str) -> None:
    logs = [("", make("\n".join(RECORDS) + "\n").decode("latin-1"), "") for make, _ in LOGS.values()]
    for run, (_, kind) in zip(left_in_the_box(machine, at_level(level), "logs", logs), LOGS.values(), strict=True):
        check_whole(read_log(run.folder / "run.log.json"), kind)


def hand_in(machine: Machine, data: bytes) -> Path:
    folder = machine.folder / "class" / "case"
    folder.mkdir()
    (folder / "homework.ipynb").write_bytes(data)
    return folder


ROWS = [(STRONGEST, name) for name in NOTEBOOKS] + [(level, name) for level in ALL for name in RUN]


@pytest.mark.train
@pytest.mark.parametrize(("level", "name"), ROWS)
def test_s22_a_notebook_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], level: str, name: str
) -> None:
    """Refused with a reason, or run as the program that it holds."""
    case = NOTEBOOKS[name]
    level = machine.boxes.strongest().level if level == STRONGEST else at_level(level)
    graded = machine.grade(hand_in(machine, case.data()), level)
    assert (graded.score, graded.level) == ((0.0, "") if case.refused else (100.0, level)), graded
    notes = [note.en for note in graded.handed_in.facts.notes]
    assert case.refused in graded.says or "is too large" in notes[0]
    assert [words for words in case.notes if not any(words in note for note in notes)] == []
    assert machine.neighbour(level).score == 100.0


@pytest.mark.train
@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("level", ALL)
def test_s22_outputs_are_not_trusted(machine: Machine, at_level: Callable[[str], str], level: str, name: str) -> None:
    graded = machine.grade(hand_in(machine, NOTHING[name]()), at_level(level))
    without = "The program ran to its end without training anything."
    assert (graded.score, graded.says) == (0.0, without if name == "outputs alone" else "homework.ipynb is empty.")
    assert machine.neighbour(level).score == 100.0
