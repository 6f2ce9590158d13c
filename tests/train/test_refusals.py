"""What cannot be trained: a sentence in both languages, MMEdu's number, and no traceback of anything else."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder, Sample
from pytest_mmedu.errors import CheckpointError, DatasetError, MMEduError, OutputError, ParameterError, TrainingError
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text
from pytest_mmedu.train.devices import gpus, may_have_gpu

pytestmark = pytest.mark.train
Trained = Callable[..., Run]


def refused(trained: Trained, **given: Any) -> MMEduError:
    with pytest.raises(MMEduError) as caught:
        trained(**given)
    return caught.value


@pytest.mark.parametrize(
    ("given", "kind", "code", "zh", "en"),
    [
        (
            {"optimizer": "adam"},
            ParameterError,
            None,
            "没有名为 adam 的优化器。你是不是想写 Adam？",
            "There is no optimizer adam. Did you mean Adam?",
        ),
        (
            {"optimizer": "Zzz"},
            ParameterError,
            None,
            "没有名为 Zzz 的优化器。常用的有 SGD、Adam、Adagrad。",
            "There is no optimizer Zzz. Usual ones are SGD, Adam, Adagrad.",
        ),
        (
            {"optimizer": "LBFGS"},
            ParameterError,
            None,
            "优化器 LBFGS 要用别的训练方式，这里用不了。请换一个优化器，例如 SGD 或 Adam。",
            "Optimizer LBFGS needs another way of training and cannot be used here. Choose another one, SGD or Adam.",
        ),
        (
            {"checkpoint": "nowhere.pth"},
            CheckpointError,
            -102,
            "没有权重文件 nowhere.pth。请核对路径；训练会把 .pth 文件写进保存文件夹。",
            "There is no checkpoint nowhere.pth. Check the path; training writes .pth files to the save folder.",
        ),
        (
            {"backbone": "nowhere.py"},
            ParameterError,
            -302,
            "没有配置文件 nowhere.py。请核对路径。",
            "There is no config file nowhere.py. Check the path.",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_parameters(
    trained: Trained, given: dict[str, Any], kind: type[MMEduError], code: int | None, zh: str, en: str
) -> None:
    error = refused(trained, **given)
    assert (type(error), error.code, error.text) == (kind, code, Text(zh, en))


def test_a_gpu_that_is_not_there(trained: Trained) -> None:
    import torch

    here = gpus(torch.cuda.device_count(), for_cpu=torch.version.cuda is None)
    error = refused(trained, device="cuda:99")
    assert (type(error), error.code) == (ParameterError, -301)
    assert error.text == Text(
        f"参数 device 是 'cuda:99'，这里用不了：{here.zh}。没有 NVIDIA 显卡的电脑用 'cpu'。",
        f"Parameter device is 'cuda:99', which does not work here: {here.en}. "
        "Use 'cpu' on a computer without an NVIDIA GPU.",
    )


@pytest.mark.parametrize(
    ("count", "driver", "said"),
    [
        (0, False, Text("这台电脑没有可用的显卡", "this computer has no GPU that can be used")),
        (0, True, Text("装的是 CPU 版的 torch，用不了显卡", "this torch is built for the CPU and can use no GPU")),
        (1, True, Text("这台电脑只有 cuda:0", "this computer has only cuda:0")),
        (4, True, Text("这台电脑只有 cuda:0 到 cuda:3", "this computer has only cuda:0 to cuda:3")),
    ],
)
def test_the_gpus_of_any_computer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, count: int, driver: bool, said: Text
) -> None:
    """A driver is found by its program, which stands in the PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    program = tmp_path / ("nvidia-smi.exe" if os.name == "nt" else "nvidia-smi")
    if driver:
        program.write_text("")
        program.chmod(0o755)
    elif may_have_gpu():
        pytest.skip("this computer has traces of a GPU besides the program")
    assert gpus(count, for_cpu=True) == said


def test_weights_of_another_network(trained: Trained) -> None:
    lenet = trained()
    error = refused(trained, backbone="MobileNet", checkpoint=str(lenet.latest))
    assert type(error) is CheckpointError
    assert error.text == Text(
        "latest.pth 是另一种网络的权重。请核对 backbone。",
        "latest.pth holds the weights of another network. Check backbone.",
    )


def test_weights_of_other_classes_start_all_layers_but_the_last(trained: Trained, few: ImageFolder) -> None:
    """Fine-tuning; the log says which layers start afresh."""
    ten = trained(epochs=1)
    three = dataclasses.replace(
        few,
        classes=few.classes[:3],
        splits={name: tuple(one for one in found if one.label < 3) for name, found in few.splits.items()},
    )
    run = trained(three, checkpoint=str(ten.latest), folder="three", lr=1e-12)
    (text,) = run.folder.glob("*.log")
    assert "size mismatch, not loaded: backbone.classifier.2.weight, backbone.classifier.2.bias" in text.read_text(
        "utf-8"
    )


def test_a_cut_off_checkpoint(trained: Trained, tmp_path: Path) -> None:
    whole = trained().latest
    assert whole is not None
    cut = tmp_path / "cut.pth"
    cut.write_bytes(whole.read_bytes()[:50_000])
    error = refused(trained, checkpoint=str(cut))
    assert type(error) is CheckpointError
    assert error.text == Text(
        "cut.pth 不是可以安全读取的权重文件，可能没有传完整。请换一个 .pth 文件，或重新训练。",
        "cut.pth is not a checkpoint that can be read safely; it may have been cut off. "
        "Choose another .pth file, or train again.",
    )


def test_a_checkpoint_that_would_run_code_is_not_run(trained: Trained, tmp_path: Path) -> None:
    from pytest_mmedu.train.stack import torch

    class Trap:
        def __reduce__(self) -> Any:
            return (Path.touch, (tmp_path / "ran",))

    torch.save({"state_dict": Trap()}, tmp_path / "trap.pth")
    error = refused(trained, checkpoint=str(tmp_path / "trap.pth"))
    assert "trap.pth is not a checkpoint that can be read safely" in error.text.en
    assert not (tmp_path / "ran").exists()


def test_a_checkpoint_without_weights(trained: Trained, tmp_path: Path) -> None:
    from pytest_mmedu.train.stack import torch

    torch.save({"epoch": 3}, tmp_path / "empty.pth")
    error = refused(trained, checkpoint=str(tmp_path / "empty.pth"))
    assert error.text.zh == "empty.pth 里没有权重。请换一个 .pth 文件，或重新训练。"
    assert error.text.en == "There are no weights in empty.pth. Choose another .pth file, or train again."


def test_going_on_with_a_finished_training(trained: Trained) -> None:
    from pytest_mmedu.train import Settings

    done = trained(epochs=2)
    error = refused(trained, epochs=2, settings=Settings(resume_from=done.latest))
    assert error.text == Text(
        "latest.pth 已经训练了 2 轮。epochs 要比它大。",
        "latest.pth has been trained for 2 epochs already. epochs must be more than that.",
    )
    error = refused(trained, epochs=3, optimizer="Adam", settings=Settings(resume_from=done.latest))
    assert error.text == Text(
        "latest.pth 是用别的优化器训练的。请核对 optimizer。",
        "latest.pth was trained with another optimizer. Check optimizer.",
    )


def test_going_on_deletes_nothing_outside_the_folder(trained: Trained, tmp_path: Path) -> None:
    """mmcv removes the file that the checkpoint calls the former best, wherever it lies."""
    from pytest_mmedu.train import Settings
    from pytest_mmedu.train.stack import torch

    precious = tmp_path / "precious.txt"
    precious.write_text("keep", "utf-8")
    first = trained(epochs=1)
    assert first.latest is not None
    content = torch.load(first.latest, weights_only=True)
    content["meta"]["hook_msgs"] = {"best_score": -1.0, "best_ckpt": str(precious)}
    torch.save(content, tmp_path / "made.pth")
    trained(epochs=2, settings=Settings(resume_from=tmp_path / "made.pth"), folder="on")
    assert precious.read_text("utf-8") == "keep"


def test_bare_weights_cannot_be_continued(trained: Trained, tmp_path: Path) -> None:
    from pytest_mmedu.train import Settings
    from pytest_mmedu.train.stack import torch

    torch.save(torch.load(trained().latest, weights_only=True)["state_dict"], tmp_path / "bare.pth")
    error = refused(trained, settings=Settings(resume_from=tmp_path / "bare.pth"))
    assert error.text == Text(
        "bare.pth 只有权重，不能接着训练。用 checkpoint= 从这些权重重新开始训练。",
        "bare.pth holds weights only and cannot be continued. Use checkpoint= to start anew from these weights.",
    )
    assert trained(checkpoint=str(tmp_path / "bare.pth"), folder="again").latest is not None


@pytest.mark.parametrize("cached", [True, False], ids=["kept", "read anew"])
def test_a_damaged_picture(trained: Trained, few: ImageFolder, tmp_path: Path, cached: bool) -> None:
    from pytest_mmedu.train import Settings

    damaged = tmp_path / "7.png"
    damaged.write_bytes(few.splits["training_set"][0].path.read_bytes()[:20])
    splits = {**few.splits, "training_set": (*few.splits["training_set"], Sample(damaged, 3))}
    error = refused(trained, images=dataclasses.replace(few, splits=splits), settings=Settings(cache_pictures=cached))
    assert (type(error), error.code, error.place) == (DatasetError, -201, str(damaged))
    assert error.text == Text(
        "图片 7.png 读不了，可能已损坏。请换一张图片，或把它删掉。",
        "Picture 7.png cannot be read; it may be damaged. Replace it or remove it.",
    )


def test_a_folder_that_cannot_be_written(few: ImageFolder, tmp_path: Path) -> None:
    from pytest_mmedu.params import TrainParams
    from pytest_mmedu.train import train

    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    with pytest.raises(OutputError) as caught:
        train(TrainParams(), few, blocked / "run")
    assert caught.value.seen == Text(
        f"不能写入 {blocked / 'run'}：那里有一个同名的文件。",
        f"Cannot write to {blocked / 'run'}: a file of that name is in the way.",
    )
    assert caught.value.todo == Text("请换一个保存位置。", "Choose another place to save.")


def test_too_little_room_is_said_before_the_training(trained: Trained) -> None:
    """ResNet18 with its optimizer takes 85 MB per checkpoint; no disk holds ten million epochs of it."""
    error = refused(trained, backbone="ResNet18", epochs=10**7)
    assert type(error) is OutputError
    assert error.text.en.startswith("This training needs about 8")
    assert error.text.en.endswith(" MB are left. Free some space, or save elsewhere.")
    assert error.text.zh.startswith("这次训练约需 8")
    assert error.text.zh.endswith(" MB。请清理磁盘，或换一个保存位置。")


_ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from pytest_mmedu.dataset import find_dataset, read_dataset
from pytest_mmedu.errors import OutputError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.train import disk, train

images, out = read_dataset(find_dataset("digits10")), Path(sys.argv[1])
for epochs in (3, 2):
    try:
        train(TrainParams(epochs=epochs), images, out / "run")
    except OutputError as error:
        print(error.text.zh, error.text.en, sep="\\n")
    # the second time there seems to be room, but another program takes it in the meantime
    refuse, ballast = disk.refuse_full, out / "ballast"
    disk.refuse_full = lambda *_: ballast.write_bytes(bytes(1_300_000))
print(sorted(path.name for path in (out / "run").glob("*.pth*")))
"""


def test_a_disk_that_is_too_small_and_one_that_fills_up(small_disk: Callable[..., str]) -> None:
    before_zh, before_en, during_zh, during_en, left = small_disk(_ON_A_SMALL_DISK, "2m").splitlines()
    assert before_zh == "这次训练约需 2.4 MB 磁盘空间，只剩 2.0 MB。请清理磁盘，或换一个保存位置。"
    assert before_en == (
        "This training needs about 2.4 MB of disk space, 2.0 MB are left. Free some space, or save elsewhere."
    )
    assert during_zh == "磁盘满了，没有写完。请清理磁盘，或换一个保存位置。"
    assert during_en == "The disk is full; not everything was written. Free some space, or save elsewhere."
    assert left == "['epoch_1.pth', 'latest.pth']"  # the best one found no room, and no half of it is left


CONFIG = """
model = dict(
    type='ImageClassifier',
    backbone=dict(type='{backbone}', num_classes=10),
    head=dict(type='ClsHead', loss=dict(type='CrossEntropyLoss')))
look = [
    dict(type='LoadImageFromFile', color_type='{colour}'),
    dict(type='Resize', size=32),
    dict(type='Normalize', mean=[33.0], std=[78.0], to_rgb=False),
    dict(type='ImageToTensor', keys=['img'])]
label = [dict(type='ToTensor', keys=['gt_label']), dict(type='Collect', keys=['img', 'gt_label'])]
train = dict(pipeline=look + label)
data = dict(samples_per_gpu=20, train=train, val=dict(pipeline=look + [dict(type='Collect', keys=['img'])]))
"""


def test_a_config_file_trains(trained: Trained, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(CONFIG.format(backbone="LeNet5", colour="grayscale"), "utf-8")
    run = trained(backbone=str(own), epochs=2)
    assert sorted(run.checkpoints) == [1, 2]


def test_a_config_file_with_a_mistake(trained: Trained, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text("model = dict(", "utf-8")
    error = refused(trained, backbone=str(own))
    assert (type(error), error.code) == (ParameterError, -302)
    assert error.text.zh.startswith("配置文件 own.py 读不了（SyntaxError: ")
    assert error.text.en.startswith("Config file own.py cannot be read (SyntaxError: ")
    own.write_text(CONFIG.format(backbone="LeNet6", colour="grayscale"), "utf-8")
    error = refused(trained, backbone=str(own))
    assert (type(error), error.code) == (ParameterError, -302)
    assert error.text.en.startswith("No network can be built from the config (KeyError: ")


def test_what_mmcls_raises_while_training_is_told_in_a_sentence(trained: Trained, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(CONFIG.format(backbone="LeNet5", colour="color"), "utf-8")
    error = refused(trained, backbone=str(own))
    assert type(error) is TrainingError
    assert error.text.zh.startswith("训练中断（")
    assert error.text.zh.endswith("）。请核对参数和数据集。")
    assert error.text.en.startswith("The training ended (")
    assert error.text.en.endswith("). Check the parameters and the data set.")


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [("x" * 300, "名字太长", "the name is too long"), ("a\0b", "ValueError", "ValueError")],
)
def test_a_path_that_no_system_takes(few: ImageFolder, tmp_path: Path, name: str, zh: str, en: str) -> None:
    from pytest_mmedu.train.disk import ready_folder

    with pytest.raises(OutputError) as caught:
        ready_folder(tmp_path / name)
    assert caught.value.seen.zh.endswith(f"：{zh}。")
    assert caught.value.seen.en.endswith(f": {en}.")
    assert len(caught.value.seen.zh) < 230


def test_a_config_file_that_ends_the_program(trained: Trained, tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text("raise SystemExit(3)", "utf-8")
    error = refused(trained, backbone=str(own))
    assert (error.code, error.text) == (
        -302,
        Text(
            "配置文件 own.py 读不了（SystemExit: 3）。请核对路径和文件内容。",
            "Config file own.py cannot be read (SystemExit: 3). Check the path and the file.",
        ),
    )
