"""`--cluster slurm` with a real Slurm; skipped where none is installed."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("distributed", reason="Dask is not installed")
pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
if sys.platform != "linux":
    pytest.skip("Slurm is for Linux", allow_module_level=True)

import dask

from pytest_mmedu.batch.cluster import open_cluster
from pytest_mmedu.errors import MachineError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.text import Text
from tests.batch.deadly_exercise import write_class, write_exercise
from tests.batch.slurm import missing, slurm


@pytest.mark.skipif(bool(missing()), reason=missing() or "there is one")
def test_a_class_is_graded_by_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("exercise", "class", "slurm"):
        (tmp_path / name).mkdir()
    exercise, submissions = write_exercise(tmp_path / "exercise"), write_class(tmp_path / "class")
    settings = {
        "memory": "900MB",
        "local-directory": str(tmp_path),
        "log-directory": str(tmp_path),
        "scheduler-options": {"host": "127.0.0.1"},
        "worker-extra-args": ["--no-dashboard"],
    }
    ours = {f"jobqueue.slurm.{name}": value for name, value in settings.items()}
    with slurm(tmp_path / "slurm") as conf, dask.config.set(ours):
        monkeypatch.setenv("SLURM_CONF", str(conf))
        with open_cluster("slurm", exercise, workers=1, resources={"GPU": 1}) as executor:
            one = partial(grade_one, exercise, cache="off", session=executor.session)
            reports = [future.result() for future in [executor.submit(one, path) for path in submissions]]
        left = subprocess.run(["squeue", "--noheader", "--states=PENDING,RUNNING"], capture_output=True, check=True)
    assert [report.score for report in reports] == [0, 0, 10, 0]
    assert left.stdout == b""


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
