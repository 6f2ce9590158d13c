"""A teacher's machine with an exercise, a classmate and ears on the network; what it must look like afterwards."""

from __future__ import annotations

import os
import select
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.tokens import TOKEN
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm

SECRET = "the-expected-value-is-4711"
EXERCISE = """\
id = "robust"
title = {{ zh = "坚固", en = "Robust" }}
min_isolation = "{least}"
[budget]
seconds = {seconds}
memory_mb = {memory_mb}
"""
TESTS = f"""\
from pytest_mmedu import points

EXPECTED = "{SECRET}"

@points(40)
def test_log(check):
    check.log_exists()

@points(60)
def test_learning(check):
    check.loss_falls(by=0.5)
"""
# The honest work: a "training" that leaves what one of mmcls leaves, without taking its seconds.
HONEST = """\
import json, os
os.makedirs("out", exist_ok=True)
with open("out/run.log.json", "w") as log:
    for epoch in range(1, 7):
        log.write(json.dumps({"mode": "train", "epoch": epoch, "iter": 1, "lr": 0.05, "loss": 2.0 / epoch}) + "\\n")
"""


@dataclass(frozen=True)
class Graded:
    """What one submission came to: points of 100, the reason where nothing was there to judge, its output."""

    score: float
    says: str
    printed: str
    level: str
    handed_in: HandedIn


@dataclass
class Machine:
    """`folder` holds what is the teacher's, `scratch` the judge's own files; `ears` listen, and nobody may come."""

    folder: Path
    boxes: Boxes
    scratch: Path
    ears: dict[str, socket.socket]
    zygotes: Zygotes | None = None

    @property
    def exercise(self) -> Path:
        return self.folder / "exercise"

    @property
    def temporary(self) -> Path:
        return self.scratch / "temporary"

    def left_over(self) -> list[str]:
        """Processes of runs in its temporary folder, and children of this very process."""
        return left_over(self.temporary, self.zygotes.pids if self.zygotes else ())

    def words(self) -> dict[str, str]:
        """What a program that knows the machine would know."""
        return {
            "@EXERCISE@": str(self.exercise),
            "@TEACHER@": str(self.folder),
            "@CACHE@": str(self.scratch / "runs"),
            "@TEMPORARY@": tempfile.gettempdir(),
            "@JUDGE@": str(os.getpid()),
            "@EAR@": str(self.folder / "docker.sock"),
            "@ABSTRACT@": abstract_name(self.folder),
            **{f"@{name}@": str(ear.getsockname()[1]) for name, ear in self.ears.items() if name in INTERNET},
        }

    def write_exercise(self, least: str = "process", seconds: float = 20.0, memory_mb: int = 512) -> None:
        self.exercise.mkdir(exist_ok=True)
        text = EXERCISE.format(least=least, seconds=seconds, memory_mb=memory_mb)
        (self.exercise / "exercise.toml").write_text(text, encoding="utf-8")
        (self.exercise / "test_exercise.py").write_text(TESTS, encoding="utf-8")

    def hand_in(self, name: str, program: str) -> Path:
        folder = self.folder / "class" / name
        folder.mkdir(parents=True, exist_ok=True)
        for word, value in self.words().items():
            program = program.replace(word, value)
        (folder / "homework.py").write_text(program, encoding="utf-8")
        return folder

    def grade(self, submission: Path, level: str, exercise: Path | None = None) -> Graded:
        """As a pytest session would: the same finding, running and reading, the same checks."""
        options = Options(submission=submission, cache="off", isolation=level)
        handed_in = HandedIn(exercise or self.exercise, options, self.scratch, self.boxes)
        subject = handed_in.subject
        shares = {name: CHECKS[name](subject, **given).share for name, given in _CHECKS.items()}
        score = 40 * shares["log_exists"] + 60 * shares["loss_falls"]
        says = subject.no_run.seen.en if subject.no_run else ""
        done = handed_in.done
        return Graded(score, says, getattr(done, "stdout_tail", ""), getattr(done, "isolation", ""), handed_in)


_CHECKS: dict[str, dict[str, float]] = {"log_exists": {}, "loss_falls": {"by": 0.5}}


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Zygotes | None]:
    """What a class is graded with, where this system can: the cases hold there, or they would hold for nobody."""
    if can_be_warm():
        with Zygotes() as zygotes:
            yield zygotes
    else:
        yield None


@pytest.fixture(scope="session")
def boxes(zygotes: Zygotes | None) -> Boxes:
    return WarmBoxes(zygotes) if zygotes else Boxes()


@pytest.fixture
def machine(
    tmp_path: Path, boxes: Boxes, zygotes: Zygotes | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    """Afterwards the teacher's files are as they were, nobody has come, nothing is left."""
    if zygotes:
        zygotes.look_after()  # a case may bring one down
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder = tmp_path / "teacher"
    (folder / "secrets").mkdir(parents=True)
    (folder / "secrets" / "grades.csv").write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("TEACHERS_TOKEN", SECRET)
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with ears(folder) as open_ears:
        machine = Machine(folder, boxes, tmp_path, open_ears, zygotes)
        machine.write_exercise()
        machine.hand_in("honest", HONEST)
        yield machine
        assert (folder / "secrets" / "grades.csv").read_text("utf-8") == SECRET
        assert sorted(path.name for path in folder.iterdir()) == ["class", "docker.sock", "exercise", "secrets"]
        assert heard(open_ears) == []
    assert list(temporary.iterdir()) == []
    assert machine.left_over() == []


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True


_IPV4 = (socket.AF_INET, "127.0.0.1")
_IPV6 = (socket.AF_INET6, "::1") if _has_ipv6() else _IPV4
INTERNET = {
    f"{protocol}{version}": (family, kind, address)
    for protocol, kind in (("TCP", socket.SOCK_STREAM), ("UDP", socket.SOCK_DGRAM))
    for version, (family, address) in (("", _IPV4), ("6", _IPV6))
}


def abstract_name(folder: Path) -> str:
    return f"mmedu-{hash(folder):x}"


@contextmanager
def ears(folder: Path) -> Iterator[dict[str, socket.socket]]:
    """Listeners of every kind, by name."""
    with ExitStack() as stack:
        found = {}
        for name, (family, kind, address) in INTERNET.items():
            found[name] = stack.enter_context(socket.socket(family, kind))
            found[name].bind((address, 0))
        for name, place in (("EAR", "docker.sock"), ("ABSTRACT", "\0" + abstract_name(folder))):
            found[name] = stack.enter_context(socket.socket(socket.AF_UNIX))
            found[name].bind(place)
        for ear in found.values():
            ear.setblocking(False)
            if ear.type == socket.SOCK_STREAM:
                ear.listen(1)
        yield found


def heard(found: dict[str, socket.socket]) -> list[str]:
    """The ears that something came to."""
    return [name for name, ear in found.items() if select.select([ear], [], [], 0)[0]]


def left_over(temporary: Path, spared: Sequence[int]) -> list[str]:
    found = [str(child) for child in psutil.Process().children(recursive=True) if child.pid not in spared]
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        if TOKEN in environment and environment.get("HOME", "").startswith(str(temporary.resolve())):
            found.append(str(process))
    return found


Grade = Callable[[str, str], Graded]


@pytest.fixture
def at_level(boxes: Boxes) -> Callable[[str], str]:
    """The level itself, or a skip that says what this machine lacks."""

    def level(name: str) -> str:
        tried = boxes.tried(name)
        if tried.box is None:
            pytest.skip(f"{name} does not work here: {tried.missing}")
        return name

    return level
