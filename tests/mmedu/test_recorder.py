"""The seam for grading: what is recorded, and what the limits leave of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder, Sample
from pytest_mmedu.errors import MMEduError, ParameterError
from pytest_mmedu.mmedu import MMClassification, real_package, recorder
from pytest_mmedu.params import PARAMETERS


@pytest.fixture
def calls() -> Iterator[list[dict[str, Any]]]:
    seen: list[dict[str, Any]] = []
    recorder.hooks.append(seen.append)
    yield seen
    recorder.hooks.remove(seen.append)


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> recorder.Limits:
    mine = recorder.Limits()
    monkeypatch.setattr(recorder, "limits", mine)
    return mine


def test_nothing_is_recorded_or_capped_by_default() -> None:
    assert recorder.hooks == []
    assert recorder.limits == recorder.Limits(epochs=None, images=None)
    assert recorder.cap_epochs(100) == 100
    assert recorder.cap_note(100) is None


def test_a_call_is_recorded_in_full_before_it_fails(calls: list[dict[str, Any]], tmp_path: Path) -> None:
    model = MMClassification(backbone="ResNet18")
    model.num_classes = 3
    model.dataset_path = str(tmp_path / "no such folder")
    with pytest.raises(MMEduError):
        model.train(7, epochs=2)
    assert len(calls) == 1
    assert set(calls[0]) == {row.name for row in PARAMETERS}
    assert {name: calls[0][name] for name in ("backbone", "num_classes", "random_seed", "epochs", "lr")} == {
        "backbone": "ResNet18",
        "num_classes": 3,
        "random_seed": 7,
        "epochs": 2,
        "lr": 0.01,
    }


def test_wrong_values_and_unknown_names_are_recorded_too(calls: list[dict[str, Any]]) -> None:
    with pytest.raises(ParameterError):
        MMClassification().train(lr="0.1", work_dir="out")
    assert calls[0]["lr"] == "0.1"
    assert calls[0]["work_dir"] == "out"


def test_an_untouched_class_count_is_recorded_as_none(calls: list[dict[str, Any]]) -> None:
    with pytest.raises(ParameterError):
        MMClassification().train(epochs=0)
    assert calls[0]["num_classes"] is None


def test_the_attribute_save_fold_wins_over_the_argument(calls: list[dict[str, Any]]) -> None:
    model = MMClassification()
    model.save_fold = "attribute"
    with pytest.raises(ParameterError):
        model.train(save_fold="argument", epochs=0)
    assert calls[0]["save_fold"] == "attribute"
    assert model.save_fold == "attribute"


def test_a_hook_cannot_change_what_the_next_one_sees() -> None:
    seen: list[dict[str, Any]] = []
    both = [lambda params: params.clear(), seen.append]
    recorder.hooks.extend(both)
    try:
        recorder.record({"lr": 0.1})
    finally:
        del recorder.hooks[-2:]
    assert seen == [{"lr": 0.1}]


@pytest.mark.parametrize(("most", "asked", "run"), [(None, 10, 10), (3, 10, 3), (3, 2, 2)])
def test_epochs_are_capped(limits: recorder.Limits, most: int | None, asked: int, run: int) -> None:
    limits.epochs = most
    assert recorder.cap_epochs(asked) == run


def test_the_student_is_told_about_the_cap(limits: recorder.Limits) -> None:
    limits.epochs = 3
    note = recorder.cap_note(10)
    assert note is not None
    assert note.zh == "批改时最多训练 3 轮（你写的是 10 轮）。"
    assert note.en == "Grading trains at most 3 epochs (you asked for 10)."


def _folder(counts: dict[str, int]) -> ImageFolder:
    samples = tuple(
        Sample(Path(f"{name}{i}.png"), label) for label, name in enumerate(counts) for i in range(counts[name])
    )
    return ImageFolder(Path(), tuple(counts), {"training_set": samples, "val_set": samples[:1], "test_set": ()})


def test_capped_pictures_are_spread_over_the_classes(limits: recorder.Limits) -> None:
    limits.images = 5
    kept = recorder.cap_images(_folder({"a": 4, "b": 4, "c": 1})).splits
    assert [sample.path.name for sample in kept["training_set"]] == ["a0.png", "a1.png", "b0.png", "b1.png", "c0.png"]
    assert len(kept["val_set"]) == 1
    assert kept["test_set"] == ()


def test_a_split_that_no_program_gets_is_not_capped() -> None:
    kept = _folder({"a": 4, "b": 4}).at_most(2, apart="training_set").splits
    assert len(kept["training_set"]) == 8


def test_no_cap_leaves_the_folder_as_it_is() -> None:
    images = _folder({"a": 2})
    assert recorder.cap_images(images) is images


class Elsewhere:
    """A class with the real one's train(), as far as the seam cares."""

    backbone, num_classes, dataset_path = "LeNet", -1, "data"
    save_fold: str | None = None

    def train(self, random_seed: int = 0, save_fold: str | None = None, epochs: int = 100, **kwargs: Any) -> int:
        self.save_fold = self.save_fold or save_fold or "default"
        return epochs


def test_the_seam_fits_another_class(calls: list[dict[str, Any]], limits: recorder.Limits) -> None:
    folders: list[Path] = []
    watched = type("Watched", (Elsewhere,), {"train": Elsewhere.train})
    real_package.watch_class(watched)
    real_package.watch_class(watched)  # a second time changes nothing
    recorder.finished.append(folders.append)
    limits.epochs = 2
    try:
        assert watched().train(10, "there", lr=0.5) == 2
    finally:
        recorder.finished.clear()
    assert calls == [
        {
            "backbone": "LeNet",
            "num_classes": None,
            "dataset": "data",
            "random_seed": 10,
            "save_fold": "there",
            "epochs": 100,
            "lr": 0.5,
        }
    ]
    assert folders == [Path("there")]
