"""批改时换掉了什么 | What of a program or config was replaced for grading, in sentences of the judge's own.

The child names it by a key and a few values: a claim like all it says, so no text of its is taken over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pytest_mmedu.text import Text, printable


def replaced_notes(events: Iterable[Mapping[str, Any]]) -> Iterator[Text]:
    """One sentence for each thing that was replaced."""
    for event in events:
        if event.get("event") == "replaced" and isinstance(event.get("replaced"), dict):
            text = _sentence(event["replaced"])
            if text is not None:
                yield text


def _sentence(one: Mapping[str, Any]) -> Text | None:
    before, after, name = one.get("from"), one.get("to"), one.get("name")
    whole = isinstance(before, int) and isinstance(after, int) and abs(before) < 10**6 and abs(after) < 10**6
    if one.get("what") == "size" and whole:
        return Text(
            f"批改时图片缩小到 {after} 像素（配置写的是 {before}）。",
            f"For grading the pictures have {after} pixels a side (the config says {before}).",
        )
    if one.get("what") == "classes" and whole:
        return Text(
            f"配置的 num_classes 是 {before}，批改时按数据集的 {after} 类训练。",
            f"num_classes is {before} in the config; for grading the {after} of the data set are trained.",
        )
    if one.get("what") == "topk" and whole:
        return Text(
            f"配置要看前 {before} 名，数据集只有 {after} 类，批改时没有算。",
            f"The config evaluates the top {before}; the data set has {after} classes, so it was left out.",
        )
    if one.get("what") == "weights" and isinstance(name, str):
        shown = printable(name.replace("\\", "/").rpartition("/")[2], 60)
        return Text(
            f"预训练权重 {shown} 没有交，批改时从头训练。",
            f"The weights {shown} were not handed in; for grading the training starts from scratch.",
        )
    if one.get("what") == "save_fold" and isinstance(name, str):
        shown = printable(name, 60)
        return Text(
            f"训练要保存到 {shown}，那是别的地方；批改时保存在作业旁边。",
            f"A training was to be saved to {shown}, which is elsewhere; for grading it was saved beside the homework.",
        )
    return _PLAIN.get(str(one.get("what")))


_PLAIN = {
    "pipeline": Text("批改时图片按本工具的方式读取。", "For grading the pictures are read in this kit's own way."),
    "metric": Text("批改时只算 mmcls 的指标。", "For grading only the metrics of mmcls are measured."),
}
