"""五种网络 | The five networks that MMEdu knows by name: their layers, pictures and learning rate, as plain data.

Values of LeNet are those of MMEdu's own config. The others see colour pictures of `Settings.image_size` pixels
where MMEdu takes 224: a homework on a CPU has minutes, not hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Layers = dict[str, Any]

DEFAULT_SIZE = 32
LENET_SIZE = 32  # the third convolution turns exactly this size into one number per channel
_PAD = 4  # pixels around the picture before a random crop, the usual value for 32 pixels

_GREY = {"mean": [33.46], "std": [78.87], "to_rgb": False}
_COLOUR = {"mean": [123.675, 116.28, 103.53], "std": [58.395, 57.12, 57.375], "to_rgb": True}


@dataclass(frozen=True)
class Network:
    """`batch_size` is used where the student gives none; `lr_config` is mmcv's schedule of the learning rate."""

    backbone: Layers
    batch_size: int
    lr_config: dict[str, Any]
    channels: int | None = None
    grey: bool = False

    def model(self, num_classes: int) -> dict[str, Any]:
        loss = {"type": "CrossEntropyLoss", "loss_weight": 1.0}
        if self.channels is None:  # LeNet carries its classifier in the backbone
            backbone = {**self.backbone, "num_classes": num_classes}
            return {"type": "ImageClassifier", "backbone": backbone, "neck": None, "head": _head("ClsHead", loss)}
        head = _head("LinearClsHead", loss, num_classes=num_classes, in_channels=self.channels)
        neck = {"type": "GlobalAveragePooling"}
        return {"type": "ImageClassifier", "backbone": dict(self.backbone), "neck": neck, "head": head}

    def pipelines(self, size: int | None, *, augment: bool) -> tuple[list[Layers], list[Layers]]:
        """For training and for validation: mmcls's transforms."""
        side = LENET_SIZE if self.grey else size or DEFAULT_SIZE
        norm = _GREY if self.grey else _COLOUR
        load = {"type": "LoadImageFromFile", "color_type": "grayscale" if self.grey else "color"}
        fixed: list[Layers] = [load, {"type": "Resize", "size": side}]
        end: list[Layers] = [{"type": "Normalize", **norm}, {"type": "ImageToTensor", "keys": ["img"]}]
        label = {"type": "ToTensor", "keys": ["gt_label"]}
        chance = _chance(side) if augment else []
        train = [*fixed, *chance, *end, label, {"type": "Collect", "keys": ["img", "gt_label"]}]
        return train, [*fixed, *end, {"type": "Collect", "keys": ["img"]}]


def _head(kind: str, loss: dict[str, Any], **layers: Any) -> Layers:
    return {"type": kind, **layers, "loss": loss}


def _chance(side: int) -> list[Layers]:
    return [
        {"type": "RandomCrop", "size": side, "padding": _PAD},
        {"type": "RandomFlip", "flip_prob": 0.5, "direction": "horizontal"},
    ]


def _resnet(depth: int, channels: int) -> Network:
    # mmcls's own default would be to freeze and to return all four stages; a classifier reads the last.
    backbone = {"type": "ResNet", "depth": depth, "num_stages": 4, "out_indices": (3,), "style": "pytorch"}
    return Network(backbone, 32, {"policy": "step", "step": [30, 60, 90]}, channels)


NETWORKS: dict[str, Network] = {
    "LeNet": Network({"type": "LeNet5"}, 64, {"policy": "step", "step": [15]}, grey=True),
    "MobileNet": Network(
        {"type": "MobileNetV2", "widen_factor": 1.0}, 32, {"policy": "step", "gamma": 0.98, "step": 1}, 1280
    ),
    "ResNet18": _resnet(18, 512),
    "ResNet50": _resnet(50, 2048),
    "RegNet": Network({"type": "RegNet", "arch": "regnetx_400mf"}, 32, {"policy": "step", "step": [30, 60, 90]}, 384),
}
