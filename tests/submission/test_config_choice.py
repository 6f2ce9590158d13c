"""Which file of an untidy folder is the config, and when a program comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.submission import find_submission
from pytest_mmedu.text import Text

MODEL = "model = dict(head=dict(num_classes=5))\n"
FULL = "_base_ = ['./base.py']\n" + MODEL
OPEN = FULL.replace("5", "...")
TRAINS = "from MMEdu import MMClassification as cls\ncls('config.py').train(epochs=3)\n"
BROKEN = "_base_ = ['./base.py'\n" + MODEL


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("files", "script", "taken"),
    [
        ({"config.py": FULL}, None, ("config.py", "config")),
        ({"config.py": OPEN}, "config.py", ("config.py", "config")),
        ({"config.py": BROKEN}, "config.py", ("config.py", "config")),
        ({"图像 分类/我的 配置.py": MODEL}, None, ("图像 分类/我的 配置.py", "config")),
        ({"config.py": FULL, "base.py": MODEL, "split_data.py": "print(1)\n"}, None, ("config.py", "config")),
        ({"config.py": FULL, "split_data.py": "print(1\n"}, None, ("config.py", "config")),
        ({"config.py": FULL, "homework.py": TRAINS}, None, ("homework.py", "script")),
        ({"config.py": FULL, "homework.py": TRAINS}, "homework.py", ("homework.py", "script")),
        ({"config.py": FULL, "homework.py": TRAINS}, "config.py", ("config.py", "config")),
        ({"a.py": MODEL, "b.py": FULL.replace("./base", "./a")}, None, ("b.py", "config")),
        ({"a.py": OPEN, "b.py": FULL}, None, ("b.py", "config")),
        ({"base.py": MODEL, "a.json": '{"_base_": "./base.py"}'}, None, ("a.json", "config")),
        ({"a.json": '{"model": {}, "data": {}}', "b.json": '{"score": 1}'}, None, ("a.json", "config")),
        ({"b.json": '{"model": 3}', "homework.py": "print(1)\n"}, None, ("homework.py", "script")),
        ({"train.py": "from mmcv.runner import x\n" + MODEL + "x(model)\n"}, None, ("train.py", "script")),
        ({"train.py": MODEL + "if __name__ == '__main__':\n    print(model)\n"}, None, ("train.py", "script")),
        ({"new.py": "with read_base():\n    from .a import *\nlr = 1\n"}, None, ("new.py", "config")),
    ],
)
def test_taken(files: dict[str, str], script: str | None, taken: tuple[str, str], tmp_path: Path) -> None:
    found = find_submission(put(tmp_path, files), script=script)
    assert (found.source_name, found.kind) == taken


def test_the_source_is_taken_and_not_what_a_training_wrote_down(tmp_path: Path) -> None:
    dump = MODEL + "gpu_ids = [0]\nwork_dir = 'work_dirs/a'\n"
    files = {"work_dirs/a/flower.py": dump, "work_dirs/a/1.log.json": "{}", "zz/deep/er/flower.py": FULL}
    found = find_submission(put(tmp_path, files))
    assert found.source_name == "zz/deep/er/flower.py"
    assert found.notes == (
        Text(
            "批改的配置是 zz/deep/er/flower.py（它写有 _base_，别的是训练时存下的），没有看 work_dirs/a/flower.py。",
            "The config zz/deep/er/flower.py is graded (it has a _base_, the others are what a training wrote down); "
            "not looked at: work_dirs/a/flower.py.",
        ),
    )
    put(tmp_path, {"zz/deep/er/flower.py": "print(1)\n"})
    assert find_submission(tmp_path).source_name == "work_dirs/a/flower.py"


def test_one_file(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": FULL, "b.yaml": "model: 1\n"})
    found = find_submission(tmp_path / "a.py")
    assert (found.kind, found.alone) == ("config", True)
