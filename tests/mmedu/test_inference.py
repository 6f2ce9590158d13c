"""Real inference with real weights: forms, orders, sources of a picture, and what refuses to be classified."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.mmedu import MMClassification, pth_info

pytestmark = pytest.mark.train


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """LeNet, trained until it tells the three digits apart."""
    folder = tmp_path_factory.mktemp("run") / "weights"
    model = MMClassification(dataset_path=str(digits))
    model.save_fold = str(folder)
    model.train(epochs=12, batch_size=4, lr=0.02)
    return folder / "latest.pth"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def picture_of(digits: Path, name: str) -> Path:
    return sorted((digits / "test_set" / name).iterdir())[0]


@pytest.mark.parametrize("name", ["0", "1", "2"])
def test_one_picture_is_one_dict(weights: Path, digits: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    model = MMClassification(backbone="LeNet")
    result = model.inference(checkpoint=str(weights), image=str(picture_of(digits, name)), show=False)
    assert isinstance(result, dict)
    assert list(result) == ["pred_label", "pred_score", "pred_class"]
    assert (result["pred_label"], result["pred_class"]) == (int(name), name)
    assert type(result["pred_label"]) is int
    assert type(result["pred_score"]) is float
    assert 1 / 3 < result["pred_score"] <= 1
    assert model.num_classes == 3
    chinese = [{"标签": int(name), "置信度": result["pred_score"], "预测结果": name}]
    capsys.readouterr()
    assert model.print_result(result) == chinese
    assert capsys.readouterr().out == f"分类结果如下：\n{chinese}\n"
    assert model.chinese_res == chinese


def test_a_folder_is_a_list_in_the_order_of_the_names(weights: Path, digits: Path) -> None:
    model = MMClassification()
    model.load_checkpoint(str(weights))
    folder = digits / "test_set" / "1"
    together = model.fast_inference(str(folder))
    alone = [model.fast_inference(str(path)) for path in sorted(folder.iterdir())]
    assert isinstance(together, list)
    assert len(together) == 3
    assert [one["pred_label"] for one in together] == [one["pred_label"] for one in alone if isinstance(one, dict)]
    assert model.chinese_res is not None


def test_a_file_an_array_and_an_opened_picture_are_the_same(weights: Path, digits: Path) -> None:
    numpy = pytest.importorskip("numpy")
    model = MMClassification()
    model.load_checkpoint(str(weights))
    path = picture_of(digits, "2")
    opened = Image.open(path)
    results = [model.fast_inference(image, verbose=False) for image in (path, opened, numpy.array(opened))]
    assert results[0] == results[1] == results[2]


def test_quiet_and_talkative(weights: Path, digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = MMClassification()
    model.load_checkpoint(str(weights))
    path = str(picture_of(digits, "2"))
    model.fast_inference(path, verbose=False)
    assert capsys.readouterr().out == ""
    model.fast_inference(path)
    assert capsys.readouterr().out == "========= begin inference ==========\n\n========= finish inference ==========\n"


def test_show_writes_a_picture_and_opens_no_window(
    weights: Path, digits: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "show", lambda *_: pytest.fail("a window was opened"))
    path = picture_of(digits, "0")
    model = MMClassification()
    model.inference(checkpoint=str(weights), image=str(path))  # show=True is MMEdu's default
    assert Image.open(tmp_path / "cls_result" / path.name).size == (224, 248)
    model.inference(checkpoint=str(weights), image=str(path.parent), save_fold="all")
    assert len(list((tmp_path / "all").iterdir())) == 3


def test_the_weights_of_the_last_training_are_the_default(digits: Path, tmp_path: Path) -> None:
    model = MMClassification(dataset_path=str(digits))
    model.train(epochs=1, batch_size=8, save_fold=str(tmp_path / "run"))
    model.inference(image=str(picture_of(digits, "0")), show=False)
    assert model.checkpoint == str((tmp_path / "run" / "latest.pth").resolve())


def test_weights_of_another_network(weights: Path) -> None:
    with pytest.raises(CheckpointError) as caught:
        MMClassification(backbone="MobileNet").load_checkpoint(str(weights))
    assert caught.value.text.zh == "latest.pth 是另一种网络的权重。请核对 backbone。"
    assert caught.value.text.en == "latest.pth holds the weights of another network. Check backbone."


def test_weights_without_class_names(weights: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    content = torch.load(weights, weights_only=True)
    del content["meta"]["CLASSES"]
    torch.save(content, tmp_path / "nameless.pth")
    with pytest.raises(CheckpointError) as caught:
        MMClassification().load_checkpoint(str(tmp_path / "nameless.pth"))
    assert caught.value.text.zh == "nameless.pth 里没有类别名。请用 MMEdu 训练得到的 .pth 文件。"
    assert caught.value.text.en == (
        "nameless.pth holds no class names. Use a .pth file that a training with MMEdu wrote."
    )


@pytest.mark.parametrize("content", [b"", b"not weights", b"PK\x03\x04 cut off"])
def test_a_file_that_only_looks_like_weights(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.pth").write_bytes(content)
    for call in (lambda: MMClassification().load_checkpoint("bad.pth"), lambda: pth_info("bad.pth")):
        with pytest.raises(CheckpointError):
            call()


def test_a_config_file_names_the_network(weights: Path, digits: Path) -> None:
    config = weights.with_name("config.py")
    model = MMClassification(backbone=str(config))
    result: Any = model.inference(checkpoint=str(weights), image=str(picture_of(digits, "1")), show=False)
    assert result["pred_class"] == "1"


def test_pth_info_prints_the_meta_with_the_tool_first(weights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pth_info(str(weights)) is None  # type: ignore[func-returns-value]
    first, line, *meta, last = capsys.readouterr().out.splitlines()
    assert first == f"{weights} 相关信息如下:"
    assert line == last == "=" * (len(str(weights)) + 9)
    assert meta[:3] == ["tool : MMEdu2.0.0", "backbone : LeNet", "device : cpu"]
    assert "epoch : 12" in meta
    assert "CLASSES : ['0', '1', '2']" in meta


def test_weights_of_the_real_package(corpus: Path, digits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real = corpus / "made" / "mmedu-2.0.0" / "lenet_d3_bs8_e5" / "checkpoints" / "best_accuracy_top-1_epoch_4.pth"
    model = MMClassification()
    results = [
        model.inference(checkpoint=str(real), image=str(digits / "val_set" / name), show=False)
        for name in ("0", "1", "2")
    ]
    right = [one["pred_class"] == name for name, found in zip("012", results, strict=True) for one in found]  # type: ignore[index]
    assert len(right) == 18
    assert sum(right) >= 12  # 93 % on its own pictures, a third by guessing
    capsys.readouterr()
    pth_info(str(real))
    assert re.search(r"^mmcv_version : 1\.4\.5$", capsys.readouterr().out, re.MULTILINE)
