"""ONNX: the same probabilities as the network, with the class names inside and a program beside it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.errors import MissingPackageError, OutputError, ParameterError
from pytest_mmedu.mmedu import MMClassification
from pytest_mmedu.mmedu.convert import refuse_unfit

BOTH = ("不写它，用默认值即可。", "Leaving it out is fine: the default is right for most.")


@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({"backend": "TensorRT"}, "参数 backend 收到 'TensorRT'。应为 'ONNX'。", "Parameter backend got 'TensorRT'."),
        (
            {"out_file": "model"},
            "参数 out_file 收到 'model'。应为以 .onnx 结尾的路径。",
            "Parameter out_file got 'model'.",
        ),
        (
            {"opset_version": 99},
            "参数 opset_version 收到 99。应为 9 到 20 的整数。",
            "Parameter opset_version got 99. It takes a whole number from 9 to 20.",
        ),
        (
            {"ir_version": "6"},
            "参数 ir_version 收到 '6'。应为 3 到 13 的整数。",
            "Parameter ir_version got '6'. It takes a whole number from 3 to 13.",
        ),
    ],
)
def test_arguments_that_cannot_be_followed(given: dict[str, Any], zh: str, en: str) -> None:
    right = {"backend": "onnx", "out_file": "a.onnx", "opset_version": 11, "ir_version": 6}
    refuse_unfit(**right)
    with pytest.raises(ParameterError) as caught:
        refuse_unfit(**{**right, **given})
    assert caught.value.text.zh == f"{zh}一般{BOTH[0]}"
    assert caught.value.text.en.startswith(en)
    assert caught.value.text.en.endswith(BOTH[1])


@pytest.fixture(scope="module")
def weights(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "weights"
    model = MMClassification(dataset_path=str(digits))
    model.save_fold = str(folder)
    model.train(epochs=2, batch_size=8)
    return folder / "latest.pth"


@pytest.fixture
def without_onnx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnx", None)


@pytest.mark.train
@pytest.mark.usefixtures("without_onnx")
def test_without_onnx_it_says_what_to_install(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingPackageError) as caught:
        MMClassification().convert(str(weights), out_file=str(tmp_path / "a.onnx"))
    assert caught.value.text.zh == '没有安装 onnx，不能转换。请运行 pip install "pytest-mmedu[onnx]"。'
    assert caught.value.text.en == (
        'The package onnx, needed to convert, is not installed. Run pip install "pytest-mmedu[onnx]".'
    )
    assert not list(tmp_path.iterdir())


@pytest.mark.train
@pytest.mark.parametrize("opset", [11, 17])
def test_the_model_holds_its_class_names(weights: Path, tmp_path: Path, opset: int) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx is not installed")
    target = tmp_path / "new" / "digits.onnx"
    MMClassification().convert(str(weights), out_file=str(target), opset_version=opset)
    model = onnx.load(target)
    onnx.checker.check_model(model)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", opset)]
    [about] = model.metadata_props
    assert (about.key, json.loads(about.value)) == (
        "MODEL_INFO",
        {"codebase": "MMCls", "modelname": "LeNet", "classes": ["0", "1", "2"]},
    )
    assert [one.name for one in model.graph.input] == ["input"]
    assert [one.name for one in model.graph.output] == ["probs"]
    assert "CLASSES = ['0', '1', '2']" in target.with_suffix(".py").read_text("utf-8")


@pytest.mark.train
def test_the_program_beside_it_says_what_the_network_says(weights: Path, digits: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    model = MMClassification()
    model.convert(str(weights), out_file=str(tmp_path / "digits.onnx"))
    for name in ("0", "1", "2"):
        picture = sorted((digits / "test_set" / name).iterdir())[0]
        expected: Any = model.inference(checkpoint=str(weights), image=str(picture), show=False)
        command = [sys.executable, "-X", "utf8", str(tmp_path / "digits.py"), str(picture)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
        found = re.fullmatch(r"\[\{'标签': (\d), '置信度': ([\d.e-]+), '预测结果': '(\d)'\}\]\n", done.stdout)
        assert found is not None
        assert (int(found[1]), found[3]) == (expected["pred_label"], expected["pred_class"])
        assert float(found[2]) == pytest.approx(expected["pred_score"], abs=1e-5)


@pytest.mark.train
def test_a_program_of_the_same_name_lives_on(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    homework = tmp_path / "homework.py"
    homework.write_text("print('mine')", "utf-8")
    for _ in range(2):
        MMClassification().convert(str(weights), out_file=str(tmp_path / "homework.onnx"))
    assert homework.read_text("utf-8") == "print('mine')"
    assert "已有 homework.py，没有写示例程序。" in capsys.readouterr().out
    for _ in range(2):  # its own example it may write again
        MMClassification().convert(str(weights), out_file=str(tmp_path / "other.onnx"))
    assert "已有 other.py" not in capsys.readouterr().out


@pytest.mark.train
def test_a_place_that_cannot_be_written(weights: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="onnx is not installed")
    (tmp_path / "taken").write_text("")
    target = tmp_path / "taken" / "a.onnx"
    with pytest.raises(OutputError) as caught:
        MMClassification().convert(str(weights), out_file=str(target))
    assert caught.value.text.zh == f"ONNX 模型写不进 {target}。请用 out_file 换一个可以写入的位置。"
    assert caught.value.text.en == (
        f"The ONNX model cannot be written to {target}. Choose a writable place with out_file."
    )
