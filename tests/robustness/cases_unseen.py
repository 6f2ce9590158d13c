"""Who trained: with train() wherever it is called, with other software, or nobody, whatever a log says."""

from __future__ import annotations

from .cases import FULL, HONEST, IN_PYTORCH, NOTHING, Case

UNSEEN = (
    "The program left a training log, but no training was seen while it ran: no train(), and no gradient was computed. "
    "Without a training nobody knows what its log is worth."
)
WRITES = (
    'import json, os\nos.makedirs("out", exist_ok=True)\nwith open("out/run.log.json", "w") as log:\n'
    "    for epoch in range(1, 7):\n"
    '        row = {"mode": "train", "epoch": epoch, "iter": 1, "lr": 0.05, "loss": 2.0 / epoch}\n'
    '        log.write(json.dumps(row) + "\\n")\n'
)
# One layer, a few pictures that are numbers, and the loop of mmcv that writes its own log.
BY_THE_RUNNER = """\
import logging, torch
from mmcv.runner import EpochBasedRunner
class Line(torch.nn.Linear):
    def train_step(self, data, optimizer, **others):
        loss = (self(data) - 3).pow(2).mean()
        return {"loss": loss, "log_vars": {"loss": loss.item()}, "num_samples": 1}
torch.manual_seed(0)
model = Line(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
runner = EpochBasedRunner(model, optimizer=optimizer, work_dir="out", logger=logging.getLogger("quiet"),
                          meta={}, max_epochs=4)
runner.register_training_hooks({"policy": "fixed"}, {}, {"interval": 1},
                               {"interval": 1, "hooks": [{"type": "TextLoggerHook"}]})
runner.run([torch.utils.data.DataLoader([torch.ones(1)] * 2)], [("train", 1)])
"""
IN_A_HELPER = "open('helper.py', 'w').write('''@HONEST@\n''')\nimport helper\n"

UNSEEN_TRAININGS: dict[str, Case] = {
    "writes its log itself": Case(WRITES, NOTHING, (UNSEEN,)),
    "writes its log itself, with the libraries loaded": Case(
        "import torch, mmcls\ntorch.ones(3).sum()\n" + WRITES, NOTHING, (UNSEEN,), trains=True
    ),
    "lets another process write": Case(
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {WRITES!r}], check=True)\n", NOTHING, (UNSEEN,)
    ),
    "a log beside the train() of something else": Case(
        "class Model:\n    def train(self, **given): pass\nModel().train(epochs=3)\n" + WRITES, NOTHING, (UNSEEN,)
    ),
    "writes its log and fails": Case(
        WRITES + "1 / 0\n", NOTHING, ("The program failed: ZeroDivisionError: division by zero",)
    ),
    "trains": Case(HONEST, FULL),
    "trains in another file": Case(IN_A_HELPER, FULL, trains=True),
    "trains in PyTorch": Case(IN_PYTORCH + WRITES, FULL, trains=True),
    "trains with the loop of mmcv": Case(BY_THE_RUNNER, FULL, trains=True),
}
