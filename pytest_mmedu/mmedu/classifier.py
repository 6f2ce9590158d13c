"""会看图的网络 | A network with its weights, ready for inference: built from a name and a checkpoint."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.mmedu.image_input import Picture
from pytest_mmedu.mmedu.predictions import Prediction
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import read_run
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.train import Network, Settings


@dataclass(frozen=True)
class Classifier:
    """What load_checkpoint() loads once and fast_inference() uses many times."""

    network: Network

    @property
    def classes(self) -> tuple[str, ...]:
        return self.network.classes

    def predict(self, pictures: Sequence[Picture]) -> list[Prediction]:
        """The most probable class of each picture, in their order."""
        with tempfile.TemporaryDirectory(prefix="mmedu-") as folder:
            files = [_on_disk(picture, Path(folder) / f"{place}.png") for place, picture in enumerate(pictures)]
            return [self._named(row) for row in self.network.scores(files)]

    def sample(self) -> Any:
        """What the network is given for one picture: a batch of one, as its pipeline makes it."""
        from PIL import Image

        model = getattr(self.network.model, "module", self.network.model)
        seen: list[Any] = []
        hook = model.backbone.register_forward_pre_hook(lambda _, batch: seen.append(batch[0]))
        try:
            with tempfile.TemporaryDirectory(prefix="mmedu-") as folder:
                Image.new("RGB", (64, 64)).save(Path(folder) / "black.png")
                self.network.scores([Path(folder) / "black.png"])
        finally:
            hook.remove()
        return seen[0]

    def _named(self, row: Sequence[float]) -> Prediction:
        label = max(range(len(row)), key=row.__getitem__)
        return {"pred_label": label, "pred_score": row[label], "pred_class": self.classes[label]}


def _on_disk(picture: Picture, spare: Path) -> Path:
    """Every picture takes the way of the training pictures: from a file, through the network's own pipeline."""
    if picture.file is not None:
        return picture.file
    from PIL import Image

    Image.fromarray(picture.pixels).save(spare)
    return spare


def load_classifier(backbone: str, file: Path, device: str) -> Classifier:
    """The network `backbone` with the weights of `file`.

    Raises:
        CheckpointError: not a checkpoint, of another network, without class names, or with NaN in the weights.
        ParameterError: no such device (-301).
    """
    facts = read_checkpoint(file)
    name = printable(file.name)
    if facts.classes is None:
        raise CheckpointError(
            Text(f"{name} 里没有类别名。", f"{name} holds no class names."),
            Text("请用 MMEdu 训练得到的 .pth 文件。", "Use a .pth file that a training with MMEdu wrote."),
        )
    if not facts.finite:
        raise CheckpointError(
            Text(f"{name} 里的权重有 NaN 或无穷大。", f"{name} has NaN or infinite weights."),
            Text(
                "那次训练发散了：换小一些的学习率重新训练。", "That training diverged: train again with a smaller lr."
            ),
        )
    from pytest_mmedu.train import load_network

    params = TrainParams.of(backbone=backbone)
    return Classifier(load_network(file, facts.classes, params=params, settings=_settings_beside(file), device=device))


def _settings_beside(file: Path) -> Settings:
    """Pictures of the size that the training saw; the run.json beside the weights knows it."""
    from pytest_mmedu.train import Settings

    size = read_run(file.parent).settings.get("image_size")
    return Settings(image_size=size if isinstance(size, int) and 8 <= size <= 1024 else None)
