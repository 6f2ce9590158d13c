"""Pupils' scripts in, the parameters with their places out. Nothing is run."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mmedu.asked import Asked
from pytest_mmedu.submission.script import Written, written
from pytest_mmedu.submission.source import source_of

HEAD = "from MMEdu import MMClassification as cls\n"
OPEN = "<open>"  # left as ...
HIDDEN = "<hidden>"  # cannot be read


def read(text: str | bytes) -> Written:
    data = text.encode() if isinstance(text, str) else text
    return written(source_of(data, "homework.py"))


def summary(asked: Asked) -> dict[str, Any]:
    short = {"not filled in": OPEN, "unreadable": HIDDEN}
    return {name: short.get(value.state, value.value) for name, value in asked.values.items()}


# What a script says -> the parameters of each of its train() calls, in the order of running.
SCRIPTS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "the page's own example": (
        HEAD
        + "model = cls(backbone='LeNet')\nmodel.num_classes = 3\nmodel.load_dataset(path='../dataset/cls/hand_gray')\n"
        "model.save_fold = '../checkpoints/cls_model/hand_gray'\nmodel.train(epochs=50, validate=True)\n",
        [
            {
                "backbone": "LeNet",
                "num_classes": 3,
                "dataset": "../dataset/cls/hand_gray",
                "save_fold": "../checkpoints/cls_model/hand_gray",
                "epochs": 50,
                "validate": True,
            }
        ],
    ),
    "everything default": (HEAD + "m = cls()\nm.train()", [{}]),
    "whole module": (
        "import MMEdu\nm = MMEdu.MMClassification('ResNet18')\nm.train(lr=1e-3)",
        [{"backbone": "ResNet18", "lr": 0.001}],
    ),
    "module with an alias": ("import MMEdu as mm\nmm.MMClassification().train(epochs=1)", [{"epochs": 1}]),
    "star": ("from MMEdu import *\nmodel = MMClassification('LeNet')\nmodel.train()", [{"backbone": "LeNet"}]),
    "kit's own package": (
        "from pytest_mmedu.mmedu import MMClassification\nMMClassification('LeNet', 3).train()",
        [{"backbone": "LeNet", "num_classes": 3}],
    ),
    "a bare number is the seed": (HEAD + "m = cls()\nm.train(10)", [{"random_seed": 10}]),
    "several positional": (
        HEAD + "m = cls()\nm.train(7, 'out', False, True, 'cpu')",
        [{"random_seed": 7, "save_fold": "out", "distributed": False, "validate": True, "device": "cpu"}],
    ),
    "constructor positional": (
        HEAD + "cls('MobileNet', 5, 'data').train()",
        [{"backbone": "MobileNet", "num_classes": 5, "dataset": "data"}],
    ),
    "as many classes as the data": (HEAD + "cls(num_classes=-1).train()", [{"num_classes": None}]),
    "load_dataset positional": (HEAD + "m = cls()\nm.load_dataset('data')\nm.train()", [{"dataset": "data"}]),
    "dataset as attribute": (HEAD + "m = cls()\nm.dataset_path = 'data'\nm.train()", [{"dataset": "data"}]),
    "variables": (
        HEAD + "lr = 1e-2\nepochs = 2 * 5\nm = cls()\nm.train(lr=lr, epochs=epochs)",
        [{"lr": 0.01, "epochs": 10}],
    ),
    "arithmetic": (
        HEAD + "n = 64\nm = cls()\nm.train(batch_size=n // 4, lr=0.1 / n * 2, epochs=-(-n) % 60)",
        [{"batch_size": 16, "lr": 0.1 / 64 * 2, "epochs": 4}],
    ),
    "names in capitals, several at once": (
        HEAD + "EPOCHS, LR = 5, 0.05\nm = cls()\nm.train(epochs=EPOCHS, lr=LR)",
        [{"epochs": 5, "lr": 0.05}],
    ),
    "added to": (HEAD + "epochs = 5\nepochs += 5\ncls().train(epochs=epochs)", [{"epochs": 10}]),
    "f-string": (
        HEAD + "name = 'LeNet'\nn = 3\nm = cls(name)\nm.save_fold = f'checkpoints/{name}_{n:02d}'\nm.train()",
        [{"backbone": "LeNet", "save_fold": "checkpoints/LeNet_03"}],
    ),
    "paths joined": (
        HEAD + "import os\nm = cls()\nm.load_dataset(path=os.path.join('data', 'cls'))\nm.train()",
        [{"dataset": "data/cls"}],
    ),
    "int of a text": (HEAD + "cls().train(epochs=int('10'), lr=float('1e-3'))", [{"epochs": 10, "lr": 0.001}]),
    "settings in a dict": (
        HEAD + "settings = {'lr': 0.1, 'epochs': 3}\ncls().train(**settings)",
        [{"lr": 0.1, "epochs": 3}],
    ),
    "settings in dict()": (
        HEAD + "s = dict(lr=0.1)\ns['epochs'] = 4\ncls().train(batch_size=8, **s)",
        [{"batch_size": 8, "lr": 0.1, "epochs": 4}],
    ),
    "kwargs that nobody knows": (
        HEAD + "import json\ncls().train(lr=0.1, **json.load(open('s.json')))",
        [
            {
                "lr": 0.1,
                **dict.fromkeys(
                    "random_seed save_fold distributed validate device metric save_best optimizer epochs weight_decay "
                    "checkpoint batch_size topk nproc".split(),
                    HIDDEN,
                ),
            }
        ],
    ),
    "computed": (
        HEAD + "import random\ncls().train(lr=random.random(), epochs=int(input()))",
        [{"lr": HIDDEN, "epochs": HIDDEN}],
    ),
    "not filled in": (
        HEAD + "m = cls(backbone=...)\nm.load_dataset(path=...)\nm.num_classes = ...\nm.train(lr=..., epochs=10)",
        [{"backbone": OPEN, "dataset": OPEN, "num_classes": OPEN, "lr": OPEN, "epochs": 10}],
    ),
    "not filled in, in a variable": (HEAD + "lr = ...\ncls().train(lr=lr / 2)", [{"lr": OPEN}]),
    "not filled in, underscores": (HEAD + "cls().train(lr=____)", [{"lr": OPEN}]),
    "model not filled in": (
        HEAD + "model = ...\nmodel.train(epochs=3)",
        [{"backbone": OPEN, "num_classes": HIDDEN, "dataset": HIDDEN, "epochs": 3}],
    ),
    "functions from __main__": (
        HEAD + "def only_train():\n    model = cls(backbone='LeNet')\n    model.train(epochs=10)\n"
        "def continue_train():\n    model = cls(backbone='LeNet')\n    model.train(epochs=5, checkpoint='a.pth')\n"
        "if __name__ == '__main__':\n    only_train()\n    # continue_train()\n",
        [{"backbone": "LeNet", "epochs": 10}],
    ),
    "both functions": (
        HEAD + "def only_train():\n    cls().train(epochs=10)\ndef continue_train():\n    cls().train(epochs=5)\n"
        "if __name__ == '__main__':\n    continue_train()\n    only_train()\n",
        [{"epochs": 5}, {"epochs": 10}],
    ),
    "function with arguments": (
        HEAD + "def run(lr, epochs=3, *, bs=8):\n    cls().train(lr=lr, epochs=epochs, batch_size=bs)\n"
        "run(0.1)\nrun(0.01, 4, bs=16)\n",
        [{"lr": 0.1, "epochs": 3, "batch_size": 8}, {"lr": 0.01, "epochs": 4, "batch_size": 16}],
    ),
    "model made in a function": (
        HEAD
        + "def build():\n    m = cls('LeNet')\n    m.num_classes = 10\n    return m\nm = build()\nm.train(epochs=2)",
        [{"backbone": "LeNet", "num_classes": 10, "epochs": 2}],
    ),
    "model as a global": (
        HEAD + "m = cls()\ndef run():\n    m.num_classes = 4\n    m.train(epochs=EPOCHS)\nEPOCHS = 6\nrun()",
        [{"num_classes": 4, "epochs": 6}],
    ),
    "global statement": (
        HEAD + "lr = 1\ndef smaller():\n    global lr\n    lr = lr / 10\nsmaller()\ncls().train(lr=lr)",
        [{"lr": 0.1}],
    ),
    "loop over values": (
        HEAD + "for lr in [0.1, 0.01]:\n    cls().train(lr=lr, epochs=1)",
        [{"lr": 0.1, "epochs": 1}, {"lr": 0.01, "epochs": 1}],
    ),
    "loop with an end": (
        HEAD + "for i in range(10):\n    if i == 1:\n        break\n    cls().train(epochs=i + 1)",
        [{"epochs": 1}],
    ),
    "loop of unknown length": (
        HEAD + "lr = 1\nwhile good():\n    lr = lr / 10\n    cls().train(lr=lr)",
        [{"lr": HIDDEN}],
    ),
    "condition nobody knows": (
        HEAD + "import torch\ndevice = 'cuda' if torch.cuda.is_available() else 'cpu'\n"
        "if torch.cuda.is_available():\n    n = 1\n    k = 2\nelse:\n    n = 1\n    k = 3\n"
        "cls().train(device=device, epochs=n, batch_size=k)",
        [{"device": HIDDEN, "epochs": 1, "batch_size": HIDDEN}],
    ),
    "attribute under a condition": (
        HEAD + "import os\nm = cls('LeNet')\nif os.name == 'nt':\n    m.num_classes = 3\nm.train()",
        [{"backbone": "LeNet", "num_classes": HIDDEN}],
    ),
    "condition that is known": (
        HEAD + "a = 'b'\nif a == 'b' and not False:\n    cls().train(epochs=1)\nelse:\n    cls().train(epochs=9)",
        [{"epochs": 1}],
    ),
    "after exit": (HEAD + "import sys\ncls().train(epochs=1)\nsys.exit()\ncls().train(epochs=2)", [{"epochs": 1}]),
    "exit in a lambda": (HEAD + "import os\nlater = lambda: os._exit(0)\ncls().train(epochs=1)", [{"epochs": 1}]),
    "training in a lambda": (HEAD + "go = lambda n: cls().train(epochs=n)\ngo(3)", [{"epochs": HIDDEN}]),
    "exit on one way only": (
        HEAD + "import os\nif not os.path.exists('data'):\n    exit()\ncls().train(epochs=1)",
        [{"epochs": 1}],
    ),
    "try": (HEAD + "try:\n    cls().train(epochs=1)\nexcept Exception as e:\n    print(e)\n", [{"epochs": 1}]),
    "with": (HEAD + "with open('x') as f:\n    cls().train(epochs=1)\n", [{"epochs": 1}]),
    "return value kept": (HEAD + "log = cls().train(epochs=1)\nprint(log)", [{"epochs": 1}]),
    "two results at once": (HEAD + "a, b = cls().train(epochs=1), 2", [{"epochs": 1}]),
    "list comprehension": (HEAD + "logs = [cls().train(lr=x) for x in values()]", [{"lr": HIDDEN}]),
    "in a class": (
        HEAD + "class Homework:\n    def __init__(self):\n        self.m = cls('LeNet')\n    def go(self):\n"
        "        self.m.train(epochs=2)\nHomework().go()",
        [{"epochs": 2, "backbone": HIDDEN, "num_classes": HIDDEN, "dataset": HIDDEN}],
    ),
    "handed to a thread": (
        HEAD + "import threading\ndef go():\n    cls().train(epochs=2)\nthreading.Thread(target=go).start()",
        [{"epochs": 2}],
    ),
    "commented out": (
        HEAD + "m = cls()\n# m.train(epochs=100)\nm.train(epochs=1)  # m.train(epochs=50)",
        [{"epochs": 1}],
    ),
    "Chinese comments and texts": (
        HEAD + "# 作业\n模型 = cls(backbone='LeNet')  # 实例化\n学习率 = 0.01\n模型.train(lr=学习率)\nprint('好！')",
        [{"backbone": "LeNet", "lr": 0.01}],
    ),
    "tabs and Windows lines": (
        HEAD + "def go():\r\n\tm = cls()\r\n\tm.train(epochs=1)\r\n\r\ngo()\r\n",
        [{"epochs": 1}],
    ),
    "Windows path": (
        HEAD + "m = cls()\nm.load_dataset(path=r'D:\\data\\cls')\nm.train()",
        [{"dataset": "D:\\data\\cls"}],
    ),
    "attribute wins over argument": (
        HEAD + "m = cls()\nm.save_fold = 'a'\nm.train(save_fold='b')",
        [{"save_fold": "a"}],
    ),
    "metrics and ranks": (
        HEAD + "cls().train(metric=['accuracy', 'recall'], topk=(1, 5))",
        [{"metric": ["accuracy", "recall"], "topk": (1, 5)}],
    ),
    "wrong types are shown as they are": (HEAD + "cls().train(lr='0.1', epochs=1.5)", [{"lr": "0.1", "epochs": 1.5}]),
    "another task of MMEdu": ("from MMEdu import MMDetection as det\nm = det('SSD')\nm.train(epochs=3)", []),
    "a torch model": ("import torch\nnet = torch.nn.Linear(1, 1)\nnet.train()", []),
    "no training": (HEAD + "print('hello')", []),
    "walrus": (HEAD + "cls().train(epochs=(n := 3), batch_size=n)", [{"epochs": 3, "batch_size": 3}]),
    "endless recursion": (HEAD + "def f():\n    f()\n    cls().train(epochs=1)\nf()", [{"epochs": 1}]),
    "a range that nobody can walk": (HEAD + "cls().train(epochs=min(range(10 ** 12)))", [{"epochs": HIDDEN}]),
    "a search in such a range": (HEAD + "cls().train(epochs=5 if 0.5 in range(10 ** 12) else 6)", [{"epochs": HIDDEN}]),
    "a list of such a range": (HEAD + "cls().train(epochs=len(list(range(10 ** 30))))", [{"epochs": HIDDEN}]),
    "a range of a few": (HEAD + "cls().train(epochs=max(range(2, 7)))", [{"epochs": 6}]),
    "rounded to billions of digits": (HEAD + "cls().train(epochs=round(1, -10 ** 9))", [{"epochs": HIDDEN}]),
    "rounded": (HEAD + "cls().train(epochs=round(5.2), lr=round(0.0512, 2))", [{"epochs": 5, "lr": 0.05}]),
    "a number that would fill the memory": (HEAD + "cls().train(epochs=10 ** 10 ** 10)", [{"epochs": HIDDEN}]),
    "a text that would fill the memory": (HEAD + "cls().train(save_fold='a' * 10 ** 12)", [{"save_fold": HIDDEN}]),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_asks_for(name: str) -> None:
    text, wanted = SCRIPTS[name]
    assert [summary(asked) for asked in read(text).asked] == wanted


PLACES = {
    "value in the call": (HEAD + "m = cls()\nm.train(\n    lr=0.1,\n    epochs=3)", {"lr": 4, "epochs": 5}),
    "value in a variable": (HEAD + "lr = 0.1\nm = cls()\nm.train(lr=lr)", {"lr": 2}),
    "value of a default": (HEAD + "def go(lr=0.1):\n    cls().train(lr=lr)\ngo()", {"lr": 2}),
    "value in a dict": (HEAD + "s = {\n  'lr': 0.1,\n}\ncls().train(**s)", {"lr": 3}),
    "left open in a variable": (HEAD + "lr = ...\ncls().train(lr=lr)", {"lr": 2}),
    "attribute": (HEAD + "m = cls('LeNet')\nm.num_classes = 3\nm.train()", {"backbone": 2, "num_classes": 3}),
}


@pytest.mark.parametrize("name", PLACES)
def test_a_value_has_the_place_where_it_is_written(name: str) -> None:
    text, wanted = PLACES[name]
    (asked,) = read(text).asked
    assert {key: value.place for key, value in asked.values.items()} == {
        key: f"homework.py:{line}" for key, line in wanted.items()
    }


def test_unknown_names_with_their_places() -> None:
    text = HEAD + "m = cls(depth=18)\nm.lr = 0.1\nm.train(\n  work_dir='x',\n  epochs=3)"
    (asked,) = read(text).asked
    assert asked.unknown == {"depth": "homework.py:2", "model.lr": "homework.py:3", "work_dir": "homework.py:5"}
    assert asked.place == "homework.py:4"
    assert asked["lr"].state == "default"


def test_a_misspelt_attribute_is_unknown_and_one_of_ones_own_is_not() -> None:
    (asked,) = read(HEAD + "m = cls()\nm.save_flod = 'a'\nm.title = 'mine'\nm.train(epochs=3)").asked
    assert asked.unknown == {"model.save_flod": "homework.py:3"}


def test_what_belongs_to_the_model_is_unknown_to_train() -> None:
    (asked,) = read(HEAD + "cls().train(num_classes=3)").asked
    assert asked.unknown == {"num_classes": "homework.py:2"}
    assert asked["num_classes"].state == "default"


def test_more_positional_arguments_than_train_has() -> None:
    (asked,) = read(HEAD + f"cls().train({', '.join('0' * 16)})").asked
    assert asked.unknown == {"#16": "homework.py:2"}


def test_training_in_a_function_that_nobody_calls() -> None:
    program = read(HEAD + "def go():\n    cls('LeNet').train(epochs=4)\n")
    assert program.reading.calls == ()
    assert [summary(asked) for asked in program.asked] == [{"backbone": "LeNet", "epochs": 4}]


def test_dots_instead_of_the_training() -> None:
    program = read(HEAD + "m = cls()\n...  # train here\n")
    assert program.blank_places == ("homework.py:3",)


def test_dots_beside_a_training_mean_nothing() -> None:
    assert read(HEAD + "...\ncls().train()").blank_places == ()


def test_a_very_long_program_is_read_to_a_bound() -> None:
    loops = "".join(f"{' ' * depth}for i{depth} in range(40):\n" for depth in range(8))
    assert len(read(HEAD + loops + " " * 8 + "cls().train()").asked) == 200


def test_one_very_long_expression_does_not_hide_the_rest() -> None:
    program = read(HEAD + "n = " + "+".join(["1"] * 700) + "\ncls('LeNet').train(epochs=n)")
    assert [summary(asked) for asked in program.asked] == [{"backbone": "LeNet", "epochs": HIDDEN}]


@pytest.mark.parametrize("line", ["x = {1, 2}\n", "x = {f(1) for f in (abs,)}\n", "x = [1]\n" + "x = [x, x]\n" * 40])
def test_sets_and_lists_that_double_stop_no_reading(line: str) -> None:
    (asked,) = read(HEAD + line + "cls().train(lr=0.2)\n").asked
    assert asked["lr"].value == 0.2
