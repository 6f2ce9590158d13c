"""Every archive and folder of the table: what it earns, what is said, and that nothing lies outside our folder."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.isolation.boxes import Boxes

from .cases_inputs import ARCHIVES, FOLDERS, FULL, RIGHT, Case, zip_bytes
from .conftest import HONEST, Machine

TOML = 'id = "inputs"\ntitle = { zh = "答案", en = "Answers" }\nanswers = "answers.toml"\n'
POSIX = pytest.mark.skipif(os.name == "nt", reason="the file system of Windows takes no such names, links or pipes")


@dataclass(frozen=True)
class Graded:
    score: float
    says: str
    notes: list[str]


@pytest.fixture
def teacher(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "teacher"
    (folder / "exercise").mkdir(parents=True)
    (folder / "exercise" / "exercise.toml").write_text(TOML, encoding="utf-8")
    (folder / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "temporary"))
    return folder


def grade(teacher: Path, submission: Path) -> Graded:
    """As a pytest session would, in a scratch folder that only this submission has."""
    scratch = teacher / "scratch" / submission.name
    scratch.mkdir(parents=True)
    options = Options(submission=submission, cache="off")
    handed_in = HandedIn(teacher / "exercise", options, scratch, Boxes())
    result = CHECKS["answer"](handed_in.subject, "q", equals=7)
    told = json.dumps(result.to_json(), ensure_ascii=False)
    assert "666" not in told, "what leads out of the archive, or a twin, was read"
    assert result.seen.en.isprintable()
    return Graded(100 * result.share, result.seen.en, [note.en for note in handed_in.facts.notes])


def outside(teacher: Path) -> dict[str, bytes]:
    """Every file that is neither the submission's own nor in the session's scratch folder."""
    kept = {}
    for place, folders, files in os.walk(teacher):
        folders[:] = [name for name in folders if name not in ("scratch", "handed in")]
        kept.update({os.path.join(place, name): Path(place, name).read_bytes() for name in files})  # noqa: PTH118
    return kept


def check_case(teacher: Path, case: Case) -> None:
    place = teacher / "handed in"
    place.mkdir()
    submission = case.make(place)
    honest = teacher / "honest"
    honest.mkdir()
    (honest / "answers.toml").write_bytes(RIGHT)
    before, listed = outside(teacher), sorted(path.name for path in place.iterdir())
    graded = grade(teacher, submission)
    assert (graded.score, case.says in graded.says) == (case.score, True), graded
    assert len(graded.notes) == len(case.notes), graded.notes
    for note, words in zip(graded.notes, case.notes, strict=True):
        assert words in note
        assert note.isprintable()
    assert outside(teacher) == before
    assert sorted(path.name for path in place.iterdir()) == listed
    assert not Path("/tmp/answers.toml").exists()
    assert grade(teacher, honest) == Graded(FULL, "7", [])


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_and_its_honest_neighbour(teacher: Path, name: str) -> None:
    check_case(teacher, ARCHIVES[name])


@POSIX
@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_and_its_honest_neighbour(teacher: Path, name: str) -> None:
    check_case(teacher, FOLDERS[name])


def test_a_program_in_an_archive_is_run(machine: Machine, at_level: Callable[[str], str]) -> None:
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
    graded = machine.grade(folder, at_level("process"))
    assert (graded.score, graded.says) == (100.0, ""), graded.printed
    submission = graded.handed_in.submission
    assert isinstance(submission, Submission)
    assert submission.source_name == "作业 final/张三的 作业/homework.py"
    assert [note.en for note in submission.notes] == [
        "old.zip is not a whole archive.",
        "Not unpacked from 作业 final.zip: ../x: the name leads out of the folder, or is too long or too deep.",
    ]
    assert sorted(path.name for path in folder.iterdir()) == ["old.zip", "作业 final.zip"]
