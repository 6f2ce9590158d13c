"""Pictures that nobody has seen: a program that reads all it can does not find them, and they tell what it is worth."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.submission.isolation.places import without
from pytest_mmedu.submission.material import copy_without, lay_out
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import source_of

from .conftest import HONEST, Machine

EXERCISE = """\
id = "held_out"
title = {{ zh = "留出", en = "Held out" }}
dataset = "{dataset}"
{held_out}
[budget]
seconds = 60
"""
HELD_OUT = 'held_out = "test_set"'
# Every file of a size in question is read, wherever it lies; a file of the training set shows that it would be found.
LOOKS = """
import hashlib, os, stat, sys
sizes, wanted, known = set(@SIZES@), set(@WANTED@), @KNOWN@
found, seen = set(), False
kit = os.path.dirname(__import__(@KIT@).__file__)
tops = ['/', '..', '../../given', '@DATA@', '@TEACHER@', kit, sys.prefix, *sys.path]
for top in tops:
    for top, folders, names in os.walk(top):
        folders[:] = [name for name in folders if os.path.join(top, name) not in ('/proc', '/sys', '/usr')]
        for name in names:
            path = os.path.join(top, name)
            try:
                facts = os.lstat(path)
                if not stat.S_ISREG(facts.st_mode) or facts.st_size not in sizes:
                    continue
                digest = hashlib.sha256(open(path, 'rb').read()).hexdigest()
            except OSError:
                continue
            seen = seen or digest == known
            if digest in wanted:
                found.add(path)
print('known', seen, 'found', len(found))
"""
# The name of the kit is put together: a program that mentions it has the training libraries loaded for it.
KIT = "'pytest_' + 'mmedu'"
BY_NAME = f"""
import os
from importlib import import_module
data = import_module({KIT} + '.dataset')
folder = data.find_dataset('@NAME@')
print(sorted(name for name in os.listdir(folder) if name.endswith('_set') or name.endswith('.txt')))
print([len(pictures) for pictures in data.read_dataset('@NAME@').splits.values()])
"""


def write(machine: Machine, dataset: str, held_out: str = HELD_OUT) -> None:
    text = EXERCISE.format(dataset=dataset, held_out=held_out)
    (machine.exercise / "exercise.toml").write_text(text, encoding="utf-8")


def printed(machine: Machine, program: str, level: str, scratch: Path) -> str:
    submission = machine.hand_in("case", HONEST + program)
    handed_in = HandedIn(
        machine.exercise, Options(submission=submission, cache="off", isolation=level), scratch, machine.boxes
    )
    assert CHECKS["log_exists"](handed_in.subject).outcome == "passed", handed_in.done
    return str(getattr(handed_in.done, "stdout_tail", ""))


def looking_for(hidden: list[Path], known: Path, program: str = LOOKS) -> str:
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in (*hidden, known)}
    words = {
        "@SIZES@": str(sorted({path.stat().st_size for path in digests})),
        "@WANTED@": str(sorted(digests[path] for path in hidden)),
        "@KNOWN@": repr(digests[known]),
        "@KIT@": KIT,
        "@DATA@": str(find_dataset("digits10").parent),
    }
    for word, value in words.items():
        program = program.replace(word, value)
    return program


def pictures(images: ImageFolder, split: str) -> list[Path]:
    return [sample.path for sample in images.splits[split]]


@pytest.mark.train
@pytest.mark.parametrize("level", ["namespaces", "landlock"])
def test_a_program_that_reads_all_it_can(
    machine: Machine, at_level: Callable[[str], str], tmp_path: Path, level: str
) -> None:
    """A shipped data set, which the box shows among the kit's own files; and what only the judge may know."""
    write(machine, "digits10")
    images = read_dataset(find_dataset("digits10"))
    (machine.exercise / "master.py").write_text("lr = 0.05  # SOLUTION\n", encoding="utf-8")
    others = (machine.exercise / "test_exercise.py", machine.exercise / "master.py")
    secrets = [*others, machine.folder / "secrets" / "grades.csv"]
    program = looking_for([*pictures(images, "test_set"), *secrets], pictures(images, "training_set")[0])
    assert printed(machine, program, at_level(level), tmp_path) == "known True found 0\n"


@pytest.mark.train
@pytest.mark.parametrize("level", ["namespaces", "landlock", "process"])
def test_a_shipped_name_leads_to_a_copy_without_them(
    machine: Machine, at_level: Callable[[str], str], tmp_path: Path, level: str
) -> None:
    write(machine, "shapes3")
    said = printed(machine, BY_NAME.replace("@NAME@", "shapes3"), at_level(level), tmp_path)
    assert said == "['classes.txt', 'training_set', 'val.txt', 'val_set']\n[72, 24, 0]\n"


def test_what_the_exercise_brings_is_laid_out_without_them(tmp_path: Path) -> None:
    """A teacher's own data set, put where the program names it; one that holds nothing out is whole."""
    images = shutil.copytree(find_dataset("shapes3"), tmp_path / "flowers")
    text = "from MMEdu import MMClassification\nm = MMClassification()\nm.load_dataset(path='../flowers')\nm.train()\n"
    program = written(source_of(text.encode(), "homework.py"))
    for held_out, left in (("test_set", []), (None, ["test.txt", "test_set"])):
        work = tmp_path / f"work {held_out}"
        (work / "submission").mkdir(parents=True)
        file = work / "submission" / "homework.py"
        lay_out(program, file, work, images.name, partial(copy_without, images, held_out=held_out))
        assert sorted(path.name for path in (work / "flowers").iterdir() if "test" in path.name) == left
        assert len(list((work / "flowers" / "val_set").rglob("*.png"))) == 24


@pytest.mark.train
def test_at_a_level_that_protects_no_files_the_report_says_so(machine: Machine, tmp_path: Path) -> None:
    write(machine, "shapes3")
    submission = machine.hand_in("case", HONEST)
    handed_in = HandedIn(
        machine.exercise, Options(submission=submission, cache="off", isolation="process"), tmp_path, machine.boxes
    )
    assert handed_in.subject.run is not None
    assert [(note.zh, note.en) for note in handed_in.facts.notes] == [
        (
            "程序是在级别 process 运行的，没有东西拦着它读 test_set 的图片。",
            "The program ran at level process, where nothing keeps it from reading the pictures of test_set.",
        )
    ]


def test_nothing_below_a_hidden_folder_is_readable_and_all_beside_it_is(tmp_path: Path) -> None:
    """The rules for a place in which something is hidden, wherever a kit is installed."""
    for name in ("site/kit/data/digits/test_set", "site/kit/data/shapes", "site/torch", "bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "site" / "one.py").write_text("", encoding="utf-8")
    readable, listed = without([tmp_path], [tmp_path / "site" / "kit" / "data" / "digits"])
    named = {path.relative_to(tmp_path).as_posix() for path in readable}
    assert named == {"bin", "site/torch", "site/one.py", "site/kit/data/shapes"}
    assert {path.relative_to(tmp_path).as_posix() for path in listed} == {".", "site", "site/kit", "site/kit/data"}
    assert without([tmp_path / "bin"], [tmp_path / "site"]) == ([tmp_path / "bin"], [])
    assert without([tmp_path / "site"], [tmp_path / "site"]) == ([], [])
