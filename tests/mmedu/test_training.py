"""Real trainings through the interface: what they return and leave behind, as the real MMEdu does."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError, DatasetError, MMEduError, OutputError, ParameterError
from pytest_mmedu.mmedu import MMClassification, recorder

pytestmark = pytest.mark.train

REAL_META = [
    "tool", "task", "backbone", "device", "dataset_size", "learning_rate",
    "hook_msgs", "epoch", "iter", "mmcv_version", "time", "CLASSES",
]  # fmt: skip


@dataclass(frozen=True)
class Trained:
    model: MMClassification
    log: list[dict[str, Any]]
    folder: Path


@pytest.fixture(scope="module")
def trained(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("run") / "checkpoints"
    model = MMClassification(backbone="LeNet")
    model.num_classes = 3
    model.load_dataset(path=str(digits))
    model.save_fold = str(folder)
    return Trained(model, model.train(epochs=2, batch_size=4, lr=0.05), folder)


def small(digits: Path, folder: Path) -> MMClassification:
    model = MMClassification(dataset_path=str(digits))
    model.save_fold = str(folder)
    return model


def test_the_log_is_a_list_of_dicts(trained: Trained) -> None:
    head, *records = trained.log
    assert head == {
        "tool": "MMEdu2.0.0",
        "task": "Classification",
        "backbone": "LeNet",
        "device": "cpu",
        "dataset_size": 48,
        "learning_rate": 0.05,
        "hook_msgs": {},
    }
    assert [(record["mode"], record["epoch"], record["iter"]) for record in records] == [
        ("train", 1, 10),
        ("val", 1, 5),
        ("train", 2, 10),
        ("val", 2, 5),
    ]
    assert all(0 <= record["accuracy_top-1"] <= 100 for record in records if record["mode"] == "val")


def test_it_is_what_the_log_file_says(trained: Trained) -> None:
    [file] = trained.folder.glob("*.log.json")
    assert re.fullmatch(r"\d{8}_\d{6}\.log\.json", file.name)
    assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == trained.log


def test_the_form_is_that_of_the_real_package(trained: Trained, corpus: Path) -> None:
    made = corpus / "made" / "mmedu-2.0.0" / "lenet_d3_bs8_e5"
    real = json.loads((made / "result.json").read_text("utf-8"))["ret"]
    assert [list(record) for record in trained.log[:3]] == [list(record) for record in real[:3]]
    assert [type(value) for value in trained.log[0].values()] == [type(value) for value in real[0].values()]
    names = {re.sub(r"\d+", "N", entry["path"]) for entry in json.loads((made / "files.json").read_text("utf-8"))}
    ours = {re.sub(r"\d+", "N", path.name) for path in trained.folder.iterdir()}
    assert names <= ours
    assert ours - names == {"config.py", "run.json", "N_N.log"}


def test_the_weights_say_what_the_real_ones_say(trained: Trained) -> None:
    facts = read_checkpoint(trained.folder / "latest.pth")
    assert list(facts.meta) == REAL_META
    assert (facts.meta["tool"], facts.meta["backbone"], facts.epoch, facts.classes) == (
        "MMEdu2.0.0",
        "LeNet",
        2,
        ("0", "1", "2"),
    )


def test_the_object_knows_where_it_saved(trained: Trained) -> None:
    assert trained.model.save_fold == str(trained.folder)
    assert trained.model.lr == 0.05


def test_the_console_shows_the_lines_that_students_learn_to_read(
    digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small(digits, tmp_path / "run").train(epochs=1, batch_size=4)
    shown = capsys.readouterr().out.splitlines()
    assert any(
        re.search(r" - mmcls - INFO - Epoch \[1\]\[10/12\]\tlr: 1\.000e-02, eta: .*loss: \d", line) for line in shown
    )
    assert any(re.search(r"Epoch\(val\) \[1\]\[5\]\taccuracy_top-1: \d", line) for line in shown)
    assert all(re.search(r" - INFO - (Epoch|Saving|Now best|Best)", line) for line in shown)


def test_without_validation_the_head_is_shorter(digits: Path, tmp_path: Path) -> None:
    log = small(digits, tmp_path / "run").train(epochs=1, batch_size=4, validate=False)
    assert "hook_msgs" not in log[0]
    assert {record["mode"] for record in log[1:]} == {"train"}
    assert not list((tmp_path / "run").glob("best_*"))


def test_the_default_folder_is_beside_the_working_folder(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "code").mkdir()
    monkeypatch.chdir(tmp_path / "code")
    model = MMClassification(dataset_path=str(digits))
    assert model.save_fold is None
    model.train(epochs=1, batch_size=16)
    assert (tmp_path / "checkpoints" / "cls_model" / "epoch_1.pth").is_file()
    assert model.save_fold == str(tmp_path / "checkpoints" / "cls_model")


def test_two_trainings_of_one_object(digits: Path, tmp_path: Path) -> None:
    """The first one's folder is remembered for reading, not as a wish that would win over the argument."""
    model = MMClassification(dataset_path=str(digits))
    first = model.train(epochs=1, batch_size=16, save_fold=str(tmp_path / "a"))
    second = model.train(epochs=1, batch_size=16, save_fold=str(tmp_path / "b"))
    assert [record.get("accuracy_top-1") for record in first] == [record.get("accuracy_top-1") for record in second]
    assert (tmp_path / "a" / "epoch_1.pth").is_file()
    assert (tmp_path / "b" / "epoch_1.pth").is_file()


def test_a_loss_of_nan_is_returned_and_told(digits: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = small(digits, tmp_path / "run")
    log = model.train(epochs=2, batch_size=4, lr=1e8)
    assert not all(math.isfinite(record["loss"]) for record in log if "loss" in record)
    assert capsys.readouterr().out.endswith(
        "损失变成了 NaN 或无穷大：模型没有学到东西。试试小一些的学习率。 | "
        "The loss became NaN or infinite: nothing was learned. Try a smaller learning rate.\n"
    )
    with pytest.raises(CheckpointError) as caught:
        model.load_checkpoint()
    assert caught.value.text.zh == ("latest.pth 里的权重有 NaN 或无穷大。那次训练发散了：换小一些的学习率重新训练。")
    assert caught.value.text.en == (
        "latest.pth has NaN or infinite weights. That training diverged: train again with a smaller lr."
    )


def test_the_limits_of_grading(
    digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[dict[str, Any]] = []
    folders: list[Path] = []
    monkeypatch.setattr(recorder, "limits", recorder.Limits(epochs=1, images=12))
    monkeypatch.setattr(recorder, "hooks", [calls.append])
    monkeypatch.setattr(recorder, "finished", [folders.append])
    log = small(digits, tmp_path / "run").train(epochs=50, batch_size=4)
    assert calls[0]["epochs"] == 50
    assert folders == [tmp_path / "run"]
    assert log[0]["dataset_size"] == 12
    assert {record["epoch"] for record in log[1:]} == {1}
    assert "批改时最多训练 1 轮（你写的是 50 轮）。" in capsys.readouterr().out


def test_going_on_from_weights(trained: Trained, digits: Path, tmp_path: Path) -> None:
    start = trained.folder / "latest.pth"
    log = small(digits, tmp_path / "run").train(epochs=1, batch_size=4, checkpoint=start)  # type: ignore[arg-type]
    assert log[1]["loss"] < trained.log[1]["loss"]


def _remove_val(data: Path) -> None:
    (data / "val_set").rename(data / "valid")


def _cut(name: str) -> Callable[[Path], None]:
    def spoil(data: Path) -> None:
        picture = sorted((data / "training_set" / "1").iterdir())[0]
        picture.with_name(name).write_bytes(picture.read_bytes()[:40])

    return spoil


def _nothing(data: Path) -> None:
    pass


WRONG: list[tuple[str, Callable[[Path], None], dict[str, Any], type[MMEduError], int | None]] = [
    ("no val_set", _remove_val, {}, DatasetError, -201),
    ("a damaged PNG", _cut("x.PNG"), {}, DatasetError, -201),
    ("a damaged jpeg", _cut("x.jpeg"), {}, DatasetError, -201),
    ("a damaged bmp", _cut("x.bmp"), {}, DatasetError, -201),
    ("optimizer in small letters", _nothing, {"optimizer": "adam"}, ParameterError, None),
    ("top-k above the classes", _nothing, {"topk": 5}, ParameterError, None),
    ("no such metric to save by", _nothing, {"save_best": "accuracy_top-7"}, ParameterError, None),
    ("no such GPU", _nothing, {"device": "cuda:99"}, ParameterError, -301),
    ("several processes", _nothing, {"nproc": 2}, ParameterError, None),
    ("no such weights", _nothing, {"checkpoint": "none.pth"}, CheckpointError, -102),
    ("a folder that cannot be made", _nothing, {"save_fold": "digits/classes.txt/run"}, OutputError, None),
]


@pytest.mark.parametrize(("spoil", "given", "kind", "code"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_bad_input_is_a_sentence_in_both_languages(
    make_digits: Callable[[], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    given: dict[str, Any],
    kind: type[MMEduError],
    code: int | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    data = make_digits()
    (data / "classes.txt").write_text("0\n1\n2\n", "utf-8")
    spoil(data)
    with pytest.raises(kind) as caught:
        MMClassification(dataset_path="digits").train(**{"epochs": 1, "batch_size": 8, "save_fold": "out", **given})
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert re.search(r"[\u4e00-\u9fff].*[。？]$", caught.value.text.zh)
    assert re.fullmatch(r"[^\u4e00-\u9fff]+[.?]", caught.value.text.en)


@pytest.mark.parametrize("count", [2, 1000])
def test_a_class_count_that_does_not_fit(digits: Path, tmp_path: Path, count: int) -> None:
    model = small(digits, tmp_path / "run")
    model.num_classes = count
    with pytest.raises(ParameterError) as caught:
        model.train(epochs=1)
    assert caught.value.text.zh == f"参数 num_classes 是 {count}，数据集有 3 类。请数一数 training_set 里有几个文件夹。"


def _gbk(data: Path) -> None:
    for split in ("training_set", "val_set", "test_set"):
        (data / split / "0").rename(data / split / "石头")
    (data / "classes.txt").write_text("1\n2\n石头\n", encoding="gbk")


def _clutter(data: Path) -> None:
    for folder in (data, data / "training_set", data / "val_set", data / "training_set" / "1"):
        (folder / ".DS_Store").write_bytes(b"\0")
        (folder / "Thumbs.db").write_bytes(b"\0")
        (folder / ".ipynb_checkpoints").mkdir()


def _one_left_over(data: Path) -> None:
    sorted((data / "training_set" / "1").iterdir())[0].unlink()  # 47 pictures: a last batch of one at 23 a step


@pytest.mark.parametrize("spoil", [_gbk, _clutter, _one_left_over])
@pytest.mark.parametrize("check", [True, False])
def test_what_stops_the_real_package_and_not_this_one(
    make_digits: Callable[[], Path], tmp_path: Path, spoil: Callable[[Path], None], check: bool
) -> None:
    data = make_digits()
    spoil(data)
    model = small(data, tmp_path / "run")
    model.load_dataset(str(data), check=check)
    log = model.train(epochs=1, batch_size=23)
    assert log[-1]["mode"] == "val"
