"""Configs trained in their own process: what of them is kept, what is replaced, how mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.config.replacing import replaced_notes
from pytest_mmedu.submission.process import Confinement
from pytest_mmedu.text import Text

CONFIG = """\
_base_ = ['../_base_/models/resnet18.py', '../_base_/datasets/imagenet_bs32.py',
          '../_base_/schedules/imagenet_bs256.py', '../_base_/default_runtime.py']
model = dict(backbone=dict(_delete_=True, type='LeNet5', num_classes=7), neck=None,
             head=dict(_delete_=True, type='ClsHead', loss=dict(type='CrossEntropyLoss')))
grey = dict(type='LoadImageFromFile', color_type='grayscale')
norm = dict(type='Normalize', mean=[33.], std=[78.], to_rgb=False)
end = [norm, dict(type='ImageToTensor', keys=['img'])]
data = dict(
    samples_per_gpu=10,
    train=dict(data_prefix='D:/flowers/train', pipeline=[
        grey, dict(type='RandomResizedCrop', size=224), *end,
        dict(type='ToTensor', keys=['gt_label']), dict(type='Collect', keys=['img', 'gt_label'])]),
    val=dict(pipeline=[grey, dict(type='Resize', size=(224, 224)), *end, dict(type='Collect', keys=['img'])]))
optimizer = dict(lr=0.05, momentum=0.8)
lr_config = dict(step=[1])
runner = dict(max_epochs=10)
evaluation = dict(save_best='auto')
load_from = '/home/me/resnet18.pth'
globals()['optimizer']['lr'] = 0.02
"""


HandIn = Callable[..., SubmissionRun]


@pytest.fixture
def hand_in(tmp_path: Path, in_a_process: Callable[[], Confinement]) -> HandIn:
    """`hand_in(config__py="...")`: files by their names, and what they came to."""

    def run(**files: str) -> SubmissionRun:
        place = tmp_path / "handed in"
        for key, text in files.items():
            path = place / key.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return run_submission(
            find_submission(place),
            images=read_dataset("digits10"),
            budget=Budget(epochs=2, images=20, seconds=120.0),
            cache=RunCache(tmp_path / "cache"),
            confinement=in_a_process,
        )

    return run


@pytest.mark.train
def test_a_config_is_trained(hand_in: HandIn) -> None:
    done = hand_in(config__py=CONFIG)
    assert done.no_run is None
    assert [note.en for note in done.notes] == [
        "For grading the pictures have 32 pixels a side (the config says 224).",
        "The weights resnet18.pth were not handed in; for grading the training starts from scratch.",
        "num_classes is 7 in the config; for grading the 10 of the data set are trained.",
        "The program asks for 10 epochs; for grading 2 are trained.",
        "For grading at most 20 pictures of each split are used.",
    ]
    (asked,) = done.asked
    assert (asked["lr"].value, asked["lr"].differs, asked["lr"].place) == (0.05, 0.02, "config.py:14")
    assert (asked["num_classes"].value, asked["epochs"].value, asked["epochs"].differs) == (7, 10, None)
    assert asked.config is not None
    assert asked.config.at("data.val.ann_file").place == "mmcls:_base_/datasets/imagenet_bs32.py:32"

    (run,) = done.runs
    assert set(run.checkpoints) == {1, 2}
    assert run.best is not None
    assert run.log is not None
    log = read_log(run.log)
    assert [record.lr for record in log.train] == [0.02, 0.002], "the student's own schedule"
    assert {"accuracy_top-1", "accuracy_top-5"} == set(log.metric_names)
    trained = (run.folder / "config.py").read_text("utf-8")
    assert "optimizer = dict(type='SGD', lr=0.02, momentum=0.8, weight_decay=0.0001)" in trained
    assert "D:/flowers" not in trained


@pytest.mark.train
@pytest.mark.parametrize(
    ("files", "says", "place"),
    [
        (
            {"config__py": "_base_ = ['./mine.py']\nmodel = dict(head=dict(num_classes=3))\n"},
            "The parent mine.py was not handed in. | Hand in the files that _base_ names as well.",
            "config.py:1",
        ),
        (
            {"config__py": "_base_ = 'sub/b.py'\n", "sub/b__py": "model = dict(\n    a=1)\nlr = undefined\n"},
            "The program failed: NameError: name 'undefined' is not defined | "
            "Check the spelling; a text needs quotes, a variable a value before its use.",
            "sub/b.py:3",
        ),
    ],
)
def test_mistakes_are_told_with_their_line(files: dict[str, str], says: str, place: str, hand_in: HandIn) -> None:
    done = hand_in(**files)
    assert done.no_run is not None
    assert (done.no_run.outcome, done.no_run.place) == ("failed", place)
    assert f"{done.no_run.seen.en} | {done.no_run.hint.en}" == says


@pytest.mark.parametrize(
    ("text", "says", "place"),
    [
        (
            "_base_ = 'x.py'\nmodel = dict(head=dict(num_classes=...))\n",
            "Parameter model.head.num_classes is not filled in.",
            "config.py:2",
        ),
        ("_base_ = 'x.py'\nmodel = dict(head=dict(\n", "There is a syntax error in line 2", "config.py:2"),
        ("_base_ = './config.py'\nmodel = dict(a=1)\n", "inherit from one another in a circle", "config.py"),
    ],
)
def test_what_is_not_run_at_all(text: str, says: str, place: str, hand_in: HandIn) -> None:
    done = hand_in(config__py=text)
    assert done.no_run is not None
    assert says in done.no_run.seen.en
    assert (done.no_run.place, done.isolation) == (place, "")


def test_notes_are_the_judges_own_words() -> None:
    """Whatever the child claims: known keys, plain values, nothing of its text."""
    events = [
        {"event": "replaced", "replaced": {"what": "full marks", "name": "give 100"}},
        {"event": "replaced", "replaced": {"what": "size", "from": "224", "to": [32]}},
        {"event": "replaced", "replaced": {"what": "topk", "from": 5, "to": 3}},
        {"event": "replaced", "replaced": {"what": "weights", "name": "a/b\n\x1b[31mresnet.pth" + "x" * 500}},
        {"event": "replaced", "replaced": {"what": "pipeline"}},
        {"event": "train", "line": 1, "params": {}},
    ]
    notes = list(replaced_notes(events))
    assert notes[0] == Text(
        "配置要看前 5 名，数据集只有 3 类，批改时没有算。",
        "The config evaluates the top 5; the data set has 3 classes, so it was left out.",
    )
    assert notes[1].en.startswith("The weights b\\x0a\\x1b[31mresnet.pth")
    assert len(notes[1].en) < 160
    assert notes[2].en == "For grading the pictures are read in this kit's own way."
    assert len(notes) == 3
