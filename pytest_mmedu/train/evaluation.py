"""重新评估 | What a checkpoint really gets right: computed anew from the weights and the pictures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import CheckpointError, DatasetError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.rules import whole
from pytest_mmedu.run import read_run
from pytest_mmedu.text import Text
from pytest_mmedu.train.networks import NETWORKS
from pytest_mmedu.train.settings import DEFAULTS, Settings

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

_TOP = 5
_SIZES = (8, 1024)


@dataclass(frozen=True)
class Evaluation:
    """`top1` and `top5` in percent, `top5` None below five classes; the rest one value per picture, in order."""

    n: int
    top1: float
    top5: float | None
    labels: tuple[int, ...]
    predictions: tuple[int, ...]
    scores: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Network:
    """A trained network, ready to look at pictures. `model` is mmcls's own object, `pipeline` its transforms."""

    model: Any
    pipeline: list[dict[str, Any]]
    classes: tuple[str, ...]
    device: str
    threads: int
    batch_size: int = 64

    def scores(self, pictures: Sequence[Path]) -> list[tuple[float, ...]]:
        """The probability of every class, for each picture.

        Raises:
            DatasetError: a picture that cannot be read.
        """
        from pytest_mmedu.dataset import Sample
        from pytest_mmedu.train import assembly
        from pytest_mmedu.train.process_state import borrowed
        from pytest_mmedu.train.runner import predictions

        part = {"type": "CustomDataset", "data_prefix": "", "pipeline": self.pipeline, "classes": list(self.classes)}
        data = {"samples_per_gpu": self.batch_size, "pin_memory": False, "val": part}
        samples = [Sample(Path(picture).absolute(), 0) for picture in pictures]
        with borrowed(self.threads):
            loader = assembly.loader({"data": data, "seed": 0}, "val", samples, Settings(cache_pictures=False))
            return [tuple(float(value) for value in row) for row in predictions(self.model, loader)]


def load_network(
    checkpoint: Path,
    classes: Sequence[str],
    *,
    params: TrainParams | None = None,
    settings: Settings = DEFAULTS,
    device: str = "cpu",
    state: Mapping[str, Any] | None = None,
) -> Network:
    """The network of a checkpoint. Without `params` it is the one named in the run.json beside it or in its meta.

    `state` are the weights where the caller has read them already; then `params` has to name the network.

    Such a name is a claim of whoever made the folder. It selects one of the five known networks; a config file is run
    only where the caller names it. Weights are loaded as plain tensors, nothing else in the file is executed.

    Raises:
        CheckpointError: not a checkpoint, of another network or class count, or of a network that nobody names.
        ParameterError: no such device.
    """
    from pytest_mmedu.train import assembly
    from pytest_mmedu.train.console import loggers_borrowed
    from pytest_mmedu.train.loading import put_into, read_weights
    from pytest_mmedu.train.process_state import borrowed

    assembly.refuse_missing_device(device)
    content = read_weights(checkpoint) if state is None else {"state_dict": state}
    if params is None:
        params, settings = _claimed(checkpoint, content, settings)
    model_config, pipeline = _parts(params, len(classes), settings)
    with borrowed(settings.threads), loggers_borrowed():
        model = assembly.network({"model": model_config}, fresh=False)
        put_into(model, content["state_dict"], checkpoint.name)
        model.CLASSES = tuple(classes)
        model = assembly.on_device(model, device)
    return Network(model.eval(), pipeline, tuple(classes), device, settings.threads)


def evaluate(
    checkpoint: Path,
    images: ImageFolder,
    *,
    split: str = "val_set",
    device: str = "cpu",
    params: TrainParams | None = None,
    settings: Settings = DEFAULTS,
) -> Evaluation:
    """The accuracy of a checkpoint on one split of `images`; `params` and `settings` as in `load_network`.

    Raises:
        CheckpointError: see `load_network`.
        DatasetError: no pictures in the split (-201), or one that cannot be read.
    """
    samples = images.splits.get(split, ())
    if not samples:
        seen = Text(f"{split} 里没有图片。", f"There are no pictures in {split}.")
        raise DatasetError(seen, Text("请换一个数据集。", "Use another data set."), code=-201)
    network = load_network(checkpoint, images.classes, params=params, settings=settings, device=device)
    scores = tuple(network.scores([sample.path for sample in samples]))
    return _measured(tuple(sample.label for sample in samples), scores)


def _measured(labels: tuple[int, ...], scores: tuple[tuple[float, ...], ...]) -> Evaluation:
    ranked = [sorted(range(len(row)), key=lambda place: -row[place]) for row in scores]
    finite = [all(value == value for value in row) for row in scores]  # NaN weights get nothing right
    top1 = sum(ok and order[0] == label for ok, order, label in zip(finite, ranked, labels, strict=True))
    top5 = sum(ok and label in order[:_TOP] for ok, order, label in zip(finite, ranked, labels, strict=True))
    enough = len(scores[0]) >= _TOP
    return Evaluation(
        n=len(labels),
        top1=100 * top1 / len(labels),
        top5=100 * top5 / len(labels) if enough else None,
        labels=labels,
        predictions=tuple(order[0] for order in ranked),
        scores=scores,
    )


def _parts(params: TrainParams, classes: int, settings: Settings) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Model and validation pipeline."""
    if params.backbone in NETWORKS:
        known = NETWORKS[params.backbone]
        return known.model(classes), known.pipelines(settings.image_size, augment=False)[1]
    from pytest_mmedu.train import assembly
    from pytest_mmedu.train.config import network_of_file

    model, pipelines = network_of_file(assembly.config_from_file(Path(params.backbone)), classes)
    return model, pipelines[1]


def _claimed(checkpoint: Path, content: dict[str, Any], settings: Settings) -> tuple[TrainParams, Settings]:
    """What the folder says about its network."""
    run, meta = read_run(checkpoint.parent), content.get("meta")
    named = run.params if isinstance(run.params, dict) and run.params else meta
    name = named.get("backbone") if isinstance(named, dict) else None
    if not isinstance(name, str) or name not in NETWORKS:
        shown = checkpoint.name
        seen = Text(f"不知道 {shown} 是哪种网络的权重。", f"It is not known which network {shown} belongs to.")
        raise CheckpointError(seen, Text("请给出 backbone。", "Name the backbone."))
    return TrainParams(backbone=name), dataclasses.replace(settings, image_size=_claimed_size(run.settings))


def _claimed_size(settings: Any) -> int | None:
    """Within what is harmless; a picture of a million pixels a side would be an attack, not a homework."""
    size = settings.get("image_size") if isinstance(settings, dict) else None
    return size if whole(size, *_SIZES) else None
