"""A config read without being run: values with their places, parents merged as mmcv does it, hostile ones refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pytest_mmedu.config_tree import ConfigTree, Found, leaves, plain, tree_of
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission import find_submission, read_asked
from pytest_mmedu.submission.config.parents import read_config
from pytest_mmedu.text import Text

PARENT = """\
model = dict(type='A', backbone=dict(type='ResNet', depth=18), head=dict(num_classes=1000, topk=(1, 5)))
optimizer = dict(type='SGD', lr=0.1, momentum=0.9)
steps = [30, 60]
"""
needs_mmcls = pytest.mark.train  # the configs that come with mmcls


def read(folder: Path, **files: str) -> ConfigTree:
    """`config__py="…"` is the config, the others lie beside it."""
    for key, text in files.items():
        path = folder / key.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    first = next(iter(files)).replace("__", ".")
    return read_config(folder / first, folder)


def refusal(folder: Path, **files: str) -> str:
    with pytest.raises(SubmissionError) as caught:
        read(folder, **files)
    assert caught.value.place is not None
    return caught.value.seen.en


def test_values_with_their_places(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        config__py="import os\nlr = 0.1 / 4\nn = 5\nmodel = dict(\n    head=dict(num_classes=n,\n"
        "              topk=(1, )),\n    backbone={'type': 'ResNet', 'depth': 10 + 8})\n"
        "optimizer = dict(lr=lr)\ndel n\n",
    )
    assert config.at("optimizer.lr") == Found("given", 0.025, "config.py:2")
    assert config.at("model.head.num_classes") == Found("given", 5, "config.py:3")
    assert config.at("model.head.topk") == Found("given", (1,), "config.py:6")
    assert config.at("model.backbone") == Found("given", {"type": "ResNet", "depth": 18}, "config.py:7")
    assert config.at("model.neck.type").state == "missing"
    assert list(config.root.entries) == ["lr", "model", "optimizer"]


def test_parents_are_merged_as_mmcv_does(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        config__py="_base_ = ['./parent.py', 'sub/more.py']\nmodel = dict(head=dict(num_classes=3))\nsteps = [5]\n"
        "optimizer = dict(_delete_=True, type='Adam', lr=0.001)\nsame = {{ _base_.model.backbone.depth }}\n"
        "also = _base_.log.interval\n",
        parent__py=PARENT,
        **{"sub/more__py": "log = dict(interval=10)\n"},
    )
    assert config.at("model.head") == Found("given", {"num_classes": 3, "topk": (1, 5)}, "config.py:2")
    assert config.at("model.backbone.depth") == Found("given", 18, "parent.py:1")
    assert config.at("optimizer").value == {"type": "Adam", "lr": 0.001}
    assert config.at("steps").value == [5]
    assert config.at("same").value == 18
    assert config.at("also") == Found("given", 10, "sub/more.py:1")
    assert config.unknown == ()


def test_what_an_unknown_parent_may_say_is_not_known(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        config__py="_base_ = ['./parent.py', './gone.py']\nmodel = dict(head=dict(num_classes=3))\n"
        "data = dict(train=dict(prefix='a'), val=dict(_delete_=True, prefix='b'), lines=[dict(a=1)])\n",
        parent__py=PARENT,
    )
    why = Text("继承自 ./gone.py，没有交，不知道", "inherited from ./gone.py, which was not handed in: unknown")
    assert config.unknown == ("./gone.py",)
    assert config.at("runner.max_epochs") == Found("unreadable", None, "config.py", why)
    assert config.at("data.train.ann_file") == Found("unreadable", None, "config.py:3", why)
    assert config.at("data.train.prefix").value == "a"
    assert config.at("data.val.ann_file").state == "missing"
    assert config.at("data.lines.0.b").state == "missing"
    assert config.at("model.head.other").state == "missing", "its parent is there"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a = [dict(x=1), dict(x=2)]\nk = a + [dict(x=3)]\n", [{"x": 1}, {"x": 2}, {"x": 3}]),
        ("a = [dict(x=1)]\nk = [*a, dict(y=2)]\n", [{"x": 1}, {"y": 2}]),
        ("a = [dict(x=1)]\na += [dict(y=2)]\nk = a[1]\n", {"y": 2}),
        ("m = [3.4, 2.6, 1]\nk = [round(x) for x in m[::-1]]\n", [1, 3, 3]),
        ("n = dict(mean=[1], std=[2])\nk = dict(type='N', **n)\n", {"type": "N", "mean": [1], "std": [2]}),
        ("k = dict({'.a': 1}, b=2)\n", {".a": 1, "b": 2}),
        ("k = dict(a=1)\nk.update(dict(b=2), c=3)\n", {"a": 1, "b": 2, "c": 3}),
        ("k = dict(a=1, b=2)\nk['a'] = 5\nk.pop('b')\n", {"a": 5}),
        ("k = [dict(a=1)]\nk[0]['a'] = 2\nk.append(dict(b=1))\n", [{"a": 2}, {"b": 1}]),
        ("k = []\nfor i in range(3):\n    k = k + [i]\n", [0, 1, 2]),
        ("if True:\n    k = 1\nelse:\n    k = 2\n", 1),
        ("def f(x):\n    return dict(a=x)\nk = f(3)\n", {"a": 3}),
        ("n = 3\nk = f'epoch_{n}.pth'\n", "epoch_3.pth"),
        ("from mmpretrain.models import ResNet\nk = dict(type=ResNet)\n", {"type": "ResNet"}),
    ],
)
def test_what_configs_do_with_values(text: str, value: object, tmp_path: Path) -> None:
    assert read(tmp_path, config__py=text).at("k").value == value


@pytest.mark.parametrize(
    "text",
    [
        "import random\nk = random.random()\n",
        "k = open('lr.txt').read()\n",
        "k = [3, 1]\nk.sort()\n",
        "k = dict(a=1)\nk.setdefault('b', 2)\n",
        "import os\nk = 1\nif os.environ.get('X'):\n    k = 2\n",
        "k = '{{ fileDirname }}/x'\n",
        "k = {{ _base_.nothing }}\n",
        "k = {1, 2}\n",
        "a = [dict(x=1)]\n" + "a = a + a\n" * 40 + "k = a\n",
        "m = range(50)\nk = [[[[x for x in m] for y in m] for z in m] for w in m]\n",
        "k = 9 ** 9 ** 9\n",
    ],
)
def test_what_cannot_be_read_is_said_to_be_unreadable(text: str, tmp_path: Path) -> None:
    found = read(tmp_path, config__py=text).at("k")
    assert (found.state, found.value) == ("unreadable", None)


@pytest.mark.parametrize("again", ["dict(x=a, y=a)", "[a, a]"])
def test_more_than_any_config_holds(again: str, tmp_path: Path) -> None:
    assert (
        refusal(tmp_path, config__py="a = 1\n" + f"a = {again}\n" * 40) == "config.py holds more than any config does."
    )


def test_blanks_of_a_starter(tmp_path: Path) -> None:
    config = read(tmp_path, config__py="model = dict(head=dict(num_classes=...))\nlr = ____\nsteps = [..., 60]\n")
    assert [path for path, _ in config.blanks()] == ["model.head.num_classes", "lr", "steps"]


def test_json_with_lines_and_yaml_without_its_tags(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    marker = tmp_path / "marker"
    base = json.dumps({"model": {"head": {"num_classes": 6, "topk": None}}, "x": [True, 1e-3]}, indent=1)
    config = read(
        tmp_path,
        config__yaml=f"_base_: base.json\nmodel:\n  head:\n    num_classes: 7\n"
        f"evil: !!python/object/apply:os.system ['touch {marker}']\nalias: &a [1]\nagain: *a\n",
        base__json=base,
    )
    assert config.at("model.head.num_classes") == Found("given", 7, "config.yaml:4")
    assert config.at("model.head.topk") == Found("given", None, "base.json:5")
    assert config.at("x").value == [True, 0.001]
    assert config.at("evil").state == "unreadable"
    assert config.at("again").value == [1]
    assert not marker.exists()


def test_a_billion_laughs(tmp_path: Path) -> None:
    pytest.importorskip("yaml")
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert "holds more than any config does" in refusal(tmp_path, config__yaml="\n".join(lines) + "\n")


def test_parents_in_a_circle(tmp_path: Path) -> None:
    seen = refusal(tmp_path, a__py="_base_ = 'b.py'\n", b__py="_base_ = ['./a.py']\n")
    assert seen == "The configs inherit from one another in a circle: a.py → b.py → a.py."


def test_two_hundred_parents(tmp_path: Path) -> None:
    chain = {f"p{n}__py": f"_base_ = 'p{n + 1}.py'\n" for n in range(200)}
    assert refusal(tmp_path, **chain) == "The config has too many parents."
    wide = {"wide__py": f"_base_ = {[f'p{n}.py' for n in range(100, 200)]}\n"}
    assert refusal(tmp_path, **wide) == "The config has too many parents."


def test_a_syntax_error_in_a_parent_is_placed_there(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        read(tmp_path, config__py="_base_ = 'parent.py'\n", parent__py="a = 1\nb = dict(\n  c=1,\nd = 2\n")
    assert caught.value.place is not None
    assert caught.value.place.startswith("parent.py:")


@pytest.mark.parametrize("nested", ["dict(a=" * 90 + "1" + ")" * 90, "[" * 90 + "dict()" + "]" * 90])
def test_too_deep(nested: str, tmp_path: Path) -> None:
    assert "nested too deeply" in refusal(tmp_path, config__py=f"model = {nested}\n")


def test_a_dict_within_itself(tmp_path: Path) -> None:
    assert "nested too deeply" in refusal(tmp_path, config__py="a = dict(b=1)\na['c'] = a\n")


@pytest.mark.parametrize("parent", ["../secret.py", "/etc/passwd", "../../../etc/hosts.py", "link.py", "folder/x.py"])
def test_nothing_outside_of_the_submission_is_read(parent: str, tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("expected = 4711\n", encoding="utf-8")
    folder = tmp_path / "handed_in"
    folder.mkdir()
    if os.name != "nt":
        (folder / "link.py").symlink_to(tmp_path / "secret.py")
        (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    config = read(folder, config__py=f"_base_ = {parent!r}\na = 1\n")
    assert config.unknown == (parent,)
    assert config.at("expected").state == "unreadable"
    assert "4711" not in str(list(leaves(config.root)))


def test_one_file_alone_does_not_read_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT, encoding="utf-8")
    (tmp_path / "config.py").write_text("_base_ = './parent.py'\nmodel = dict(head=dict())\n", encoding="utf-8")
    (asked,) = read_asked(find_submission(tmp_path / "config.py"))
    assert asked["lr"].state == "unreadable"
    (asked,) = read_asked(find_submission(tmp_path))
    assert (asked["lr"].value, asked["lr"].place) == (0.1, "parent.py:2")


def test_what_an_older_config_asks_for(tmp_path: Path) -> None:
    text = PARENT + "data = dict(samples_per_gpu=16)\nevaluation = dict(metric=['accuracy', 'recall'])\nseed = 7\n"
    (asked,) = read_asked_of(tmp_path, text + "runner = dict(max_epochs=10)\nload_from = 'a.pth'\n")
    found = {name: (value.value, value.state) for name, value in asked.values.items()}
    assert found == {
        "lr": (0.1, "given"),
        "epochs": (10, "given"),
        "batch_size": (16, "given"),
        "optimizer": ("SGD", "given"),
        "checkpoint": ("a.pth", "given"),
        "metric": (("accuracy", "recall"), "given"),
        "save_best": (None, "default"),
        "topk": ((1, 5), "default"),
        "num_classes": (1000, "given"),
        "random_seed": (7, "given"),
        "weight_decay": (0, "default"),
        "validate": (True, "default"),
        "backbone": ("ResNet18", "given"),
    }
    assert asked.config is not None


def test_what_a_newer_config_asks_for(tmp_path: Path) -> None:
    (asked,) = read_asked_of(
        tmp_path,
        "model = dict(backbone=dict(type='VGG'), head=dict(num_classes=4))\ntrain_dataloader = dict(batch_size=8)\n"
        "optim_wrapper = dict(optimizer=dict(type='AdamW', lr=1e-3))\ntrain_cfg = dict(max_epochs=5)\n"
        "val_evaluator = dict(type='Accuracy')\nrandomness = dict(seed=3)\nwork_dir = 'out'\n"
        "default_hooks = dict(checkpoint=dict(save_best='accuracy/top1'))\n",
    )
    names = ("lr", "epochs", "batch_size", "optimizer", "weight_decay", "metric", "save_best", "topk", "random_seed")
    assert [asked[name].value for name in names] == [1e-3, 5, 8, "AdamW", 0.01, "accuracy", "accuracy_top-1", (1,), 3]
    assert (asked["save_fold"].value, asked["backbone"].value) == ("out", "config.py")


def read_asked_of(folder: Path, text: str) -> tuple:  # type: ignore[type-arg]
    (folder / "config.py").write_text(text, encoding="utf-8")
    return read_asked(find_submission(folder))


def test_plain_data_and_back() -> None:
    value = {"a": [1, {"b": (2, "c")}], "d": None}
    assert plain(tree_of(value)) == value


@needs_mmcls
def test_parents_that_come_with_mmcls(tmp_path: Path) -> None:
    bases = [
        "../_base_/models/resnet18.py",
        "../../configs/_base_/schedules/imagenet_bs256.py",
        "mmcls::lenet/lenet5_mnist.py",
    ]
    config = read(tmp_path, config__py=f"_base_ = {bases[:2]}\nmodel = dict(head=dict(num_classes=5))\n")
    assert config.at("model.head.num_classes") == Found("given", 5, "config.py:2")
    assert config.at("lr_config.step").value == [30, 60, 90]
    place = config.at("runner.max_epochs").place
    assert place is not None
    assert place.startswith("mmcls:_base_/schedules/imagenet_bs256.py:")
    assert read(tmp_path, other__py=f"_base_ = {bases[2]!r}\n").at("model.backbone.type").value == "LeNet5"
    newer = read(tmp_path, newer__py=f"_base_ = {bases[:2]}\ntrain_cfg = dict(max_epochs=3)\n")
    assert newer.at("model.backbone.depth").value == 18
    assert newer.at("optimizer.lr").state == "unreadable", "mmpretrain's file of that name says something else"


@needs_mmcls
@pytest.mark.filterwarnings("ignore")
def test_configs_that_come_with_mmcls_are_read_as_mmcv_reads_them() -> None:
    """Every tenth of 477. All of them agree, but the few that mmcv itself cannot read and one made by an f-string."""
    import mmcls
    from mmcv import Config

    root = Path(mmcls.__file__).parent / ".mim" / "configs"
    compared = 0
    for path in sorted(root.rglob("*.py"))[::10]:
        try:
            real = Config.fromfile(str(path))._cfg_dict.to_dict()
        except (NameError, FileNotFoundError, KeyError):
            continue
        config = read_config(path, root)
        if all(leaf.state == "given" for _, leaf in leaves(config.root)):
            assert plain(config.root) == real, path.name
            compared += 1
    assert compared >= 45
