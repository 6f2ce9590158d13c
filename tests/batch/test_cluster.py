"""A class graded on a real Dask cluster, whose workers die in the middle, gets the gradebook that it gets here."""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path

import pytest
from click.testing import CliRunner

pytest.importorskip("distributed", reason="Dask is not installed")

from distributed import Client

from pytest_mmedu.batch import cluster_client
from pytest_mmedu.batch.cluster import open_cluster
from pytest_mmedu.cli import main
from pytest_mmedu.errors import MachineError
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Text
from tests.batch.dask_cluster import PATIENCE, Cluster, cluster
from tests.batch.deadly_exercise import ANSWERS, hand_in, write_class, write_exercise


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_exercise(tmp_path_factory.mktemp("exercise"))


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One of them has a GPU, as far as Dask is told."""
    with cluster(tmp_path_factory.mktemp("dask")) as started, ExitStack() as stack:
        stack.enter_context(started.worker())
        stack.enter_context(started.worker("--resources", "GPU=1"))
        yield started


@pytest.fixture
def two_workers(started: Cluster) -> Cluster:
    """Both are there, started again if need be."""
    started.wait_for(2)
    return started


def grade(submissions: Path, exercise: Path, out: Path, *words: str) -> int:
    where = ["--exercise", str(exercise), "--out", str(out), "--cache", "off", "--lang", "en"]
    return CliRunner().invoke(main, ["grade", str(submissions), *where, *words]).exit_code


def rows_of(out: Path) -> dict[str, Row]:
    """What the gradebook says of each student, without the times at which and within which it was graded."""
    with Gradebook(out / "gradebook.sqlite") as book:
        return {row.student: dataclasses.replace(row, graded_at="", report=judged(row.report)) for row in book.rows()}


def judged(report: Report | None) -> Report | None:
    return report and dataclasses.replace(report, seconds=0.0)


def test_the_gradebook_is_that_of_this_machine_although_workers_die(
    two_workers: Cluster, exercise: Path, tmp_path: Path
) -> None:
    there, here, submissions = tmp_path / "there", tmp_path / "here", tmp_path / "class"
    write_class(submissions)
    assert grade(submissions, exercise, here, "--workers", "1") == 0
    hand_in(submissions / "a poison", ANSWERS["right"], tmp_path / "never")
    hand_in(submissions / "unlucky", ANSWERS["right"], tmp_path / "once")

    assert grade(submissions, exercise, there, "--cluster", two_workers.address) == 4  # not all could be graded

    rows = rows_of(there)
    poison, unlucky = rows.pop("a poison"), rows.pop("unlucky")
    assert rows == rows_of(here)
    assert {name: row.score for name, row in rows.items()} == {"broken": 0, "empty": 0, "right": 10, "wrong": 0}
    assert rows["right"].report is not None
    assert rows["right"].report.submission.student == "2024001"
    assert (unlucky.status, unlucky.score) == ("graded", 10)
    assert (poison.status, poison.report) == ("not graded", None)
    assert poison.problem == Text(
        "批改 a poison 时 worker 两次中断，不再重试。请看 worker 的日志，并在本机单独批改这一份。",
        "Two workers died while they graded a poison: it is not tried again. "
        "Look at the workers' logs, and grade this one alone on your own machine.",
    )


def test_what_needs_a_gpu_goes_where_one_is(two_workers: Cluster, exercise: Path) -> None:
    with open_cluster(two_workers.address, exercise, resources={"GPU": 1}) as executor:
        assert executor.slots == 2
        with_gpu = {executor.submit(os.getpid).result() for _ in range(4)}
    assert len(with_gpu) == 1


def test_a_worker_with_another_version_is_refused(two_workers: Cluster, exercise: Path, tmp_path: Path) -> None:
    other = tmp_path / "pytest_mmedu-0.0.1.dist-info"
    other.mkdir()
    (other / "METADATA").write_text("Metadata-Version: 2.1\nName: pytest-mmedu\nVersion: 0.0.1\n", "utf-8")
    old = {"PYTHONPATH": str(tmp_path)}

    with open_cluster(two_workers.address, exercise) as executor:
        with two_workers.worker("--no-nanny", environment=old) as late:
            late.wait(PATIENCE)
        assert executor.slots == 2

    with two_workers.worker("--no-nanny", environment=old):
        two_workers.wait_for(3)
        refused = refusal(two_workers.address, exercise)
    ours = version("pytest-mmedu")
    assert refused.seen.zh.startswith(f"这里的 pytest-mmedu 是 {ours}，集群里：tcp://127.0.0.1:")
    assert refused.seen.en.startswith(f"pytest-mmedu is {ours} here, and in the cluster tcp://127.0.0.1:")
    assert refused.seen.zh.endswith(" 是 0.0.1。")
    assert refused.seen.en.endswith(" has 0.0.1.")


def refusal(address: str, exercise: Path) -> MachineError:
    with pytest.raises(MachineError) as refused, open_cluster(address, exercise):
        pass
    return refused.value


def test_without_a_scheduler_or_a_worker_the_sentence_says_so(
    exercise: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_client, "_SECONDS", 1)
    assert refusal("tcp://127.0.0.1:1", exercise).seen == Text(
        "连不上集群 tcp://127.0.0.1:1。", "The cluster tcp://127.0.0.1:1 does not answer."
    )
    assert refusal("nonsense://", exercise).seen.en == "The cluster nonsense:// does not answer."
    with cluster(tmp_path) as empty:
        monkeypatch.setattr(cluster_client, "_SECONDS", 5)
        refused = refusal(empty.address, exercise)
    where = empty.address
    assert refused.seen == Text(f"集群 {where} 里没有 worker。", f"The cluster {where} has no worker.")
    assert refused.todo.en == f"Start one: dask worker {where} --nthreads 1"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://"])
def test_a_client_that_nobody_answers_is_closed_at_once(
    address: str, exercise: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's collector closes it at a moment when the next one cannot begin."""
    monkeypatch.setattr(cluster_client, "_SECONDS", 1)
    gc.collect()
    refused = refusal(address, exercise)
    made = [one for one in gc.get_objects() if issubclass(type(one), Client)]  # held by the traceback of `refused`
    assert [one.status for one in made] == ["closed"], refused


def test_without_dask_the_sentence_names_the_extra(exercise: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    for name in ("cluster_client", "cluster_executor", "cluster_worker"):
        monkeypatch.delitem(sys.modules, f"pytest_mmedu.batch.{name}", raising=False)
    refused = refusal("tcp://127.0.0.1:1", exercise)
    assert refused.seen == Text("没有安装 dask[distributed]。", "dask[distributed] is not installed.")
    assert refused.todo.zh == '请运行 pip install "pytest-mmedu[cluster]"。'
    assert refused.todo.en == 'Run pip install "pytest-mmedu[cluster]".'


@pytest.mark.parametrize("words", ["GPU", "GPU=", "GPU=0", "GPU=one", "=", "GPU=inf"])
def test_resources_that_say_nothing_are_a_wrong_command(words: str, exercise: Path) -> None:
    asked = ["grade", str(exercise), "--exercise", str(exercise), "--resources", words]
    run = CliRunner().invoke(main, [*asked, "--cluster", "tcp://127.0.0.1:1"])
    assert run.exit_code == 2
    assert run.output.strip() == (
        "--resources：应写成 GPU=1。运行 main grade --help 查看用法。 | "
        "--resources: it takes the form GPU=1. Type main grade --help to see how it is used."
    )


def test_resources_are_for_a_cluster(exercise: Path) -> None:
    run = CliRunner().invoke(main, ["grade", str(exercise), "--exercise", str(exercise), "--resources", "GPU=1"])
    assert run.exit_code == 2
    zh, _, en = run.output.partition(" | ")
    assert zh.startswith("--resources 要和 --cluster 一起用。")
    assert en.startswith("--resources needs --cluster.")
