"""Control groups of the kernel's: what is made below this process's own one, and what it stops."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.report.levels_view import show_kernel_limits
from pytest_mmedu.submission import find_submission, run_submission
from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.control_group import Group
from pytest_mmedu.submission.isolation.control_groups import Groups
from pytest_mmedu.submission.isolation.kernel_limits import held_by_the_kernel, new_group, own_groups
from pytest_mmedu.submission.isolation.own_cgroup import GRADERS, NotLimited
from pytest_mmedu.submission.limits import Ended, Limits
from pytest_mmedu.submission.process import ProcessLevel
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import Zygotes

MB = 1 << 20
STARTED = "import os, time\nhere = os.path.dirname(os.environ['HOME'])\nopen(here + '/talk/started', 'w').close()\n"
LEVELS = pytest.mark.parametrize("level", ["namespaces", "landlock", "process"])


@pytest.mark.parametrize(
    ("groups", "zh", "en"),
    [
        (
            "held",
            "[v] cgroup v2     内核限制每个程序的内存和进程数。",
            "The kernel limits the memory and the processes of each program.",
        ),
        (
            NotLimited(may_not=False),
            "[ ] cgroup v2     没有能限制内存和进程数的 cgroup v2；内存和进程数由批改程序监视。",
            "There is no cgroup v2 that limits memory and processes; the grader watches both.",
        ),
        (
            NotLimited(may_not=True),
            "[ ] cgroup v2     不能用自己的 cgroup，内存和进程数由批改程序监视。要让内核来限制，请在命令前加上："
            "systemd-run --user --scope -p Delegate=yes",
            "This process may not use its own cgroup; the grader watches memory and processes. To have the kernel "
            "limit both, put before your command: systemd-run --user --scope -p Delegate=yes",
        ),
    ],
)
def test_doctor_says_it(groups: object, zh: str, en: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_kernel_limits("zh", groups)
    show_kernel_limits("en", groups)
    assert capsys.readouterr().out == f"{zh}\n{zh[:18]}{en}\n"


@pytest.fixture
def made(tmp_path: Path) -> Group:
    """As the kernel shows a group: 100 MB in use, 60 of them copies of files."""
    (tmp_path / "memory.current").write_text(str(100 * MB), "ascii")
    cached = f"anon {40 * MB}\ninactive_file {40 * MB}\nactive_file {20 * MB}\nfile {60 * MB}\n"
    (tmp_path / "memory.stat").write_text(cached, "ascii")
    happened(tmp_path, oom=0, killed=0)
    return Group(tmp_path)


def happened(folder: Path, *, oom: int, killed: int) -> None:
    events = f"low 0\nhigh 0\nmax 9\noom {oom}\noom_kill {killed}\noom_group_kill 0\n"
    (folder / "memory.events").write_text(events, "ascii")


def test_what_is_there_already_counts_no_more(made: Group) -> None:
    made.hold(200)
    assert (made.folder / "memory.max").read_text("ascii") == str(240 * MB)
    made.hold(None)
    assert (made.folder / "memory.max").read_text("ascii") == "max"


def test_only_the_groups_own_limit_is_the_programs_fault(made: Group) -> None:
    before = made.hold(None)
    assert made.told("exited", before) == "exited"
    happened(made.folder, oom=0, killed=1)  # the whole machine had no more
    assert made.told("exited", before) == "exited"
    happened(made.folder, oom=1, killed=1)
    assert made.told("exited", before) == made.told("time", before) == "memory"
    assert made.told("exited", made.hold(None)) == "exited"  # that was the program before
    (made.folder / "memory.events").unlink()
    assert made.told("exited", before) == "not started"


@pytest.fixture
def base() -> Iterator[Path]:
    """A group of this test's own, where the kernel lets this process have any."""
    groups = own_groups()
    if isinstance(groups, NotLimited):
        pytest.skip("no cgroup v2 here that this process may use")
    folder = Path(tempfile.mkdtemp(prefix="mmedu-test-", dir=groups._base))
    yield folder
    Group(folder).remove()
    assert not folder.exists()


def folders(base: Path) -> list[Path]:
    return [path for path in base.iterdir() if path.is_dir()]


def test_whoever_is_there_goes_aside_and_comes_back(base: Path) -> None:
    with subprocess.Popen(["sleep", "600"]) as other:
        (base / "cgroup.procs").write_text(str(other.pid), "ascii")
        groups, too = Groups(base), Groups(base)
        assert (base / GRADERS / "cgroup.procs").read_text("ascii").split() == [str(other.pid)]
        groups.leave()
        assert folders(base) == [base / GRADERS]
        too.leave()
        assert folders(base) == []
        assert (base / "cgroup.procs").read_text("ascii").split() == [str(other.pid)]
        other.kill()


def test_what_a_killed_grader_left_goes_at_the_next_start(base: Path) -> None:
    killed = Groups(base)
    left = killed.new(together=True)
    with subprocess.Popen(left.joined(["sleep", "600"])) as program:
        besides = Groups(base)
        assert left.folder.exists()  # its grader is alive
        besides.leave()
        os.close(killed._lock)  # as the system does
        next_one = Groups(base)
        assert not left.folder.exists()
        assert program.wait() == -9
        next_one.leave()
    assert folders(base) == []


def test_a_program_that_cannot_enter_is_not_run(base: Path) -> None:
    groups = Groups(base)
    group = groups.new(together=True)
    group.remove()
    done = subprocess.run(group.joined(["echo", "run"]), capture_output=True, check=False)
    assert (done.returncode != 0, done.stdout) == (True, b"")
    groups.leave()


def run(level: str, program: str, limits: Limits) -> Ended:
    box = Boxes().tried(level).box
    if box is None:
        pytest.skip(f"no {level} here")
    with fresh_area() as area:
        return box.run([sys.executable, "-I", "-c", STARTED + program], area, limits, started=area.talk / "started")


@LEVELS
@pytest.mark.usefixtures("base")
def test_four_processes_have_no_more_memory_together_than_one(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mmedu.submission.watching.Looks.look", lambda self, now: None)  # only the kernel
    program = (
        "for _ in range(3):\n    if os.fork() == 0:\n        break\nkept = [b'x' * (8 << 20) for _ in range(12)]\n"
    )
    limits = Limits(60.0, memory_mb=256)
    assert run(level, program + "time.sleep(60)\n", limits).how == "memory"
    assert run(level, program.replace("12", "2"), limits).how == "exited"


@LEVELS
@pytest.mark.usefixtures("base")
def test_no_more_processes_than_twice_the_limit(level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mmedu.submission.watching.Looks.look", lambda self, now: None)
    program = (
        "number = 0\ntry:\n    while number < 300:\n        if os.fork() == 0:\n            time.sleep(600)\n"
        "        number += 1\nexcept BlockingIOError:\n    print(number)\n"
    )
    ended = run(level, program, Limits(60.0))
    assert ended.how == "exited"
    assert 100 < int(ended.output) < 128


def test_a_group_goes_with_its_program(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = Groups(base)
    monkeypatch.setattr("pytest_mmedu.submission.isolation.kernel_limits.own_groups", lambda: groups)
    program = "os.fork()\nprint(open('/proc/self/cgroup').read())\n"
    ended = run("process", program, Limits(60.0))
    assert ended.how == "exited"
    assert ended.output.count(f"/{base.name}/mmedu-run-") == 2
    assert folders(base) == []
    groups.leave()


@pytest.mark.usefixtures("base")
def test_a_program_that_fills_the_memory_takes_no_zygote_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_mmedu.submission.watching.Looks.look", lambda self, now: None)
    program = tmp_path / "homework.py"

    def says(text: str) -> str:
        program.write_text(text, encoding="utf-8")
        cache, budget = RunCache(tmp_path / "runs"), Budget(seconds=60.0, memory_mb=256)
        done = run_submission(find_submission(program), cache=cache, confinement=lambda: box, budget=budget)
        assert done.no_run is not None
        return done.no_run.seen.en

    with Zygotes() as zygotes:
        box = WarmLevel(ProcessLevel(), zygotes)
        before = zygotes.pids
        assert says("x = [b'x' * (8 << 20) for _ in range(64)]\n") == (
            "The program used more than 256 MB of memory and was stopped."
        )
        assert says("x = [b'x' * (8 << 20) for _ in range(4)]\n") == (
            "The program ran to its end without training anything."
        )
        assert not zygotes.look_after()  # both answer
        assert zygotes.pids == before


@pytest.mark.usefixtures("base")
def test_the_levels_say_what_the_kernel_holds() -> None:
    assert held_by_the_kernel() == {"memory": "verified", "processes": "verified"}
    boxes = Boxes()
    for level in ("namespaces", "landlock"):
        tried = boxes.tried(level)
        assert tried.box is None or {tried.guarantees[name] for name in ("memory", "processes")} == {"verified"}
    assert boxes.tried("process").guarantees["memory"] == "watched"  # it could go into another group


def test_where_the_kernel_limits_nothing_a_command_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mmedu.submission.isolation.kernel_limits.own_groups", lambda: NotLimited(may_not=False))
    group = new_group()
    assert group.joined(["python", "-V"]) == ["python", "-V"]
    assert group.told("busy", group.hold(64)) == "busy"
    assert held_by_the_kernel() == {}
