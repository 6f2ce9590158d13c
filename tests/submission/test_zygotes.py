"""Forks of a process that is kept warm: like fresh processes in all that a program can see, and as well held."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import find_submission, run_submission
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.levels import RUNNING
from pytest_mmedu.submission.isolation.preflight import fly
from pytest_mmedu.submission.running import SubmissionRun
from pytest_mmedu.submission.warm import request
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm

pytestmark = pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
Run = Callable[..., SubmissionRun]
ENTERED = tuple(level for level in RUNNING if level != "container")  # which nothing enters from outside


@pytest.fixture(scope="module")
def kept() -> Iterator[Zygotes]:
    before = psutil.Process().children(recursive=True)
    with Zygotes() as zygotes:
        yield zygotes
    assert psutil.Process().children(recursive=True) == before


@pytest.fixture
def zygotes(kept: Zygotes) -> Iterator[Zygotes]:
    """Whatever a test does to them, the next one finds them in order, and nothing but them."""
    kept.look_after()
    of_others = _children() - set(kept.pids)
    yield kept
    assert _children() - of_others <= set(kept.pids)


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@pytest.fixture(scope="module")
def cold_boxes() -> Boxes:
    return Boxes()


@pytest.fixture
def run(zygotes: Zygotes, cold_boxes: Boxes, tmp_path: Path) -> Run:
    """Runs a program, `warm` or fresh, at a level: a skip where this machine lacks it."""
    boxes = WarmBoxes(zygotes)

    def start(program: str, level: str = "process", *, warm: bool = True, seconds: float = 20.0) -> SubmissionRun:
        box = (boxes if warm else cold_boxes).tried(level).box
        if box is None:
            pytest.skip(f"{level} does not work here")
        assert isinstance(box, WarmLevel) == warm
        place = tmp_path / f"{level}-{warm}"
        place.mkdir(exist_ok=True)
        (place / "homework.py").write_text(program, encoding="utf-8")
        cache = RunCache(tmp_path / f"cache-{len(list(tmp_path.iterdir()))}")
        budget = Budget(seconds=seconds)
        return run_submission(find_submission(place), cache=cache, confinement=lambda: box, budget=budget)

    return start


# Everything of the surroundings that a program can see; a path of its own is "AREA".
LOOKS_AROUND = """
import gc, json, locale, os, resource, signal, socket, sys, tempfile, threading
area = os.path.dirname(os.path.expanduser("~"))
def plain(value):
    return json.dumps(value, default=str, sort_keys=True).replace(area, "AREA")
of_a_shell = ("PWD", "OLDPWD", "SHLVL", "_")
environ = {name: value for name, value in os.environ.items() if name not in ("MMEDU_RUN_TOKEN", *of_a_shell)}
for name, value in sorted({
    "environ": environ, "cwd": os.getcwd(), "temporary": tempfile.gettempdir(), "argv": sys.argv,
    "path": sys.path, "flags": sys.flags, "dont_write": sys.dont_write_bytecode, "main": __name__,
    "open": sorted(os.listdir("/proc/self/fd")), "stdin": sys.stdin.read(), "threads": threading.active_count(),
    "signals": [signal.getsignal(n).__class__.__name__ for n in range(1, 32)], "umask": os.umask(0o22),
    "encoding": locale.getpreferredencoding(), "blocked": signal.pthread_sigmask(signal.SIG_BLOCK, []),
    "nice": os.nice(0), "deepest": sys.getrecursionlimit(),
    "limits": {n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith("RLIMIT_")},
    "user": (os.getuid(), os.getgid(), os.getgroups()), "hooks": sys.excepthook is sys.__excepthook__,
    "rights": [line for line in open("/proc/self/status") if line.startswith(("Cap", "NoNew", "Seccomp:"))],
    "can look at itself": os.access("/proc/self/mem", os.R_OK) or os.getuid() == 0,
}.items()):
    print(name, plain(value))
"""


@pytest.mark.parametrize("level", ENTERED)
def test_a_fork_is_like_a_fresh_process(run: Run, level: str) -> None:
    warm, fresh = (run(LOOKS_AROUND, level, warm=warm).stdout_tail.splitlines() for warm in (True, False))
    assert len(fresh) > 20, fresh
    assert warm == fresh


ENDS = {
    "files that are left open": (
        "import os\nos.makedirs('out')\nkeep = open('out/run.log.json', 'w')\n"
        'keep.write(\'{"mode": "train", "epoch": 1, "iter": 1, "loss": 2.0}\\n\')\n'
    ),
    "last words": "import atexit\natexit.register(print, 'last')\natexit.register(print, 'first')\nprint('now')\n",
    "a thread": (
        "import threading, time\ndef later():\n    time.sleep(0.2)\n    print('later')\n"
        "threading.Thread(target=later).start()\nprint('now')\n"
    ),
    "objects": "class Bye:\n    def __del__(self): print('bye')\nbye = Bye()\nround = []\nround.append(round)\n",
    "an error": "import missing_module\n",
    "sys.exit(3)": "import sys\nsys.exit(3)\n",
    "os._exit(4)": "import os\nos._exit(4)\n",
    "os.abort()": "import os\nos.abort()\n",
    "a child": "import os\nif os.fork() == 0:\n    print('child')\n    os._exit(0)\nos.wait()\nprint('parent')\n",
    "another Python": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'], check=True)\n",
    "a pool of processes": (
        "import multiprocessing\nwith multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "    print(pool.map(abs, [-1, 2, -3]))\n"
    ),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_fork_ends_like_a_fresh_process(run: Run, name: str) -> None:
    warm, fresh = (seen(run(ENDS[name], warm=warm)) for warm in (True, False))
    assert warm == fresh


def seen(done: SubmissionRun) -> tuple[Any, ...]:
    """Without what belongs to one run: its place, its seconds."""
    logs = [[record.loss for record in read_log(one.log).train] for one in done.runs if one.log]
    printed = re.sub(r"[^\s\"]*mmedu-run-\w+", "AREA", done.stdout_tail)
    return replace(done, runs=(), trainings=(), seconds=0.0, stdout_tail=printed), len(done.runs), logs


def test_one_fork_knows_nothing_of_another(run: Run) -> None:
    """What a program changes in its own memory, environment and modules is gone with it."""
    marks = (
        "import json, os, sys\njson.mark = os.environ['MARK'] = sys.mark = 'x'\nsys.path.append('/x')\n"
        "import builtins\nbuiltins.print = None\n"
    )
    assert run(marks).no_run is not None
    looks = "import json, os, sys\nprint(hasattr(json, 'mark'), 'MARK' in os.environ, '/x' in sys.path)\n"
    assert run(looks).stdout_tail == "False False False\n"


def test_each_fork_throws_its_own_dice(run: Run) -> None:
    program = "import random, uuid\nprint(random.random(), uuid.uuid4())\n"
    assert run(program).stdout_tail != run(program).stdout_tail


KILLS = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nprint('done')\n"


def test_a_program_that_kills_the_zygote_is_run_again_without_one(run: Run, zygotes: Zygotes) -> None:
    """At the level that protects nothing. What the program comes to is a race there, as ever, but no crash of ours."""
    killer = run(KILLS)
    assert killer.no_run is not None
    assert killer.no_run.seen.en in (
        "The program was ended by signal 9.",
        "The program ran to its end without training anything.",
    )
    assert not zygotes.of(heavy=False).answers()
    assert run("print('next')\n").stdout_tail == "next\n"
    killed = zygotes.pids
    zygotes.look_after()
    assert zygotes.pids != killed
    assert run("print('next')\n").stdout_tail == "next\n"


def test_a_program_that_stops_the_zygote_is_found_out(
    run: Run, zygotes: Zygotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "_SECONDS", 0.5)
    done = run("import os, signal\nos.kill(os.getppid(), signal.SIGSTOP)\nwhile True: pass\n", seconds=0.5)
    assert done.no_run is not None
    assert "ran longer than 0.5 s" in done.no_run.seen.en or "too busy" in done.no_run.seen.en
    zygotes.look_after()
    assert run("print('next')\n").stdout_tail == "next\n"


def test_nobody_else_in_the_box_can_be_reached(run: Run) -> None:
    """Every process that the program sees, killed: the zygote is none of them, and goes on."""
    program = "import os, signal\nprint(os.getppid())\nos.kill(-1, signal.SIGKILL)\n"
    assert run(program, "namespaces").stdout_tail.startswith("0\n")
    assert run("print('next')\n", "namespaces").stdout_tail == "next\n"


def test_the_file_that_the_zygote_was_started_from_cannot_be_opened(run: Run) -> None:
    """It lies outside of the box, where nothing is mounted read-only."""
    program = (
        "import os\nfor flags in (os.O_RDONLY, os.O_WRONLY):\n    try:\n        os.open('/proc/self/exe', flags)\n"
        "        print('open')\n    except OSError as error:\n        print(type(error).__name__)\n"
    )
    assert run(program, "namespaces").stdout_tail in ("PermissionError\n" * 2, "PermissionError\nOSError\n")


@pytest.mark.train
@pytest.mark.parametrize("level", ENTERED)
def test_the_preflight_through_a_loaded_zygote(zygotes: Zygotes, cold_boxes: Boxes, level: str) -> None:
    cold = cold_boxes.tried(level).box
    if cold is None:
        pytest.skip(f"{level} does not work here")

    class Heavy(WarmLevel):
        def run(self, *given: Any, **named: Any) -> Any:
            return super().run(*given, **{**named, "heavy": True})

    flight, fresh = fly(Heavy(cold, zygotes)), fly(cold)
    assert zygotes.of(heavy=True).answers()
    assert psutil.Process(zygotes.of(heavy=True).pid).num_threads() == 1
    assert psutil.Process(zygotes.of(heavy=True).pid).memory_info().rss > 100_000_000
    assert (flight.broken, flight.guarantees) == (fresh.broken, fresh.guarantees)


def test_what_was_found_of_a_level_lasts_as_long_as_the_zygote(
    zygotes: Zygotes, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {level: WarmBoxes(zygotes).tried(level) for level in RUNNING}
    monkeypatch.setattr("pytest_mmedu.submission.isolation.trying.fly", None)
    assert {level: WarmBoxes(zygotes).tried(level) for level in RUNNING} == found
    os.kill(zygotes.of(heavy=False).pid, signal.SIGKILL)
    zygotes.look_after()
    with pytest.raises(TypeError):
        WarmBoxes(zygotes).tried(found_boxed(found))


@pytest.mark.train
def test_a_training_has_nothing_left_to_import_in_a_fork(run: Run) -> None:
    """Each module would be imported again for each submission."""
    program = (
        "import sys\nfrom MMEdu import MMClassification\nthere = set(sys.modules)\n"
        "model = MMClassification(backbone='LeNet', num_classes=10)\nmodel.load_dataset('digits10')\n"
        "model.train(epochs=1, save_fold='out', validate=True, topk=(1, 5))\n"
        "print('imported', sorted(set(sys.modules) - there))\n"
    )
    assert run(program).stdout_tail.splitlines()[-1] == "imported []"


def found_boxed(found: dict[str, Any]) -> str:
    """A level that is tried by a flight here."""
    for level in ("namespaces", "landlock"):
        if found[level].box is not None:
            return level
    pytest.skip("no box works here")
