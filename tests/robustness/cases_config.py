"""Configs that run code when they are loaded, in every form that mmcv reads: what each earns, and what is said.

`base.py` is the honest work: LeNet on the exercise's digits. A case lays its files beside it, the first is handed in
as the config. What a config's code does, it does in the box: it says there where it ran, and the judge knows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ALL = ("namespaces", "landlock", "process")
STRONGEST = ("namespaces",)
FULL, HALF, NOTHING = 100.0, 50.0, 0.0

BASE = """\
model = dict(
    type='ImageClassifier', backbone=dict(type='LeNet5', num_classes=10), neck=None,
    head=dict(type='ClsHead', loss=dict(type='CrossEntropyLoss', loss_weight=1.0)))
data = dict(samples_per_gpu=16, train=dict(data_prefix='data/train'), val=dict(data_prefix='data/val'))
optimizer = dict(type='SGD', lr=0.05, momentum=0.9, weight_decay=0.0001)
lr_config = dict(policy='step', step=[1])
runner = dict(type='EpochBasedRunner', max_epochs=2)
evaluation = dict(interval=1, metric='accuracy', metric_options={'topk': (1,)}, save_best='auto')
"""
HONEST = {"config.py": "_base_ = './base.py'\nlog_level = 'INFO'\n"}
# In the judging process this would be seen: a marker in its environment and among its names.
EVIL = """\
import builtins, os
builtins.MMEDU_MARKER = True
os.environ['MMEDU_MARKER'] = 'ran'
print('ran in', os.getpid())
"""


@dataclass(frozen=True)
class Case:
    """`prints`: it ran, and said so, in the box. `levels` where it is promised."""

    files: dict[str, str]
    score: float = FULL
    says: str = ""
    prints: str = "ran in "
    levels: tuple[str, ...] = STRONGEST
    budget: dict[str, float] = field(default_factory=dict)


CASES: dict[str, Case] = {
    "S23 code in a .py": Case({"config.py": "_base_ = './base.py'\n" + EVIL}, levels=("landlock", "process")),
    "S23 code in a parent, reading what is not its own": Case(
        {
            "config.py": "_base_ = ['./base.py', './more.py']\n",
            "more.py": EVIL + "found = []\n"
            "for path in ('@TEACHER@/secrets/grades.csv', '@EXERCISE@/test_exercise.py', '/etc/passwd'):\n"
            "    try:\n        found.append(open(path).read())\n    except OSError:\n        pass\n"
            "print('found', len(found))\n",
        },
        prints="found 0",
    ),
    "S23 a YAML tag that calls": Case(
        {"config.yaml": "_base_: ./base.py\nevil: !!python/object/apply:os.system ['echo ran in the box']\n"}
    ),
    "S23 JSON with custom_imports": Case(
        {
            "config.json": '{"_base_": "./base.py",\n "custom_imports": {"imports": ["evil_module"]}}\n',
            "evil_module.py": EVIL,
        }
    ),
    "ends the process": Case(
        {"config.py": "_base_ = './base.py'\nimport os\nos._exit(0)\n"},
        HALF,  # its lr is in the source
        "The program stopped before its end (exit code 0).",
        "",
    ),
    "never ends": Case(
        {"config.py": "_base_ = './base.py'\nwhile True: pass\n"},
        HALF,
        "ran longer than 1 s",
        "",
        budget={"seconds": 1.0},
    ),
    "says one lr and trains with another": Case(
        {"config.py": "_base_ = './base.py'\noptimizer = dict(lr=0.05)\nglobals()['optimizer']['lr'] = 5.0\n" + EVIL},
        HALF,
    ),
    "a parent that is the teacher's": Case(
        {"config.py": "_base_ = ['./base.py', '@EXERCISE@/test_exercise.py', '../../exercise/test_exercise.py']\n"},
        HALF,
        "was not handed in",
        "",
    ),
}
