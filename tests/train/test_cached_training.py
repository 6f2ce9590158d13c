"""A training that was carried out before is found again, without torch, and only for the very same training."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.errors import ParameterError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.train import Settings, cached_train
from pytest_mmedu.train.cached import training_key

QUICK = TrainParams(epochs=1, batch_size=40)


@pytest.fixture
def pictures(tmp_path: Path, few: ImageFolder) -> ImageFolder:
    """A data set folder of its own, to be changed."""
    for split, samples in few.splits.items():
        for sample in samples:
            copy = tmp_path / "data" / split / few.classes[sample.label] / sample.path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(sample.path.read_bytes())
    return read_dataset(tmp_path / "data")


_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.params import TrainParams
from pytest_mmedu.train import cached_train

print("ready", flush=True)
input()
run = cached_train(TrainParams(epochs=1, batch_size=40), read_dataset(sys.argv[1]), cache=RunCache(Path(sys.argv[2])))
heavy = [name for name in ("torch", "torchvision", "mmcv", "mmcls", "numpy", "cv2", "PIL") if name in sys.modules]
print(run.from_cache, run.best is not None, heavy)
"""


def start(images: ImageFolder, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _IN_ANOTHER_PROCESS, str(images.root), str(cache)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.train
def test_two_processes_at_once_train_once_and_a_hit_imports_nothing_heavy(
    pictures: ImageFolder, tmp_path: Path
) -> None:
    both = [start(pictures, tmp_path / "cache") for _ in range(2)]
    assert [one.stdout.readline() for one in both if one.stdout] == ["ready\n", "ready\n"]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=300)[0].strip() for one in both)
    assert said == ["False True ['torch', 'mmcv', 'mmcls', 'numpy', 'cv2', 'PIL']", "True True []"]


@pytest.mark.train
def test_a_run_from_the_cache_is_the_run(pictures: ImageFolder, tmp_path: Path) -> None:
    cache = RunCache(tmp_path / "cache")
    first = cached_train(QUICK, pictures, cache=cache)
    again = cached_train(QUICK, pictures, cache=cache)
    assert (first.from_cache, again.from_cache) == (False, True)
    assert dataclasses.replace(again, from_cache=False) == first
    assert again.seconds is not None
    assert cache.notes == []


@pytest.mark.train
def test_a_cut_off_run_is_trained_anew(pictures: ImageFolder, tmp_path: Path) -> None:
    cache = RunCache(tmp_path / "cache")
    weights = cached_train(QUICK, pictures, cache=cache).checkpoints[1]
    weights.write_bytes(weights.read_bytes()[:1000])
    again = cached_train(QUICK, pictures, cache=cache)
    assert again.from_cache is False
    assert again.checkpoints[1].stat().st_size > 100_000
    assert [note.en for note in cache.notes] == [
        f"Cache entry {again.folder.parent.name[:8]} was cut off or edited and has been made anew."
    ]


@pytest.mark.train
def test_a_refused_training_leaves_no_entry(pictures: ImageFolder, tmp_path: Path) -> None:
    cache = RunCache(tmp_path / "cache")
    with pytest.raises(ParameterError):
        cached_train(TrainParams(optimizer="adam"), pictures, cache=cache)
    assert [path.name for path in cache.root.iterdir() if path.is_dir()] == []


def key(images: ImageFolder, settings: Settings | None = None, **given: Any) -> str:
    return training_key(TrainParams.of(**given), images, settings or Settings())


@pytest.mark.parametrize(
    "given", [{"lr": 0.02}, {"random_seed": 1}, {"topk": (1,)}, {"backbone": "ResNet18"}, {"device": "cuda"}], ids=str
)
def test_every_parameter_counts(few: ImageFolder, given: dict[str, Any]) -> None:
    assert key(few, **given) != key(few)
    assert key(few, **given) == key(few, **given)


def test_where_it_is_saved_and_read_from_does_not_count(few: ImageFolder) -> None:
    assert key(few, save_fold="elsewhere", dataset="by another name") == key(few)


def test_threads_and_picture_size_count(few: ImageFolder) -> None:
    keys = {key(few, settings) for settings in (Settings(), Settings(threads=2), Settings(image_size=48))}
    assert len(keys) == 3


def test_the_pictures_count(pictures: ImageFolder) -> None:
    before = key(pictures)
    fewer = {**pictures.splits, "training_set": pictures.splits["training_set"][:-1]}
    assert key(dataclasses.replace(pictures, splits=fewer)) != before
    changed = pictures.splits["training_set"][0].path
    changed.write_bytes(pictures.splits["training_set"][1].path.read_bytes())
    assert key(pictures) != before


def test_the_versions_count(few: ImageFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = key(few)
    monkeypatch.setattr("pytest_mmedu.__version__", "99")
    assert key(few) != before


def test_files_count_by_what_is_in_them(few: ImageFolder, tmp_path: Path) -> None:
    for folder, content in (("a", b"one"), ("b", b"one"), ("c", b"two")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "w.pth").write_bytes(content)

    def of(folder: str) -> str:
        return key(few, Settings(resume_from=tmp_path / folder / "w.pth"))

    assert of("a") != of("c")
    (tmp_path / "a" / "w.pth").write_bytes(b"two")
    assert of("a") != key(few)


def test_a_config_file_counts_with_those_it_builds_on(few: ImageFolder, tmp_path: Path) -> None:
    base, own = tmp_path / "base.py", tmp_path / "own.py"
    base.write_text("model = dict(depth=18)", "utf-8")
    own.write_text("_base_ = ['./base.py']\nraise SystemExit('it was run')", "utf-8")
    before = key(few, backbone=str(own))
    assert key(few, backbone=str(own)) == before
    base.write_text("model = dict(depth=50)", "utf-8")
    assert key(few, backbone=str(own)) != before
