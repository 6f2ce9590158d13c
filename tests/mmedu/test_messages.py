"""What a student reads when a call is wrong: MMEdu's number, then one sentence in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.errors import CheckpointError, DatasetError, MMEduError, ParameterError, StepError
from pytest_mmedu.mmedu import MMClassification, pth_info


def error_of(call: Callable[[], Any]) -> MMEduError:
    with pytest.raises(MMEduError) as caught:
        call()
    return caught.value


def train(**given: Any) -> Callable[[], Any]:
    return lambda: MMClassification().train(**given)


WRONG_VALUES: list[tuple[dict[str, Any], int | None, str]] = [
    ({"device": None}, -301, "device"),
    ({"device": "gpu"}, -301, "device"),
    ({"validate": "yes"}, -303, "validate"),
    ({"validate": None}, -303, "validate"),
    ({"checkpoint": "weights.pt"}, -202, "checkpoint"),
    ({"checkpoint": 5}, -202, "checkpoint"),
    ({"lr": "0.01"}, None, "lr"),
    ({"lr": float("nan")}, None, "lr"),
    ({"batch_size": 0}, None, "batch_size"),
    ({"epochs": 0}, None, "epochs"),
    ({"epochs": -1}, None, "epochs"),
    ({"epochs": 1.5}, None, "epochs"),
    ({"metric": "acc"}, None, "metric"),
    ({"topk": 0}, None, "topk"),
    ({"optimizer": 3}, None, "optimizer"),
    ({"random_seed": -1}, None, "random_seed"),
    ({"save_fold": 3}, None, "save_fold"),
    ({"weight_decay": "no"}, None, "weight_decay"),
]


@pytest.mark.parametrize(("given", "code", "name"), WRONG_VALUES)
def test_a_wrong_value_has_its_number_and_names_the_parameter(
    given: dict[str, Any], code: int | None, name: str
) -> None:
    error = error_of(train(**given))
    assert isinstance(error, ParameterError)
    assert error.code == code
    assert error.text.zh.startswith(f"参数 {name} 收到 ")
    assert error.text.en.startswith(f"Parameter {name} got ")


def test_what_is_not_filled_in_is_said_so() -> None:
    error = error_of(train(epochs=...))
    assert isinstance(error, ParameterError)
    assert error.text.zh == "参数 epochs 还没有填写。应为不小于 1 的整数。把 ... 换成你选的值。"
    assert error.text.en == (
        "Parameter epochs is not filled in. It takes a whole number from 1. Replace the ... by a value of your choice."
    )


def test_a_wrong_class_count_is_told_at_the_training() -> None:
    model = MMClassification(num_classes=1)
    error = error_of(lambda: model.train(epochs=1))
    assert error.text.zh.startswith("参数 num_classes 收到 1。")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (train(work_dir="out"), "没有名为 work_dir 的参数。你是不是想写 save_fold？"),
        (train(epoch=3), "没有名为 epoch 的参数。你是不是想写 epochs？"),
        (lambda: MMClassification(lr=0.1), "没有名为 lr 的参数。它是 train() 的参数，请写到 train(...) 里。"),
        (lambda: MMClassification(backbon="LeNet"), "没有名为 backbon 的参数。你是不是想写 backbone？"),
        (lambda: MMClassification().inference(img="a.png"), "没有名为 img 的参数。你是不是想写 image？"),
        (lambda: MMClassification().load_dataset("d", chek=False), "没有名为 chek 的参数。你是不是想写 check？"),
        (
            lambda: MMClassification().load_checkpoint(epochs=3),
            "没有名为 epochs 的参数。它是 train() 的参数，请写到 train(...) 里。",
        ),
        (lambda: MMClassification().fast_inference("a.png", sho=True), "没有名为 sho 的参数。你是不是想写 show？"),
    ],
)
def test_an_unknown_name_is_501(call: Callable[[], Any], sentence: str) -> None:
    error = error_of(call)
    assert (error.code, error.text.zh) == (-501, sentence)
    assert error.text.en.startswith("There is no parameter ")


def test_a_parameter_of_train_elsewhere_in_english() -> None:
    assert error_of(lambda: MMClassification(lr=0.1)).text.en == (
        "There is no parameter lr. It belongs to train(...): move it there."
    )


@pytest.mark.parametrize("backbone", ["lenet", "VGG", None, 5, ""])
def test_an_unknown_network_is_302(backbone: Any) -> None:
    error = error_of(lambda: MMClassification(backbone=backbone))
    assert error.code == -302
    assert error.text.zh.startswith("参数 backbone 收到 ")


def test_a_config_that_is_not_there_is_302() -> None:
    error = error_of(lambda: MMClassification(backbone="no/such.py"))
    assert error.code == -302
    assert error.text.zh == "没有配置文件 no/such.py。请核对路径；相对路径从运行程序的文件夹算起。"
    assert error.text.en == (
        "There is no config file no/such.py. Check the path: relative ones start at the folder you run in."
    )


@pytest.mark.parametrize("path", [None, 5, "", ["data"]])
def test_a_data_set_that_is_no_path_is_201(path: Any) -> None:
    error = error_of(lambda: MMClassification().load_dataset(path))
    assert isinstance(error, (ParameterError, DatasetError))
    assert error.code == -201


def test_a_data_set_that_is_not_there_is_101(tmp_path: Path) -> None:
    model = MMClassification()
    assert error_of(lambda: model.load_dataset(str(tmp_path / "none"))).code == -101
    assert error_of(lambda: model.train(epochs=1)).code == -101  # the attribute keeps what was asked for


def test_what_would_surprise_in_a_data_set_is_told(
    make_digits: Callable[[], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data = make_digits()
    (data / "training_set" / "1" / ".DS_Store").write_bytes(b"")
    MMClassification().load_dataset(str(data))  # no classes.txt either: what is harmless is not told
    assert capsys.readouterr().out == ""
    (data / "val_set" / "0").rename(data / "val_set" / "stray")
    MMClassification().load_dataset(data)  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert "stray" in told
    assert " | " in told


@pytest.mark.parametrize("name", ["x.PNG", "x.jpeg", "x.bmp"])
def test_a_damaged_picture_is_found_by_the_check_alone(make_digits: Callable[[], Path], name: str) -> None:
    data = make_digits()
    (data / "training_set" / "1" / name).write_bytes(b"no picture")
    MMClassification().load_dataset(str(data), check=False)
    error = error_of(lambda: MMClassification().load_dataset(str(data)))
    assert error.code == -201
    assert name in error.text.zh


NO_CHECKPOINT = (
    "没有权重文件 no.pth。相对路径从运行程序的文件夹算起；请到训练的 save_fold 里看看有哪些 .pth 文件。",
    "There is no checkpoint no.pth. Relative paths start at the folder you run in; "
    "look which .pth files lie in the save folder.",
)


@pytest.mark.parametrize(
    "call",
    [
        lambda: MMClassification().load_checkpoint("no.pth"),
        lambda: MMClassification().convert("no.pth"),
        lambda: pth_info("no.pth"),
    ],
)
def test_a_checkpoint_that_is_not_there_is_102(call: Callable[[], Any]) -> None:
    error = error_of(call)
    assert isinstance(error, CheckpointError)
    assert error.code == -102
    assert (error.text.zh, error.text.en) == NO_CHECKPOINT


@pytest.mark.parametrize(
    "call",
    [
        lambda: MMClassification().load_checkpoint("a.onnx"),
        lambda: MMClassification().convert(5),  # type: ignore[arg-type]
        lambda: pth_info(None),  # type: ignore[arg-type]
    ],
)
def test_weights_that_are_no_pth_are_202(call: Callable[[], Any]) -> None:
    assert error_of(call).code == -202


def test_without_a_path_the_default_checkpoint_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "code").mkdir()
    monkeypatch.chdir(tmp_path / "code")
    error = error_of(MMClassification().load_checkpoint)
    assert error.code == -102
    assert str(tmp_path / "checkpoints" / "cls_model" / "latest.pth") in error.text.zh


def test_inference_with_a_wrong_device_is_301() -> None:
    assert error_of(lambda: MMClassification().inference(device="gpu", image="a.png")).code == -301


def test_print_result_before_inference_is_601() -> None:
    error = error_of(lambda: MMClassification().print_result())
    assert isinstance(error, StepError)
    assert str(error) == (
        "Error Code: -601. 还没有可以输出的结果。请先调用 inference(image=...)。 | "
        "There is no result to print yet. Call inference(image=...) first."
    )


def test_fast_inference_before_load_checkpoint_is_602() -> None:
    error = error_of(lambda: MMClassification().fast_inference("a.png"))
    assert isinstance(error, StepError)
    assert str(error) == (
        "Error Code: -602. 还没有载入权重。请先调用 load_checkpoint(checkpoint=...)。 | "
        "No weights are loaded yet. Call load_checkpoint(checkpoint=...) first."
    )


@pytest.mark.parametrize(
    ("call", "code", "zh", "en"),
    [
        (
            lambda: MMClassification().load_dataset(),  # type: ignore[call-arg]
            None,
            "没有给参数 path。请在括号里写上它。",
            "Parameter path is missing. Write it in the brackets.",
        ),
        (
            lambda: MMClassification().load_dataset(pathh="x"),  # type: ignore[call-arg]
            -501,
            "没有名为 pathh 的参数。你是不是想写 path？",
            "There is no parameter pathh. Did you mean path?",
        ),
        (
            lambda: MMClassification().convert(chekpoint="x.pth"),  # type: ignore[call-arg]
            -501,
            "没有名为 chekpoint 的参数。你是不是想写 checkpoint？",
            "There is no parameter chekpoint. Did you mean checkpoint?",
        ),
        (
            lambda: MMClassification("LeNet", 3, "x", 4),  # type: ignore[call-arg]
            None,
            "收到 4 个值，最多 3 个。可用的参数：backbone、num_classes、dataset_path。"
            "把每个值的名字也写上，例如 epochs=10。",
            "Got 4 values, 3 at most. The parameters are backbone, num_classes, dataset_path. "
            "Write the name before each value: epochs=10.",
        ),
        (
            lambda: MMClassification("LeNet", backbone="LeNet"),  # type: ignore[misc]
            None,
            "参数 backbone 给了两次。请留下一个。",
            "Parameter backbone is given twice. Keep one of them.",
        ),
        (
            lambda: MMClassification().load_dataset(None),  # type: ignore[arg-type]
            -201,
            "参数 path 收到 None。应为数据集文件夹的路径（字符串）。请把路径写在引号里。",
            "Parameter path got None. It takes the path of the data set folder (a string). Write the path in quotes.",
        ),
    ],
)
def test_a_call_that_does_not_fit(call: Callable[[], Any], code: int | None, zh: str, en: str) -> None:
    error = error_of(call)
    assert (error.code, error.text.zh, error.text.en) == (code, zh, en)
