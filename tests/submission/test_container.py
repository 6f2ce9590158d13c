"""The level "container": its command line, what is said where it does not work, and where it does, that it holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.submission.area import Area, fresh_area
from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
from pytest_mmedu.submission.isolation.container import ContainerLevel, containers, version_of
from pytest_mmedu.submission.isolation.places import graphics_cards
from pytest_mmedu.submission.isolation.remedies import INSTALL_PODMAN, LET_CONTAINERS_START
from pytest_mmedu.submission.isolation.trying import NO_CONTAINER
from pytest_mmedu.submission.limits import Ended, Limits
from pytest_mmedu.submission.tokens import TOKEN
from pytest_mmedu.submission.warm.warm_levels import WarmLevel
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm
from pytest_mmedu.text import Text

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program is shown this system's own Python")
A_LONG_TIME = 300.0  # seconds that a machine under any load may take
PODMAN, DOCKER = "/usr/bin/podman", "/usr/bin/docker"


@pytest.fixture(scope="module")
def tried() -> Tried:
    return Boxes().tried("container")


@pytest.fixture
def box(tried: Tried) -> ContainerLevel:
    if tried.box is None:
        pytest.skip(f"no container can be started here: {tried.missing}")
    assert isinstance(tried.box, ContainerLevel)
    return tried.box


def words(program: str, limits: Limits, *runtime: str) -> tuple[list[str], list[str]]:
    """The command line for an area, without the places that are shown, and those places."""
    area = Area(Path("/area"), token="0a1b")
    found = ContainerLevel(program, "image:1", runtime).command(area, limits)
    shown = [word for before, word in pairwise(found) if before == "--mount"]
    named = [f"{name}={value}" for name, value in area.environment().items()]
    kept = [word for word in found if word not in ("--mount", "--env", *shown, *named)]
    return kept, shown


def test_the_command_line_of_docker() -> None:
    found, shown = words(DOCKER, Limits(10.0, memory_mb=400, processes=7))
    assert found == [
        *(DOCKER, "run", "--rm", "--pull", "never", "--name", "mmedu-0a1b"),
        *("--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("--pids-limit", "7", "--memory", "800m", "--memory-swap", "800m", "--ulimit", "nofile=256:256"),
        *("--user", f"{os.getuid()}:{os.getgid()}"),
        *("--tmpfs", "/tmp:rw,size=64m", "--tmpfs", "/dev/shm:ro,size=4k"),
        *(word for device in graphics_cards() for word in ("--device", device)),
        *("--workdir", "/area/work", "image:1"),
    ]
    assert shown[0] == "type=bind,source=/usr,target=/usr,readonly"
    assert shown[-4:] == [
        f"type=bind,source=/area/{name},target=/area/{name}" for name in ("work", "home", "tmp", "talk")
    ]
    assert [place for place in shown[:-4] if not place.endswith(",readonly")] == []


def test_podman_is_told_more() -> None:
    """Its own folders that can be written to, its numbers for users, and the runtime that works here."""
    found, _ = words(PODMAN, Limits(10.0), "--runtime", "/usr/sbin/runc")
    assert found[:4] == [PODMAN, "--runtime", "/usr/sbin/runc", "run"]
    assert "--memory" not in found
    assert found[found.index("--user") + 2 :][:4] == [
        *("--ulimit", "nproc=4096:4096", "--read-only-tmpfs=false", "--passwd=false")
    ]
    assert ("keep-id" in found) == (os.getuid() != 0)


def test_what_the_program_may_know_is_in_its_environment_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEACHERS_TOKEN", "secret")
    found = ContainerLevel(DOCKER, "image:1").command(Area(Path("/area"), token="0a1b"), Limits(10.0))
    assert f"{TOKEN}=0a1b" in found
    assert "HOME=/area/home" in found
    assert "secret" not in " ".join(found)


def on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
    """Nothing but these can be found: shell scripts."""
    for name, script in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_where_neither_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path(tmp_path, monkeypatch)
    assert Boxes().tried("container") == Tried("container", missing=NO_CONTAINER, remedy=INSTALL_PODMAN)
    assert (NO_CONTAINER.zh, NO_CONTAINER.en) == (
        "没有安装 podman 或 docker",
        "neither podman nor docker is installed",
    )


def test_a_client_without_its_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As docker's own client says it."""
    on_path(tmp_path, monkeypatch, docker="echo 'Cannot connect to the Docker daemon.' >&2\nexit 1")
    assert Boxes().tried("container") == Tried(
        "container",
        missing=Text(
            "启动不了：docker: Cannot connect to the Docker daemon.",
            "it does not start: docker: Cannot connect to the Docker daemon.",
        ),
        remedy=LET_CONTAINERS_START,
    )
    assert LET_CONTAINERS_START.zh == "请先让 podman run 或 docker run 在这台电脑上能用（服务已启动，用户有权限）。"
    assert LET_CONTAINERS_START.en == (
        "Make podman run or docker run work on this machine first (its service started, this user allowed)."
    )


def test_a_runtime_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The image is taken, and no container comes of it: in the words of the runtime, with the version."""
    script = 'case "$1" in\n--version) echo podman version 4.3.1;;\nrun) echo no cgroups here >&2; exit 126;;\nesac'
    on_path(tmp_path, monkeypatch, podman=script)
    tried = Boxes().tried("container")
    assert (tried.box, tried.tool) == (None, "podman 4.3.1")
    assert tried.missing == Text("启动不了：no cgroups here", "it does not start: no cgroups here")


def test_another_runtime_is_tried_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path(tmp_path, monkeypatch, podman="exit 0", docker="exit 0", runc="exit 0")
    ways = [way for way in containers() if isinstance(way, ContainerLevel)]
    assert [(Path(way.program).name, way.runtime) for way in ways] == [
        ("podman", ()),
        ("podman", ("--runtime", str(tmp_path / "runc"))),
        ("docker", ()),
    ]


@pytest.mark.parametrize(
    ("name", "says", "version"),
    [
        ("podman", "podman version 4.3.1", "podman 4.3.1"),
        ("docker", "Docker version 27.1.2, build d01f264", "docker 27.1.2"),
        ("docker", "", "docker"),
    ],
)
def test_the_version_that_a_report_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: str, version: str
) -> None:
    on_path(tmp_path, monkeypatch, **{name: f"echo '{says}'"})
    assert version_of(str(tmp_path / name)) == version


# -- where containers can be started ----------------------------------------------------------------------------------


def test_the_preflight_holds(tried: Tried, box: ContainerLevel) -> None:
    assert tried.guarantees == {
        **dict.fromkeys(("files", "network"), "verified"),
        **dict.fromkeys(("processes", "memory", "disk"), "watched"),
    }


def run(box: ContainerLevel, program: str, limits: Limits) -> Ended:
    with fresh_area() as area:
        begun = f"import os\nhere = {str(area.root)!r}\nopen(here + '/talk/started', 'w').close()\n"
        ended = box.run([sys.executable, "-I", "-c", begun + program], area, limits, started=area.talk / "started")
        assert left_of(box, area.token) == []
        return ended


@pytest.mark.parametrize(
    ("program", "how", "code"),
    [
        ("print('done')", "exited", 0),
        ("raise SystemExit(3)", "exited", 3),
        ("os.kill(os.getpid(), 9)", "exited", -9),
        ("import time\ntime.sleep(600)", "time", None),
        ("import time\nx = b'x' * 300_000_000\ntime.sleep(600)", "memory", None),
    ],
)
def test_how_a_program_ends(box: ContainerLevel, program: str, how: str, code: int | None) -> None:
    ended = run(box, program, Limits(3.0 if how == "time" else 60.0, memory_mb=200))
    assert (ended.how.replace("busy", "time"), ended.code) == (how, code), ended.output


def test_the_kernel_counts_processes(box: ContainerLevel) -> None:
    """More than are allowed are not even started."""
    counts = (
        "number = 0\ntry:\n    while number < 100:\n        if os.fork() == 0:\n            import time\n"
        "            time.sleep(60)\n        number += 1\nexcept OSError:\n    pass\n"
        "print(number, flush=True)\nos._exit(0)\n"
    )
    ended = run(box, counts, Limits(30.0, processes=20))
    assert ended.how in ("exited", "processes")
    assert ended.how == "processes" or int(ended.output) < 20


def left_of(box: ContainerLevel, token: str) -> list[str]:
    """Of this run: others may grade on the same machine."""
    command = [box.program, "ps", "--all", "--filter", f"name=mmedu-{token}", "--format", "{{.Names}}"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.split()


JUDGES = """
import sys
from pathlib import Path
from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.isolation.container import ContainerLevel
from pytest_mmedu.submission.limits import Limits
import json
program, image, runtime, found = json.loads(sys.argv[1])
with fresh_area() as area:
    Path(found).write_text(area.token, "utf-8")
    sleeps = f"open({str(area.talk)!r} + '/started', 'w').close()\\nimport time\\ntime.sleep(600)"
    box = ContainerLevel(program, image, tuple(runtime))
    box.run([sys.executable, "-I", "-c", sleeps], area, Limits(600.0), started=area.talk / "started")
"""


@pytest.fixture
def killed_judge(box: ContainerLevel, tmp_path: Path) -> str:
    """The token of a run whose judge is killed in the middle of it."""
    told = json.dumps([box.program, box.image, box.runtime, str(tmp_path / "token")])
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    judge = subprocess.Popen([sys.executable, "-c", JUDGES, told], env=env)
    try:
        wait_until(lambda: list(tmp_path.glob("*/talk/started")))
    finally:
        judge.kill()
        judge.wait()
    return (tmp_path / "token").read_text("utf-8")


def test_a_container_ends_with_the_judge(box: ContainerLevel, killed_judge: str) -> None:
    wait_until(lambda: not members(killed_judge))
    assert members(killed_judge) == []
    wait_until(lambda: left_of(box, killed_judge) == [])


def members(token: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TOKEN) == token and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def wait_until(true: object) -> None:
    assert callable(true)
    latest = time.monotonic() + A_LONG_TIME
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.05)


@pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
def test_no_warm_process_takes_its_place(box: ContainerLevel) -> None:
    """A fork would be outside: it is asked for nothing, and the program has a container of its own."""
    with Zygotes() as zygotes, fresh_area() as area:
        program = f"open({str(area.talk)!r} + '/started', 'w').close()\nimport os\nprint(os.getpid())"
        command = [sys.executable, "-I", "-c", program]
        ended = WarmLevel(box, zygotes).run(command, area, Limits(60.0), started=area.talk / "started")
    assert int(ended.output) < 10  # its numbers begin at 1
