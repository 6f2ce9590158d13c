"""转换为 ONNX | Writing a network as ONNX, for programs and boards without mmcls.

torch's older exporter is asked: it needs the package `onnx` alone, the newer one also `onnxscript` and `onnx_ir`.
"""

from __future__ import annotations

import inspect
import json
import tempfile
import warnings
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import MissingPackageError, OutputError, ParameterError, TrainingError
from pytest_mmedu.mmedu.onnx_program import program_for
from pytest_mmedu.mmedu.printing import say
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.mmedu.classifier import Classifier

_OPSETS = range(9, 21)  # what torch's older exporter writes
_IRS = range(3, 14)


def refuse_unfit(backend: Any, out_file: Any, opset_version: Any, ir_version: Any) -> None:
    """ParameterError for an argument of convert() that cannot be followed."""
    if not isinstance(backend, str) or backend.lower() != "onnx":
        raise _wrong("backend", backend, Text(" 'ONNX'", "'ONNX'"))
    if not isinstance(out_file, (str, Path)) or Path(out_file).suffix.lower() != ".onnx":
        raise _wrong("out_file", out_file, Text("以 .onnx 结尾的路径", "a path ending in .onnx"))
    for name, value, allowed in (("opset_version", opset_version, _OPSETS), ("ir_version", ir_version, _IRS)):
        if type(value) is not int or value not in allowed:
            low, high = allowed[0], allowed[-1]
            raise _wrong(name, value, Text(f" {low} 到 {high} 的整数", f"a whole number from {low} to {high}"))


def _wrong(name: str, value: Any, allowed: Text) -> ParameterError:
    shown = printable(repr(value), 60)
    return ParameterError(
        Text(f"参数 {name} 收到 {shown}。", f"Parameter {name} got {shown}."),
        Text("一般不写它，用默认值即可。", "Leaving it out is fine: the default is right for most."),
        allowed=Text(f"应为{allowed.zh}。", f"It takes {allowed.en}."),
    )


def convert_to_onnx(classifier: Classifier, backbone: str, target: Path, opset_version: int, ir_version: int) -> None:
    """Write `target`, and beside it a small program that shows how to use it.

    Raises:
        MissingPackageError: `onnx` is not installed.
        OutputError: the folder cannot be written.
    """
    onnx = _onnx()
    sample = classifier.sample()
    model = onnx.load_from_string(_exported(classifier, sample, opset_version))
    model.ir_version = max(ir_version, onnx.helper.find_min_ir_version_for(list(model.opset_import)))
    about = {"codebase": "MMCls", "modelname": backbone, "classes": list(classifier.classes)}
    onnx.helper.set_model_props(model, {"MODEL_INFO": json.dumps(about)})
    onnx.checker.check_model(model)
    program = program_for(target.name, classifier.classes, tuple(sample.shape), classifier.network.pipeline)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(model.SerializeToString())
        _write_program(target.with_suffix(".py"), program)
    except OSError as error:
        shown = printable(str(target))
        raise OutputError(
            Text(f"ONNX 模型写不进 {shown}。", f"The ONNX model cannot be written to {shown}."),
            Text("请用 out_file 换一个可以写入的位置。", "Choose a writable place with out_file."),
        ) from error
    say(f"Successfully exported ONNX model: {target}")


def _write_program(target: Path, program: str) -> None:
    """Never over another program: `homework.py` that writes `homework.onnx` must live on."""
    if target.exists() and not target.read_bytes().startswith(program[:20].encode()):
        name = printable(target.name)
        say(Text(f"已有 {name}，没有写示例程序。", f"There is a {name} already: the example program is not written."))
        return
    target.write_text(program, "utf-8")


def _onnx() -> ModuleType:
    try:
        import onnx
    except ImportError as error:
        raise MissingPackageError(
            Text("没有安装 onnx，不能转换。", "The package onnx, needed to convert, is not installed."),
            Text('请运行 pip install "pytest-mmedu[onnx]"。', 'Run pip install "pytest-mmedu[onnx]".'),
        ) from error
    return onnx  # type: ignore[no-any-return]


def _exported(classifier: Classifier, sample: Any, opset_version: int) -> bytes:
    """The network, from one picture (resized and normalized) to probabilities."""
    from pytest_mmedu.train.stack import torch

    options: dict[str, Any] = {"input_names": ["input"], "output_names": ["probs"], "opset_version": opset_version}
    if "dynamo" in inspect.signature(torch.onnx.export).parameters:  # the newer exporter came with torch 2.5
        options["dynamo"] = False
    network = _with_probabilities(classifier.network.model)
    try:
        with tempfile.TemporaryDirectory(prefix="mmedu-") as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the exporter's age, and about LeNet's squeeze: it sees one picture
            written = Path(folder) / "network.onnx"
            torch.onnx.export(network, (sample,), str(written), **options)
            return written.read_bytes()
    except Exception as error:
        why = printable(f"{type(error).__name__}: {error}".partition("\n")[0], 160)
        raise TrainingError(
            Text(f"这种网络不能转换（{why}）。", f"This network cannot be converted ({why})."),
            Text("请试试大一些的 opset_version。", "Try a larger opset_version."),
        ) from error


def _with_probabilities(model: Any) -> Any:
    """mmcls's classifier as a function of a batch alone."""
    from pytest_mmedu.train.stack import torch

    class Probabilities(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = getattr(model, "module", model)

        def forward(self, pictures: Any) -> Any:
            features = self.model.extract_feat(pictures)
            return self.model.head.simple_test(features, softmax=True, post_process=False)

    return Probabilities().eval()
