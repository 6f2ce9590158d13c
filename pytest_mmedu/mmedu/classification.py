"""图像分类 | MMEdu's MMClassification: the same names, arguments, return values and error codes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.errors import StepError
from pytest_mmedu.mmedu import recorder
from pytest_mmedu.mmedu.arguments import check, config_or_name, plain_path, refuse_unknown, weights_file
from pytest_mmedu.mmedu.calling import told_in_words
from pytest_mmedu.mmedu.image_input import is_folder, pictures_of
from pytest_mmedu.mmedu.predictions import Prediction, chinese, sentence_of
from pytest_mmedu.mmedu.printing import say
from pytest_mmedu.params import BACKBONES, PARAMETERS, TrainParams
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.mmedu.classifier import Classifier

_AS_IN_THE_DATA = -1  # MMEdu's default for num_classes
_HARMLESS = ("ignored", "missing text")  # .DS_Store, a classes.txt that is derived
_MODEL = ("backbone", "num_classes", "dataset_path")
_INFERENCE = ("device", "checkpoint", "image", "show", "save_fold")


class MMClassification:
    """一个图像分类模型：训练、推理、转换 | One image classifier: train it, use it, convert it.

    Attributes that a program may set, as in MMEdu: `num_classes`, `dataset_path`, `save_fold`.
    """

    @told_in_words
    def __init__(
        self,
        backbone: str = "LeNet",
        num_classes: int = _AS_IN_THE_DATA,
        dataset_path: str = "../dataset/cls/hand_gray",
        **kwargs: Any,
    ) -> None:
        refuse_unknown(kwargs, _MODEL)
        self.backbone = config_or_name(backbone)
        self.num_classes = num_classes
        self.dataset_path = dataset_path
        self.cwd = str(Path.cwd().parent)  # MMEdu's name for it: the folder that holds `checkpoints`
        self.checkpoint: str | None = None
        self.device = "cpu"
        self.lr: float | None = None
        self.is_sample = False
        self.image_type = ""
        self.chinese_res: list[dict[str, Any]] | None = None
        self.infer_model: Classifier | None = None
        self._asked_fold: str | None = None
        self._used_fold: str | None = None

    @staticmethod
    def sota() -> list[str]:
        """可用的网络 | The networks that `backbone` may name."""
        return list(BACKBONES)

    @property
    def save_fold(self) -> str | None:
        """保存位置 | Where to save. A folder set here wins over train()'s argument; after a training it says where."""
        return self._asked_fold or self._used_fold

    @save_fold.setter
    def save_fold(self, folder: str | None) -> None:
        self._asked_fold = plain_path(folder)

    @told_in_words
    def load_dataset(self, path: str, check: bool = True, **kwargs: Any) -> None:
        """选定数据集 | Choose the data set; `check` opens every picture to find damaged ones.

        Raises:
            DatasetError: -101 no such folder, -201 not an image folder as MMEdu wants it.
        """
        refuse_unknown(kwargs, ("path", "check"))
        self.dataset_path = plain_path(path)
        _check_dataset(self.dataset_path)
        for finding in read_dataset(self.dataset_path, check=bool(check)).findings:
            if finding.kind not in _HARMLESS:
                say(finding.text)

    @told_in_words
    def train(
        self,
        random_seed: int = 0,
        save_fold: str | None = None,
        distributed: bool = False,
        validate: bool = True,
        device: str = "cpu",
        metric: str | list[str] = "accuracy",
        save_best: str | None = "auto",
        optimizer: str = "SGD",
        epochs: int = 100,
        lr: float = 0.01,
        weight_decay: float = 0.001,
        checkpoint: str | None = None,
        batch_size: int | None = None,
        topk: int | tuple[int, ...] | None = None,
        nproc: int | None = None,
        **kwargs: Any,
    ) -> list[dict[str, Any]]:
        """训练 | Train, and return the log: one dict for its head and one per record.

        Raises:
            MMEduError: with MMEdu's code for every parameter, data set or checkpoint that cannot be used.
        """
        arguments = {name: value for name, value in locals().items() if name not in ("self", "kwargs")}
        asked = self._asked(arguments)
        recorder.record(asked | kwargs)
        refuse_unknown(kwargs, tuple(arguments))
        params = TrainParams.of(**asked)
        from pytest_mmedu.mmedu.training import run_training

        folder = recorder.place_to_save(params.save_fold or str(Path(self.cwd) / "checkpoints" / "cls_model"))
        log = run_training(params, folder)
        self._used_fold = str(folder)
        self.lr = params.lr
        return log

    def _asked(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """All parameters by the names of the parameter table; the attributes are read now, at the call."""
        arguments["save_fold"] = self._asked_fold or plain_path(arguments["save_fold"])
        arguments["checkpoint"] = plain_path(arguments["checkpoint"])
        classes = None if self.num_classes == _AS_IN_THE_DATA else self.num_classes
        return {
            "backbone": self.backbone,
            "num_classes": classes,
            "dataset": plain_path(self.dataset_path),
            **arguments,
        }

    @told_in_words
    def load_checkpoint(self, checkpoint: str | None = None, device: str = "cpu", **kwargs: Any) -> None:
        """载入权重 | Load weights for fast_inference; without a path the newest of this object's last training."""
        refuse_unknown(kwargs, ("checkpoint", "device"))
        check(device=device)
        file = weights_file(self._newest() if checkpoint is None else checkpoint)
        from pytest_mmedu.mmedu.classifier import load_classifier

        self.infer_model = load_classifier(self.backbone, file, device)
        self.num_classes = len(self.infer_model.classes)
        self.checkpoint, self.device = str(file.resolve()), device

    def _newest(self) -> str:
        folder = Path(self._used_fold or self.save_fold or Path(self.cwd) / "checkpoints" / "cls_model")
        return str(folder / "latest.pth")

    @told_in_words
    def inference(
        self,
        device: str = "cpu",
        checkpoint: str | None = None,
        image: Any = None,
        show: bool = True,
        save_fold: str = "cls_result",
        **kwargs: Any,
    ) -> Prediction | list[Prediction]:
        """推理 | Classify a picture (a dict) or all pictures of a folder (a list of dicts, in the order of the names).

        With `show` the picture with its class is written into `save_fold`; a window opens only where somebody
        sits at a screen, and never stops the program.
        """
        refuse_unknown(kwargs, _INFERENCE)
        check(device=device)
        pictures_of(image)  # a wrong path is told before the weights are loaded
        self.load_checkpoint(checkpoint, device)
        return self.fast_inference(image, show=show, save_fold=save_fold)

    @told_in_words
    def fast_inference(
        self, image: Any, show: bool = False, save_fold: str = "cls_result", verbose: bool = True, **kwargs: Any
    ) -> Prediction | list[Prediction]:
        """快速推理 | As inference(), with the weights that load_checkpoint() loaded once."""
        refuse_unknown(kwargs, ("image", "show", "save_fold", "verbose"))
        if self.infer_model is None:
            raise StepError(
                Text("还没有载入权重。", "No weights are loaded yet."),
                Text("请先调用 load_checkpoint(checkpoint=...)。", "Call load_checkpoint(checkpoint=...) first."),
                code=-602,
            )
        if verbose:
            say("========= begin inference ==========")
        pictures = pictures_of(image)
        found = self.infer_model.predict(pictures)
        self.chinese_res = chinese(found)
        if show:
            from pytest_mmedu.mmedu.display import show_results

            show_results(pictures, found, Path(save_fold), window=not is_folder(image))
        if verbose:
            say("\n========= finish inference ==========")
        return found if is_folder(image) else found[0]

    @told_in_words
    def print_result(self, res: Any = None) -> list[dict[str, Any]]:
        """输出结果 | Print the last result in Chinese and return it; `res` is there because MMEdu has it."""
        if self.chinese_res is None:
            raise StepError(
                Text("还没有可以输出的结果。", "There is no result to print yet."),
                Text("请先调用 inference(image=...)。", "Call inference(image=...) first."),
                code=-601,
            )
        say(sentence_of(self.chinese_res))
        return self.chinese_res

    @told_in_words
    def convert(
        self,
        checkpoint: str | None = None,
        backend: str = "ONNX",
        out_file: str = "convert_model.onnx",
        opset_version: int = 11,
        ir_version: int = 6,
    ) -> None:
        """转换为 ONNX | Write the network with these weights as ONNX, with the class names inside and beside it."""
        file = weights_file(self._newest() if checkpoint is None else checkpoint)
        from pytest_mmedu.mmedu.convert import convert_to_onnx, refuse_unfit

        refuse_unfit(backend, out_file, opset_version, ir_version)
        from pytest_mmedu.mmedu.classifier import load_classifier

        classifier = load_classifier(self.backbone, file, "cpu")
        convert_to_onnx(classifier, self.backbone, Path(out_file), opset_version, ir_version)


def _check_dataset(path: Any) -> None:
    """load_dataset() calls the table's `dataset` path; None, the table's default, is no path."""
    row = next(row for row in PARAMETERS if row.name == "dataset")
    if path is None or not row.accepts(path):
        raise row.refusal(path, "path")
