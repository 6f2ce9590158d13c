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
from pytest_mmedu.submission.warm.zygotes import Zygotes

SECRET = "the-expected-value-is-4711"
LEARNED = 0.1  # by which the loss of the honest training falls at least: it does by 0.2
EXERCISE = """\
id = "robust"
title = {{ zh = "坚固", en = "Robust" }}
min_isolation = "{least}"
[budget]
seconds = {seconds}
memory_mb = {memory_mb}
"""
# What the exercise asks for: the training of the program, or its function, for which nothing is trained or loaded.
TESTS = {
    "training": f"""\
from pytest_mmedu import points

EXPECTED = "{SECRET}"

@points(40)
def test_log(check):
    check.log_exists()

@points(60)
def test_learning(check):
    check.loss_falls(by={LEARNED})
""",
    "function": f"""\
from pytest_mmedu import points

EXPECTED = "{SECRET}"

@points(100)
def test_total(check):
    check.function("total", examples=[([1],), ([2, 3],)], reference=sum)
""",
}
EXAMPLES = [([1],), ([2, 3],)]
# The honest work: the smallest real training that learns something, and a function that is right.
HONEST = """\
import contextlib, io
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.load_dataset(path="shapes3")
with contextlib.redirect_stdout(io.StringIO()):
    model.train(save_fold="out", epochs=3, lr=0.05, batch_size=8, validate=False, random_seed=1)
def total(numbers):
    return sum(numbers)
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
    """`folder` holds what is the teacher's, `scratch` the judge's own files; `ears` listen, and nobody may come.

    `others` are children of this process that were there before: what other tests keep warm is none of it.
    `kept` is a cache of runs for all tests of this worker: of honest work, which nothing else has the content of.
    """

    folder: Path
    boxes: Boxes
    scratch: Path
    ears: dict[str, socket.socket]
    kept: Path
    others: frozenset[int]
    zygotes: Zygotes | None = None

    @property
    def exercise(self) -> Path:
        return self.folder / "exercise"

    @property
    def temporary(self) -> Path:
        return self.scratch / "temporary"

    def left_over(self) -> list[str]:
        """Processes of runs in its temporary folder, and children of this very process."""
        return left_over(self.temporary, [*self.others, *(self.zygotes.pids if self.zygotes else ())])

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

    def write_exercise(
        self, least: str = "process", seconds: float = 20.0, memory_mb: int = 512, asks: str = "training"
    ) -> None:
        self.exercise.mkdir(exist_ok=True)
        text = EXERCISE.format(least=least, seconds=seconds, memory_mb=memory_mb)
        (self.exercise / "exercise.toml").write_text(text, encoding="utf-8")
        (self.exercise / "test_exercise.py").write_text(TESTS[asks], encoding="utf-8")

    def hand_in(self, name: str, program: str) -> Path:
        folder = self.folder / "class" / name
        folder.mkdir(parents=True, exist_ok=True)
        for word, value in self.words().items():
            program = program.replace(word, value)
        (folder / "homework.py").write_text(program, encoding="utf-8")
        return folder

    def grade(self, submission: Path, level: str, exercise: Path | None = None) -> Graded:
        """As a pytest session would: the same finding, running and reading, the same checks."""
        return self._graded(submission, level, exercise, "off")

    def neighbour(self, level: str) -> Graded:
        """An honest one, graded by this same judge: its training is made once at each level and kept."""
        return self._graded(self.folder / "class" / "honest", level, None, self.kept)

    def _graded(self, submission: Path, level: str, exercise: Path | None, cache: str | Path) -> Graded:
        options = Options(submission=submission, cache=str(cache), isolation=level)
        handed_in = HandedIn(exercise or self.exercise, options, self.scratch, self.boxes)
        subject = handed_in.subject
        shares = {name: CHECKS[name](subject, **given).share for name, given in _CHECKS.items()}
        score = 40 * shares["log_exists"] + 60 * shares["loss_falls"]
        says = subject.no_run.seen.en if subject.no_run else ""
        done = handed_in.done
        return Graded(score, says, getattr(done, "stdout_tail", ""), getattr(done, "isolation", ""), handed_in)

    def grade_function(self, submission: Path, level: str) -> Graded:
        """Where the exercise asks for the function alone: the program is run without its training."""
        options = Options(submission=submission, cache="off", isolation=level)
        handed_in = HandedIn(self.exercise, options, self.scratch, self.boxes)
        result = CHECKS["function"](handed_in.untrained, "total", examples=EXAMPLES, reference=sum)
        [called] = handed_in.called
        says = "" if result.outcome == "passed" else result.seen.en
        return Graded(100 * result.share, says, called.stdout_tail, called.isolation, handed_in)


_CHECKS: dict[str, dict[str, float]] = {"log_exists": {}, "loss_falls": {"by": LEARNED}}


@pytest.fixture(scope="session")
def boxes(zygotes: Zygotes | None) -> Boxes:
    """Warm, where this system can: the cases hold there, or they would hold for nobody."""
    return WarmBoxes(zygotes) if zygotes else Boxes()


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def machine(
    tmp_path: Path, boxes: Boxes, zygotes: Zygotes | None, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    """Afterwards the teacher's files are as they were, nobody has come, nothing is left."""
    if zygotes:
        zygotes.look_after()  # a case may bring one down
    others = frozenset(child.pid for child in psutil.Process().children(recursive=True))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    folder = tmp_path / "teacher"
    (folder / "secrets").mkdir(parents=True)
    (folder / "secrets" / "grades.csv").write_text(SECRET, encoding="utf-8")
    monkeypatch.setenv("TEACHERS_TOKEN", SECRET)
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with ears(folder) as open_ears:
        machine = Machine(folder, boxes, tmp_path, open_ears, kept, others, zygotes)
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
