"""Programs that write their own evidence: the log, the weights, or what train() would do. Each earns what it learned.

All of them run in the box and are seen to call train(): what is theirs alone are the files that they leave.
"""

from __future__ import annotations

from dataclasses import dataclass

FULL, LOSS_ONLY, NOTHING = 100.0, 50.0, 0.0


@dataclass(frozen=True)
class Forged:
    """`says`: words of the verdicts on loss and accuracy, in English."""

    program: str
    score: float
    says: tuple[str, str]


MODEL = """\
import glob, json, os
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.load_dataset(path="digits10")
def train(lr):
    model.train(save_fold="out", epochs=3, lr=lr, batch_size=16, random_seed=1, topk=(1, 5))
def rewrite(change):
    for path in glob.glob("out/*.log.json"):
        lines = [change(json.loads(line)) for line in open(path)]
        open(path, "w").writelines(json.dumps(line) + "\\n" for line in lines)
def better(line):
    if line.get("mode") == "train":
        line["loss"] = 2.3 / 2 ** line["epoch"]
    if line.get("mode") == "val":
        line["accuracy_top-1"] = 95.0 + line["epoch"]
    return line
"""
# The kit's own hooks, called in the name of a training that never was.
IN_ITS_NAME = """\
from pathlib import Path
from pytest_mmedu.mmedu import recorder
def pretend(self, **given):
    recorder.record({"dataset": "digits10", "backbone": "LeNet", "num_classes": 10, **given})
    os.makedirs("out")
    rows = [{}] + [better({"mode": mode, "epoch": n, "iter": 9}) for n in (1, 2, 3) for mode in ("train", "val")]
    open("out/1.log.json", "w").writelines(json.dumps(row) + "\\n" for row in rows)
    for name in ("epoch_3", "latest", "best_accuracy_top-1_epoch_3"):
        leave(f"out/{name}.pth")
    recorder.finish(Path("out"))
"""
HARDLY = "train(0.0005)\n"

FORGED: dict[str, Forged] = {
    "an honest one": Forged("train(0.05)\n", FULL, ("", "")),
    "rewrites its log": Forged(
        HARDLY + "rewrite(better)\n",
        NOTHING,
        ("too few for such a loss", "0.98 in the log, 0."),
    ),
    "has the logger write better numbers": Forged(
        "from mmcv.runner.hooks import TextLoggerHook as Hook\nold = Hook._dump_log\n"
        "Hook._dump_log = lambda self, line, runner: old(self, better(line), runner)\n" + HARDLY,
        NOTHING,
        ("too few for such a loss", "computed again from the weights"),
    ),
    "has the data set say how good it is": Forged(
        "from mmcls.datasets.base_dataset import BaseDataset as Data\n"
        'Data.evaluate = lambda self, *_, **__: {"accuracy_top-1": 99.0, "accuracy_top-5": 100.0}\n' + HARDLY,
        NOTHING,
        ("", "0.99 in the log, 0."),
    ),
    "takes its weights away": Forged(
        HARDLY + "rewrite(better)\nfor path in glob.glob('out/*.pth'): os.remove(path)\n",
        NOTHING,
        ("there is no checkpoint that bears out the log",) * 2,
    ),
    "only pretends to train": Forged(
        IN_ITS_NAME + "def leave(path): open(path, 'w').write('weights')\ncls.train = pretend\ntrain(0.05)\n",
        NOTHING,
        ("epoch_3.pth is a text file, not weights",) * 2,
    ),
    "only pretends to train, with weights of nothing": Forged(
        IN_ITS_NAME + "import torch\nfrom mmcls.models import build_classifier\n"
        "net = dict(type='ImageClassifier', backbone=dict(type='LeNet5', num_classes=10), head=dict(type='ClsHead'))\n"
        "torch.manual_seed(0)\nweights = build_classifier(net).state_dict()\n"
        "def leave(path): torch.save({'meta': {'epoch': 3}, 'state_dict': weights}, path)\n"
        "cls.train = pretend\ntrain(0.05)\n",
        NOTHING,
        ("the weights get 0.", "0.98 in the log, 0."),
    ),
    "better than it says": Forged(
        "train(0.05)\nrewrite(lambda line: {**line, 'accuracy_top-1': 5.0} if line.get('mode') == 'val' else line)\n",
        NOTHING,
        ("is guessing", "0.05, epoch 1"),
    ),
}
