"""Every archive and folder of the table: what it earns, what is said, and that nothing lies outside our folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.submission.find import Submission

from .cases import ALL
from .cases_inputs import ARCHIVES, FOLDERS, FULL, RIGHT, WORK, Case, zip_bytes
from .conftest import HONEST, LEARNED, Machine

TOML = """\
id = "inputs"
title = { zh = "答案", en = "Answers" }
script = "homework.py"
answers = "homework.py"
[budget]
seconds = 60
"""
POSIX = pytest.mark.skipif(os.name == "nt", reason="the file system of Windows takes no such names, links or pipes")
STRONGEST = "the strongest"
SLOW = {"S24 10 000 entries"}  # thousands of files, which nobody need write three times


@dataclass(frozen=True)
class Graded:
    score: float
    says: str
    notes: list[str]
    level: str


def levels_of(table: dict[str, Case]) -> list[tuple[str, str]]:
    """S24 wherever a program is run; all others at the best of this machine: the judge unpacks alike for all levels."""
    everywhere = {name for name, case in table.items() if name.startswith("S24") and case.score == FULL}
    return [(level, name) for name in table for level in (ALL if name in everywhere - SLOW else (STRONGEST,))]


def grade(machine: Machine, submission: Path, level: str, cache: Path | None = None) -> Graded:
    """Half for the answer in the program, half for the training that it makes when it is run in the box."""
    scratch = machine.scratch / "scratch" / submission.name
    scratch.mkdir(parents=True)
    options = Options(submission=submission, cache=str(cache or "off"), isolation=level)
    handed_in = HandedIn(machine.exercise, options, scratch, machine.boxes)
    results = [CHECKS["answer"](handed_in.subject, "q", equals=7), CHECKS["loss_falls"](handed_in.subject, by=LEARNED)]
    told = json.dumps([result.to_json() for result in results], ensure_ascii=False)
    assert "666" not in told, "what leads out of the archive, or a twin, was read"
    assert results[0].seen.en.isprintable()
    score = sum(50 * result.share for result in results)
    done = handed_in.done
    run_at = getattr(done, "isolation", "") if getattr(done, "runs", ()) else ""
    return Graded(score, results[0].seen.en, [note.en for note in handed_in.facts.notes], run_at)


def outside(machine: Machine) -> dict[str, bytes]:
    """Every file of the teacher's; what was handed in, and our own folder, lie elsewhere."""
    return {str(path): path.read_bytes() for path in machine.folder.rglob("*") if path.is_file()}


def check_case(machine: Machine, case: Case, level: str) -> None:
    (machine.exercise / "exercise.toml").write_text(TOML, encoding="utf-8")
    place = machine.scratch / "handed in"
    place.mkdir()
    submission = case.make(place)
    honest = machine.folder / "class" / "honest"
    (honest / WORK).write_bytes(RIGHT)
    before, listed = outside(machine), sorted(path.name for path in place.iterdir())
    graded = grade(machine, submission, level)
    assert (graded.score, case.says in graded.says) == (case.score, True), graded
    assert graded.level == (level if case.score == FULL else "")
    assert len(graded.notes) == len(case.notes), graded.notes
    for note, words in zip(graded.notes, case.notes, strict=True):
        assert words in note
        assert note.isprintable()
    assert outside(machine) == before
    assert sorted(path.name for path in place.iterdir()) == listed
    assert not Path("/tmp", WORK).exists()
    assert grade(machine, honest, level, machine.kept) == Graded(FULL, "7", [], level)


def level_here(machine: Machine, at_level: Callable[[str], str], level: str) -> str:
    return machine.boxes.strongest().level if level == STRONGEST else at_level(level)


@pytest.mark.train
@pytest.mark.parametrize(("level", "name"), levels_of(ARCHIVES))
def test_an_archive_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], level: str, name: str
) -> None:
    check_case(machine, ARCHIVES[name], level_here(machine, at_level, level))


@pytest.mark.train
@POSIX
@pytest.mark.parametrize(("level", "name"), levels_of(FOLDERS))
def test_a_folder_and_its_honest_neighbour(
    machine: Machine, at_level: Callable[[str], str], level: str, name: str
) -> None:
    check_case(machine, FOLDERS[name], level_here(machine, at_level, level))


@pytest.mark.train
@pytest.mark.parametrize("level", ALL)
def test_a_program_in_an_archive_is_run(machine: Machine, at_level: Callable[[str], str], level: str) -> None:
    """With what a system adds, a broken archive and an older attempt beside it."""
    folder = machine.folder / "class" / "packed"
    folder.mkdir()
    inside = [
        ("张三的 作业/homework.py".encode("gbk"), HONEST.encode()),
        ("__MACOSX/homework.py", b"x ="),
        ("../x", b""),
    ]
    (folder / "作业 final.zip").write_bytes(zip_bytes(inside))
    (folder / "old.zip").write_bytes(b"PK\x03\x04")
    graded = machine.grade(folder, at_level(level))
    assert (graded.score, graded.says, graded.level) == (100.0, "", level), graded.printed
    submission = graded.handed_in.submission
    assert isinstance(submission, Submission)
    assert submission.source_name == "作业 final/张三的 作业/homework.py"
    assert [note.en for note in submission.notes] == [
        "old.zip is not a whole archive.",
        "Not unpacked from 作业 final.zip: ../x: the name leads out of the folder, or is too long or too deep.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["old.zip", "作业 final.zip"]
