"""What is no log is refused by one sentence that says what it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import from_records, read_log

WANTED_ZH = "应为 mmcv 或 mmengine 的训练日志（一行一条 JSON，或含 Epoch [1][10/838] 的文字）。"
WANTED_EN = (
    "It should be a training log of mmcv or mmengine (one JSON record per line, or text with Epoch [1][10/838])."
)
TODO_ZH, TODO_EN = "请给训练文件夹里的 *.log.json 或 *.log。", "Give the *.log.json or *.log from the training folder."

REFUSED = [
    (b"", "run.log 是空文件。", "run.log is empty."),
    (b"PK\x03\x04" + bytes(50), "run.log 是权重文件（.pth）或压缩包，不是日志。",
     "run.log is a checkpoint (.pth) or a zip archive, not a log."),
    (b"\x80\x02" + bytes(50), "run.log 是旧格式的权重文件（pickle），不是日志。",
     "run.log is an old checkpoint (a pickle), not a log."),
    (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "run.log 是 PNG 图片，不是日志。",
     "run.log is a PNG picture, not a log."),
    (bytes(range(256)) * 4, "run.log 是二进制文件，不是日志。", "run.log is a binary file, not a log."),
    (b"# my homework\n", "run.log 不像训练日志（第 1 行是“# my homework”）。",
     'run.log does not look like a training log (line 1 is "# my homework").'),
    (b'\n{"name": "x"}\n', "run.log 不像训练日志（第 2 行是“{\"name\": \"x\"}”）。",
     'run.log does not look like a training log (line 2 is "{"name": "x"}").'),
    (b"[1, 2]\n", "run.log 不像训练日志（第 1 行是“[1, 2]”）。",
     'run.log does not look like a training log (line 1 is "[1, 2]").'),
    (b"\n\n", "run.log 不像训练日志（第 1 行是“”）。", 'run.log does not look like a training log (line 1 is "").'),
]  # fmt: skip


@pytest.mark.parametrize(("data", "zh", "en"), REFUSED)
def test_refused_in_both_languages(tmp_path: Path, data: bytes, zh: str, en: str) -> None:
    path = tmp_path / "run.log"
    path.write_bytes(data)
    with pytest.raises(LogError) as caught:
        read_log(path)
    assert caught.value.text.zh == zh + WANTED_ZH + TODO_ZH
    assert caught.value.text.en == f"{en} {WANTED_EN} {TODO_EN}"
    assert caught.value.place.startswith("run.log")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LogError) as caught:
        read_log(tmp_path / "gone.log")
    assert caught.value.seen.zh == "gone.log 不存在。"
    assert caught.value.seen.en == "gone.log does not exist."


def test_a_folder_names_the_logs_in_it(tmp_path: Path) -> None:
    (tmp_path / "a.log.json").write_text("{}")
    with pytest.raises(LogError) as caught:
        read_log(tmp_path)
    assert caught.value.seen.zh.endswith("是文件夹，不是日志文件。")
    assert (caught.value.todo.zh, caught.value.todo.en) == ("里面的日志有：a.log.json。", "Logs in it: a.log.json.")


def test_a_folder_without_logs(tmp_path: Path) -> None:
    with pytest.raises(LogError) as caught:
        read_log(tmp_path)
    assert caught.value.todo.zh == TODO_ZH


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "run.log")
    with pytest.raises(LogError) as caught:
        read_log(tmp_path / "run.log")
    assert caught.value.seen.en == "run.log is not a regular file."


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(LogError):
        read_log(tmp_path / name)


@pytest.mark.parametrize("value", ["text", b"bytes", {"mode": "train"}, 7, None])
def test_from_records_wants_a_list(value: object) -> None:
    with pytest.raises(LogError) as caught:
        from_records(value)  # type: ignore[arg-type]
    kind = type(value).__name__
    assert caught.value.seen.zh == f"收到 {kind}，不是 train() 返回的列表。"
    assert caught.value.seen.en == f"Got {kind}, not the list that train() returns."
