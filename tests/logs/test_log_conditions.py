"""Logs as they really are handed in: each is read with a note that says what was odd, and where."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.logs.log_file import LONGEST_LINE
from tests.logs.written import STAMP, WRITERS, mmcv_json, mmcv_text, small_run

TRAIN = '{"mode": "train", "epoch": 1, "iter": 10, "lr": 0.01, "loss": 2.25}\n'


def read(folder: Path, data: bytes | str) -> TrainLog:
    path = folder / "run.log"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_log(path)


NOTES = [
    ('{"mode": "train", "epoch": 1, "it', "cut off", 2,
     '最后一行没写完（停在“ode": "train", "epoch": 1, "it”），没写完的部分没有采用。',
     'The last line is cut off (it stops at "ode": "train", "epoch": 1, "it"); what is incomplete was not used.'),
    ("{]\n" + TRAIN, "not json", 2,
     "这一行不是完整的 JSON（键应写在双引号里），跳过了。",
     "This line is not complete JSON (a key must stand in double quotes); it was skipped."),
    ('{"mode": "train", "epoch": 1,\n' + TRAIN, "not json", 2,
     "这一行不是完整的 JSON（括号没有合上），跳过了。",
     "This line is not complete JSON (a bracket is never closed); it was skipped."),
    ('{"a": 1}\n', "not a record", 2,
     "这一行是 JSON，但不是训练或验证记录，跳过了。",
     "This line is JSON but neither a training nor a validation record; it was skipped."),
    ('{"a":' * 100_000 + "\n", "not json", 2,
     "这一行的括号嵌套太深，跳过了。", "The brackets of this line are nested too deeply; it was skipped."),
    ('{"mode": "train", "epoch": 2, "iter": 10, "loss": 2.0, "loss": 1.0}\n', "duplicate key", 2,
     "键 loss 在一行里出现了两次，用了后一个。", "The key loss stands twice in one line; the last was used."),
    ('{"mode": "train", "epoch": 1e999, "iter": 20, "loss": 2.0}\n', "unusable value", 2,
     "epoch 的值 inf 不能用，当作没写。", "The value inf of epoch cannot be used; it counts as missing."),
    ('{"mode": "train", "epoch": 2, "iter": 20, "loss": true}\n', "unusable value", 2,
     "loss 的值 True 不能用，当作没写。", "The value True of loss cannot be used; it counts as missing."),
    ('{"mode": "train", "epoch": 2, "iter": 20, "lr": 0.01}\n', "no loss", 2,
     "这条训练记录里没有损失。", "This training record has no loss."),
    ('{"mode": "train", "epoch": 2, "iter": 20, "loss": 1.0, "lr": {"a": 1.0, "b": 2.0}}\n', "lr groups", 2,
     "各参数组的学习率不同，没有采用。", "The parameter groups have different learning rates; none was used."),
    ("<<<<<<< HEAD\n", "conflict markers", 2,
     "这里留着 git 合并冲突的标记“<<<<<<< HEAD”：文件里可能有两份内容，请解决冲突后再提交。",
     'A git conflict marker "<<<<<<< HEAD" was left here: the file may hold two versions; resolve the conflict first.'),
    ("Traceback (most recent call last):\n  File\nOSError: [Errno 28] No space left on device\n", "traceback", 4,
     "训练中出现了报错：OSError: [Errno 28] No space left on device",
     "The training printed an error: OSError: [Errno 28] No space left on device"),
    ("\0\0\0\n", "nul bytes", 2,
     "这里有空字节（写盘时中断过？），已忽略。", "NUL bytes here (writing was interrupted?); they were ignored."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "line", "zh", "en"), NOTES)
def test_what_is_odd_is_said(tmp_path: Path, text: str, kind: str, line: int, zh: str, en: str) -> None:
    log = read(tmp_path, TRAIN + text)
    note = log.noted(kind)
    assert note is not None, log.notes
    assert (note.line, note.text.zh, note.text.en) == (line, zh, en)
    assert log.train[0].loss == 2.25


def test_many_of_a_kind_are_counted(tmp_path: Path) -> None:
    log = read(tmp_path, TRAIN + '{"a": 1}\n' * 1000)
    assert [note.text.en for note in log.notes if note.line is None] == [
        "995 more of this kind (JSON that is no record)."
    ]
    assert len(log.notes) == 6


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_encodings(tmp_path: Path, encoding: str, end: str) -> None:
    text = end.join(["2026-03-01 环境：用于 x64 的编译器", *mmcv_text(small_run()), ""])
    log = read(tmp_path, text.encode(encoding))
    assert log.encoding == {"utf-16-le": "utf-16", "utf-16-be": "utf-16"}.get(encoding, encoding)
    assert (len(log.train), log.train[0].line, log.notes) == (9, 3, ())


def test_gbk_and_utf8_in_one_file(tmp_path: Path) -> None:
    log = read(tmp_path, "环境\n".encode() + "编译器\n".encode("gbk") + TRAIN.encode())
    assert (log.encoding, log.noted("mixed encodings").line, len(log.train)) == ("gbk", 2, 1)


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    log = read(tmp_path, b"\xff\xff\xff\n" + TRAIN.encode())
    assert (log.noted("undecodable").line, len(log.train)) == (1, 1)


def test_carriage_returns_only(tmp_path: Path) -> None:
    log = read(tmp_path, "\r".join(mmcv_text(small_run())))
    assert [record.line for record in log.train][:2] == [2, 3]


def test_a_chinese_character_cut_in_half_is_still_utf8(tmp_path: Path) -> None:
    assert read(tmp_path, TRAIN.encode() + "环境".encode()[:-1]).encoding == "utf-8"


def test_a_line_of_100_mb_is_skipped_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    with path.open("wb") as file:
        file.write(TRAIN.encode())
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\n" + TRAIN.replace("10", "20").encode())
    tracemalloc.start()
    log = read_log(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [record.line for record in log.train] == [1, 3]
    assert log.noted("long line").text.zh == "这一行超过 8 MB，跳过了。"
    assert peak < 4 * LONGEST_LINE


@pytest.mark.parametrize("form", ["mmcv json", "mmcv text", "mmengine json", "mmengine text"])
def test_conflict_markers_with_the_run_twice(tmp_path: Path, form: str) -> None:
    lines = WRITERS[form](small_run())
    both = ["<<<<<<< HEAD", *lines, "=======", *lines, ">>>>>>> origin/master", ""]
    log = read(tmp_path, "\n".join(both))
    assert (len(log.train), len(log.val), log.epochs, len(log.earlier)) == (9, 3, 3, 1)
    assert [note.line for note in log.notes if note.kind == "conflict markers"] == [1, len(both) - 1]
    assert log.noted("several runs").text.zh.endswith("其中有内容完全相同的训练。")


def test_several_runs_one_after_another(tmp_path: Path) -> None:
    first, second = mmcv_json(small_run(4)), mmcv_json(small_run(2, [3.0, 2.0, 1.0]))
    log = read(tmp_path, "\n".join([*first, *second, ""]))
    assert (log.epochs, log.train[0].loss, log.train[0].line) == (2, 3.0, len(first) + 2)
    assert (log.earlier[0].epochs, len(log.earlier[0].train)) == (4, 12)
    first_line = len(first) + 2
    last = len(first) + len(second)
    assert log.noted("several runs").text.en == (
        f"The file holds 2 runs, one after another; the last one is used (lines {first_line}-{last})."
    )


def test_several_runs_without_training_records(tmp_path: Path) -> None:
    lines = [json.dumps({"mode": "val", "epoch": e, "iter": 7, "accuracy_top-1": e * 10.0}) for e in (1, 2, 3, 1, 2)]
    log = read(tmp_path, "\n".join([*lines, ""]))
    assert (log.epochs, log.earlier[0].epochs, log.best("accuracy_top-1").value) == (2, 3, 20.0)


def test_a_resumed_run_stays_one(tmp_path: Path) -> None:
    lines = mmcv_json(small_run(4))
    again = [line for line in mmcv_json(small_run(6)) if '"epoch": 1' not in line and '"epoch": 2' not in line][1:]
    log = read(tmp_path, "\n".join([*lines, *again, ""]))
    assert (log.epochs, log.earlier) == (6, ())
    assert log.noted("resumed").text.en == (
        "The epoch goes back from 4 to 3: the training was resumed from a checkpoint."
    )


def test_a_log_that_starts_late(tmp_path: Path) -> None:
    lines = [line for line in mmcv_text(small_run(5)) if "[1][" not in line]
    assert read(tmp_path, "\n".join([*lines, ""])).noted("starts late").text.zh == (
        "日志从第 2 轮开始：前面的被删去了，或者是接着训练的。"
    )


def test_an_interval_between_evaluations_is_no_late_start(tmp_path: Path) -> None:
    config = "evaluation = dict(interval=5, metric='accuracy')\n"
    log = read(tmp_path, STAMP + "Config:\n" + config + STAMP + "Epoch(val) [5][7]\taccuracy_top-1: 49.0000\n")
    assert log.noted("starts late") is None


@pytest.mark.parametrize("epochs", [(5, 10, 15, 20), (3, 6, 9, 10)])
def test_regular_evaluations_alone_are_no_late_start(tmp_path: Path, epochs: tuple[int, ...]) -> None:
    lines = [json.dumps({"mode": "val", "epoch": epoch, "iter": 7, "accuracy_top-1": 50.0}) for epoch in epochs]
    assert read(tmp_path, "\n".join([*lines, ""])).noted("starts late") is None


def test_a_late_start_of_irregular_evaluations(tmp_path: Path) -> None:
    lines = [json.dumps({"mode": "val", "epoch": epoch, "iter": 7, "accuracy_top-1": 50.0}) for epoch in (6, 7, 8)]
    assert read(tmp_path, "\n".join([*lines, ""])).noted("starts late").line == 1


def test_an_epoch_that_begins_anew(tmp_path: Path) -> None:
    second = TRAIN.replace('"epoch": 1', '"epoch": 2')
    log = read(tmp_path, TRAIN + second + second.replace("10", "20") + second)
    assert log.noted("resumed").text.zh == "第 2 轮又从头开始：这是从权重文件接着训练的。"
    assert log.noted("resumed").text.en == "Epoch 2 begins anew: the training was resumed from a checkpoint."


def test_an_epoch_that_cannot_be_used_is_no_jump(tmp_path: Path) -> None:
    broken = '{"mode": "train", "epoch": -1, "iter": 5, "lr": 0.01, "loss": 2.0}\n'
    log = read(tmp_path, TRAIN + broken)
    assert (log.noted("resumed"), log.noted("unusable value").line, len(log.train)) == (None, 2, 2)


@pytest.mark.parametrize(
    "last",
    [
        "2023-02-05 15:3", STAMP[:-9], STAMP + "Now best chec", STAMP + "Now best checkpoint is saved as best_a",
        STAMP + "Best accuracy_top-1 is 8", STAMP + "Saving checkpoint at 2 epo", STAMP + "Epoch(v",
    ],
)  # fmt: skip
def test_a_last_line_that_says_nothing_yet(tmp_path: Path, last: str) -> None:
    lines = mmcv_text(small_run(2))
    log = read(tmp_path, "\n".join([*lines, last]))
    assert (log.noted("cut off").line, log.epochs, log.saved_best) == (len(lines) + 1, 2, ())
    assert read(tmp_path, "\n".join([*lines, last, ""])).noted("cut off") is None


@pytest.mark.parametrize("last", ["Saving checkpoint at 2 epochs", "Now best checkpoint is saved as best_1.pth."])
def test_a_whole_last_line_without_its_line_end(tmp_path: Path, last: str) -> None:
    assert read(tmp_path, "\n".join([*mmcv_text(small_run(2)), STAMP + last])).noted("cut off") is None


def test_a_log_of_its_first_line_alone(tmp_path: Path) -> None:
    log = read(tmp_path, '{"tool": "MMEdu2.0.0", "task": "Classification"}\n')
    assert (len(log.train), len(log.val), log.epochs) == (0, 0, None)
    assert log.noted("no records").text.zh == "日志里没有训练记录，也没有验证记录。"


def test_two_formats_in_one_file(tmp_path: Path) -> None:
    log = read(tmp_path, TRAIN + STAMP + "Epoch [2][10/20]\tlr: 1.000e-02, loss: 2.2821\n")
    assert log.noted("mixed formats").text.en == "The file mixes several log formats: mmcv json, mmcv text."


def test_more_metrics_than_can_be_meant(tmp_path: Path) -> None:
    lines = (json.dumps({"mode": "val", "epoch": i, "iter": 7, f"metric{i}": 1.0}) for i in range(1, 400))
    log = read(tmp_path, "\n".join(lines))
    assert len(log.metric_names) == 256
    assert log.noted("extra metric").text.en == "There are more than 256 metrics; the rest were not used."


@pytest.mark.parametrize("value", ["1" + "0" * 400, "1" * 5000, "-1", "1.5", '"5"', "[1]", "true", "null"])
def test_an_epoch_that_is_no_number(tmp_path: Path, value: str) -> None:
    log = read(tmp_path, TRAIN + f'{{"mode": "train", "epoch": {value}, "iter": 20, "loss": 1.0}}\n')
    assert list(log.train.epoch) in ([1], [1, None])
    assert log.notes or value == "null"


def test_a_missing_value_among_common_lines_is_never_filled_from_elsewhere(tmp_path: Path) -> None:
    """The quick way takes digits by their order; a line made to fool it is refused."""
    honest = '{"mode": "train", "epoch": 1, "iter": %d, "lr": 0.01, "loss": 2.5}\n'
    false = '{"mode": "train", "ep7och": 1, "iter": , "lr": 0.01, "loss": 2.5}\n'
    log = read(tmp_path, honest % 10 + false + honest % 30)
    assert list(log.train.iter) == [10, 30]
    assert log.noted("not json").line == 2


def test_a_config_file_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogError):
        read(tmp_path, "model = dict(head=dict(num_classes=5))\nload_from = None\n")


def test_damaged_numbers_in_text(tmp_path: Path) -> None:
    log = read(tmp_path, STAMP + "Epoch [1][10/20]\tlr: 1.000e-02, memory: inf, loss: 2.2821\n")
    assert (log.train[0].memory, log.train[0].loss) == (None, 2.2821)
    assert log.noted("unusable value").text.en == "The value inf of memory cannot be used; it counts as missing."
