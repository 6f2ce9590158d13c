"""`--cluster slurm` with a real Slurm; skipped where none is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
if sys.platform != "linux":
    pytest.skip("Slurm is for Linux", allow_module_level=True)

import dask

from pytest_mmedu.batch import queued
from pytest_mmedu.batch.cluster import QUEUES, open_cluster
from pytest_mmedu.errors import MachineError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.text import Text
from tests.batch.deadly_exercise import write_class, write_exercise
from tests.batch.slurm import PATIENCE, missing, missing_qsub, slurm


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The settings of a Slurm that was started once for all tests of this file."""
    if missing():
        pytest.skip(missing())
    with slurm(tmp_path_factory.mktemp("slurm")) as settings:
        yield settings


@pytest.fixture
def site(conf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """What stands in jobqueue.yaml; a test says what else does."""
    monkeypatch.setenv("SLURM_CONF", str(conf))
    settings = {
        "memory": "900MB",
        "local-directory": str(tmp_path),
        "log-directory": str(tmp_path),
        "scheduler-options": {"host": "127.0.0.1"},
        "worker-extra-args": ["--no-dashboard"],
    }
    with ExitStack() as stack:

        def choose(**more: str) -> None:
            for system in QUEUES:
                ours = {f"jobqueue.{system}.{name}": value for name, value in {**settings, **more}.items()}
                stack.enter_context(dask.config.set(ours))

        choose()
        yield choose


def waiting_jobs() -> bytes:
    asked = ["squeue", "--noheader", "--states=PENDING,RUNNING"]
    return subprocess.run(asked, capture_output=True, check=True).stdout


@pytest.mark.parametrize("system", QUEUES)
def test_a_class_is_graded_by_jobs(
    site: object, tmp_path: Path, system: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of PBS this is the way in and out alone: what takes the job is Slurm."""
    if system == "pbs" and missing_qsub():
        pytest.skip(missing_qsub())
    for name in ("exercise", "class"):
        (tmp_path / name).mkdir()
    exercise, submissions = write_exercise(tmp_path / "exercise"), write_class(tmp_path / "class")
    with open_cluster(system, exercise, workers=1, resources={"GPU": 1}) as executor:
        one = partial(grade_one, exercise, cache="off", session=executor.session)
        reports = [future.result() for future in [executor.submit(one, path) for path in submissions]]
    assert [report.score for report in reports] == [0, 0, 10, 0]
    assert waiting_jobs() == b""
    assert capsys.readouterr().err.startswith(
        f"向 {system} 申请了 1 个任务，等第一个开始。 | Jobs asked of {system}: 1. Waiting for the first to begin.\n"
    )


def test_a_job_that_is_refused_ends_it_with_the_words_of_slurm(
    site: Callable[..., None], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    site(queue="nosuch")
    with pytest.raises(MachineError) as refused, open_cluster("slurm", write_exercise(tmp_path), workers=2):
        pass
    said = (
        "sbatch: error: invalid partition specified: nosuch "
        "sbatch: error: Batch job submission failed: Invalid partition name specified"
    )
    assert refused.value.seen == Text(f"slurm 不接受任务：{said}", f"slurm refuses the job: {said}")
    assert refused.value.todo == Text(
        "请在 ~/.config/dask/jobqueue.yaml 里写明队列、账号、内存和时间，或减少 --workers。",
        "Give queue, account, memory and time in ~/.config/dask/jobqueue.yaml, or ask for fewer --workers.",
    )
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


def test_jobs_that_cannot_start_a_worker_end_it(
    site: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queued, "_ASK_AGAIN", 0.5)
    site(python="/bin/false")
    with pytest.raises(MachineError) as ended, open_cluster("slurm", write_exercise(tmp_path)):
        pass
    assert re.fullmatch(r"The jobs \d+ of slurm have all ended, and none started a worker\.", ended.value.seen.en)
    assert re.fullmatch(r"slurm 的任务 \d+ 都已结束，却没有启动 worker。", ended.value.seen.zh)


def test_when_the_last_job_is_lost_and_no_other_taken_grading_ends(
    site: Callable[..., None], tmp_path: Path, conf: Path
) -> None:
    for name in ("exercise", "class"):
        (tmp_path / name).mkdir()
    exercise, submissions = write_exercise(tmp_path / "exercise"), write_class(tmp_path / "class")
    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "0.1s"}),
        open_cluster("slurm", exercise) as executor,
    ):
        assert executor.submit(abs, -1).result() == 1
        try:
            control("update", "PartitionName=main", "State=INACTIVE")
            subprocess.run(["scancel", "--full", "--state=RUNNING", "--me"], check=True)
            with pytest.raises(BrokenExecutor) as stopped:
                executor.submit(partial(grade_one, exercise, cache="off"), submissions[0]).result(PATIENCE)
            with pytest.raises(BrokenExecutor):
                executor.submit(abs, -1).result(PATIENCE)
        finally:
            control("update", "PartitionName=main", "State=UP")
    assert str(stopped.value).startswith("slurm 不接受任务：sbatch: error: ")


def control(*words: str) -> None:
    subprocess.run(["scontrol", *words], check=True, capture_output=True)


def test_pbs_gets_a_job_like_that_of_slurm() -> None:
    """No PBS can be installed here: the lines that count are looked at."""
    from dask_jobqueue import PBSCluster

    with (
        dask.config.set({"jobqueue.pbs.queue": "teaching", "jobqueue.pbs.scheduler-options": {"host": "127.0.0.1"}}),
        PBSCluster(**queued._settings("pbs", {"GPU": 1})) as cluster,
    ):
        lines = cluster.job_script().splitlines()
    assert [line for line in lines if line.startswith("#PBS")][:4] == [
        "#PBS -N dask-worker",
        "#PBS -q teaching",
        "#PBS -l select=1:ncpus=1:mem=3815MB",
        "#PBS -l walltime=00:30:00",
    ]
    assert lines[-1].startswith(f"{sys.executable} -m distributed.cli.dask_worker tcp://127.0.0.1:")
    assert "--nthreads 1 " in lines[-1]
    assert lines[-1].endswith(" --resources 'GPU=1'")


def test_without_its_commands_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError) as refused, open_cluster("slurm", write_exercise(tmp_path)):
        pass
    assert refused.value.seen == Text(
        "这台机器上没有 slurm 的命令 sbatch。", "This machine has no sbatch, the command of slurm."
    )


def test_without_dask_jobqueue_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask_jobqueue", None)
    with pytest.raises(MachineError) as refused, open_cluster("pbs", write_exercise(tmp_path)):
        pass
    assert refused.value.seen == Text("没有安装 dask-jobqueue。", "dask-jobqueue is not installed.")
