"""评委自己看图 | What the weights really see: the judge's own look at pictures, or the verdict where it cannot look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu import rules
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.checks.facts import run_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_IMAGES, Verdict, no, unknown
from pytest_mmedu.params import BACKBONES
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.config_tree import ConfigTree

_SIZES = (8, 256)
_FEW = 3
# Mean and deviation in mmcls's own configs.
_COLOURS = {
    "LeNet": ((33.46,), (78.87,)),
    "ResNet18": ((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)),
}


def evaluation_of(
    subject: Subject, path: Path, split: str, *, pictures: Sequence[Path] = (), more_classes: bool = False
) -> Recomputed | Verdict:
    """What the weights really get right, or the verdict of a check that cannot be answered by it.

    `pictures`, where there are any, are looked at in place of those of `split`. `more_classes`: the network may have
    more of them than the data, which trains and validates all the same.

    Raises:
        CheckpointError: the file is none, or holds the weights of another network.
    """
    where, classes = printable(path.name, 80), subject.images and len(subject.images.classes)
    if subject.evaluate is None or not classes:
        return unknown(NO_IMAGES, hint=STATE_DATA, place=where)
    facts = read_checkpoint(path)
    if not facts.finite:
        names = listing(printable(name, 60) for name in facts.not_finite[:_FEW])
        seen = Text(f"{names.zh} 里有 NaN 或 Infinity", f"NaN or Infinity in {names.en}")
        return no(seen, hint=LOWER_LR_AGAIN, place=where)
    head = facts.head_size
    if head is not None and (head < classes if more_classes else head != classes):
        seen = Text(
            f"权重 {head} 类，数据集 {classes} 类",
            f"{head} classes in the weights, {classes} in the data",
        )
        return no(seen, hint=OTHER_WEIGHTS, place=where)
    networks = list(dict.fromkeys(_named(subject)))
    size = _size(subject)
    if not networks:
        return unknown(NO_NETWORK, hint=NAME_NETWORK, place=where)
    if subject.asked.config is not None and _read_otherwise(subject.asked.config, networks[0]):
        return unknown(OTHER_COLOURS, hint=USUAL_COLOURS, place=where)
    if size is None and networks != ["LeNet"] and "image_size" not in run_of(subject).settings:
        return unknown(NO_SIZE, hint=HAND_IN_RUN_JSON, place=where)
    found = subject.evaluate(path, networks=networks, image_size=size, split=split, pictures=pictures)
    if isinstance(found, NotEvaluated):
        return unknown(found.seen, hint=found.hint, place=where)
    return found


def _named(subject: Subject) -> Iterator[str]:
    """Known networks that anybody names: run.json, the program, the log. Claims: the weights have to fit one."""
    asked = subject.asked["backbone"]
    claims: list[Any] = [run_of(subject).params.get("backbone")]
    if asked.differs is not None:
        claims.append(asked.differs)
    elif asked.state == "given" or (asked.state == "default" and subject.asked.place is not None):
        claims.append(asked.value)
    if subject.log is not None:
        claims.append(subject.log.meta.get("backbone"))
    for claim in claims:
        if isinstance(claim, str) and claim in BACKBONES:
            yield claim


def _read_otherwise(config: ConfigTree, network: str) -> bool:
    """Pictures of other colours than those that the judge shows the network would do an honest student wrong."""
    steps = config.first("data.val.pipeline")
    if steps.state == "missing":  # without steps, and in the newer words, the kit's own are used
        return False
    found = [config.first(f"data.val.pipeline.{name}").value for name in ("mean", "std")]
    usual = [list(values) for values in _COLOURS.get(network, _COLOURS["ResNet18"])]
    return [list(one) if isinstance(one, (list, tuple)) else one for one in found] != usual


def _size(subject: Subject) -> int | None:
    """A picture of thousands of pixels a side would be an attack, not a homework."""
    size = run_of(subject).settings.get("image_size")
    return size if rules.whole(size, *_SIZES) else None


STATE_DATA = Text("请老师在练习里写明数据集。", "The teacher should name the data set in the exercise.")
NO_NETWORK = Text("不知道是哪种网络的权重", "it is not known which network the weights belong to")
NAME_NETWORK = Text(
    "请在程序里写明 backbone，并把 save_fold 文件夹原样交上。",
    "Name backbone in the program, and hand in the save folder as it is.",
)
OTHER_COLOURS = Text(
    "配置读图片的方法和这种网络通常的不同，没有重算",
    "the config reads its pictures in a way of its own: nothing was computed again",
)
USUAL_COLOURS = Text(
    "Normalize 的 mean 和 std 照 mmcls 里这种网络的配置来写。",
    "Take mean and std of Normalize from mmcls's own config of this network.",
)
NO_SIZE = Text("不知道训练时图片有多大", "it is not known how large the pictures were in training")
HAND_IN_RUN_JSON = Text(
    "请把 save_fold 文件夹原样交上，包括 run.json。", "Hand in the save folder as it is, run.json included."
)
LOWER_LR_AGAIN = Text(
    "训练发散了：把学习率调小，再训练一次。",
    "The training diverged: lower the learning rate and train again.",
)
OTHER_WEIGHTS = Text(
    "这些权重是用别的数据集训练的：核对 save_fold，交这次训练的权重。",
    "These weights were trained on another data set: check save_fold and hand in those of this training.",
)
