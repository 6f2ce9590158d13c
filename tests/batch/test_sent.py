"""What is sent comes out as it went in, without anything beyond it."""

from __future__ import annotations

import os
import pickle
import sys
from pathlib import Path

import pytest

from pytest_mmedu.batch import sent
from pytest_mmedu.batch.sent import pack, unpack
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.text import Text


def moved(path: Path, to: Path) -> Path:
    to.mkdir()
    return unpack(pickle.loads(pickle.dumps(pack(path))), to)


def test_a_folder_keeps_names_contents_and_times(tmp_path: Path) -> None:
    folder = tmp_path / "张三"
    (folder / "运行" / "empty").mkdir(parents=True)
    (folder / "运行" / "日志.json").write_bytes(b"\x00\xff\n")
    os.utime(folder / "运行" / "日志.json", ns=(1, 1_700_000_000_000_000_000))

    there = moved(folder, tmp_path / "there")

    assert there == tmp_path / "there" / "张三"
    assert sorted(str(path.relative_to(there).as_posix()) for path in there.rglob("*")) == [
        "运行",
        "运行/empty",
        "运行/日志.json",
    ]
    assert (there / "运行" / "日志.json").read_bytes() == b"\x00\xff\n"
    assert (there / "运行" / "日志.json").stat().st_mtime_ns == 1_700_000_000_000_000_000


def test_a_single_file_takes_its_student_along(tmp_path: Path) -> None:
    (tmp_path / "student.toml").write_text('student = "7"\n', "utf-8")
    (tmp_path / "homework.py").write_text("pass\n", "utf-8")
    there = moved(tmp_path / "homework.py", tmp_path / "there")
    assert there.read_text("utf-8") == "pass\n"
    assert (there.parent / "student.toml").read_text("utf-8") == 'student = "7"\n'


def test_nothing_of_the_list_of_the_class_is_sent(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "students.csv").write_text("a,1\nb,2\n", "utf-8")
    assert pack(tmp_path / "b").beside == {}


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights on Windows")
def test_links_stay_links_and_pipes_stay_here(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret", "utf-8")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    os.mkfifo(folder / "pipe")

    there = moved(folder, tmp_path / "there")

    assert [path.name for path in there.iterdir()] == ["link"]
    assert (there / "link").readlink() == outside
    assert b"secret" not in pickle.dumps(pack(folder)).replace(b"outside", b"")


def test_what_is_too_large_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sent, "LARGEST", 2_000_000)
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(bytes(1_500_000))
    with pytest.raises(SubmissionError) as refused:
        pack(tmp_path)
    assert refused.value.seen == Text(
        f"{tmp_path.name} 超过 2 MB，没有寄给集群。",
        f"{tmp_path.name} is larger than 2 MB and was not sent to the cluster.",
    )
    (tmp_path / "a").write_bytes(bytes(2_000_001))
    with pytest.raises(SubmissionError):
        pack(tmp_path / "a")
