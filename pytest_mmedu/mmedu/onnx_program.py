"""示例程序 | The small program beside an ONNX model: class names, preparation of a picture, inference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_PROGRAM = '''"""用 ONNX 模型识别一张图片 | Classify a picture with the ONNX model.

需要 | Needs: pip install onnxruntime opencv-python-headless
运行 | Run:   python {program} picture.png
"""

import os
import sys

import cv2
import numpy as np
import onnxruntime

CLASSES = {classes}
WIDTH, HEIGHT = {width}, {height}
MEAN, STD = {mean}, {std}


def prepare(path):
    """读图、缩放、归一化，与训练时一致 | Read, resize and normalize, as in training."""
    image = cv2.imdecode(np.fromfile(path, dtype=np.uint8), {flag})
    image = cv2.resize(image, (WIDTH, HEIGHT)){to_rgb}
    image = (image.astype(np.float32) - np.float32(MEAN)) / np.float32(STD)
    return image.reshape(1, HEIGHT, WIDTH, {channels}).transpose(0, 3, 1, 2)


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    session = onnxruntime.InferenceSession(os.path.join(here, {model}))
    scores = session.run(None, {{"input": prepare(sys.argv[1])}})[0].reshape(-1)
    best = int(scores.argmax())
    print([{{"标签": best, "置信度": float(scores[best]), "预测结果": CLASSES[best]}}])
'''


def program_for(model: str, classes: Sequence[str], shape: Sequence[int], pipeline: Sequence[dict[str, Any]]) -> str:
    """The program for a model of this name. Of the pipeline it repeats reading, resizing and normalizing."""
    norm: dict[str, Any] = next((step for step in pipeline if step.get("type") == "Normalize"), {})
    _, channels, height, width = shape
    grey = channels == 1
    return _PROGRAM.format(
        program=model.rpartition(".")[0] + ".py",
        model=ascii(model),
        classes=list(classes),
        width=width,
        height=height,
        channels=channels,
        mean=list(norm.get("mean", [0.0] * channels)),
        std=list(norm.get("std", [1.0] * channels)),
        flag="cv2.IMREAD_GRAYSCALE" if grey else "cv2.IMREAD_COLOR",
        to_rgb="[:, :, ::-1]" if norm.get("to_rgb", True) and not grey else "",
    )
