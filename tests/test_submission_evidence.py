"""What the judge's own look at pictures leaves for a page: a matrix, and pictures of no split that is held out."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks.evaluated import Recomputed
from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.report.page_evidence import MOST_CLASSES, Evidence
from pytest_mmedu.report.report import dumps, loads
from pytest_mmedu.submission.evaluating import Evaluator
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.remembering import Looked, Remembering
from pytest_mmedu.submission_evidence import evidence_of
from tests.report.conftest import REPORT

Found = Callable[..., Evidence]


def draw(root: Path, classes: int, count: int) -> ImageFolder:
    for split in ("training_set", "val_set", "test_set"):
        for label in range(classes):
            for at in range(count):
                place = root / split / f"class {label:02}" / f"{at}.png"
                place.parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (8, 8), (label, at, len(split))).save(place)
    return read_dataset(root)


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """The evidence after looks at these splits, with what the network answered for each picture."""

    def made(images: ImageFolder, *splits: str, answer: Callable[[int], tuple[int, ...]]) -> Evidence:
        exercise = tmp_path / "exercise"
        exercise.mkdir()
        text = 'id = "x"\ntitle = { zh = "题", en = "T" }\nscript = "homework.py"\nheld_out = "test_set"\n'
        (exercise / "exercise.toml").write_text(text, "utf-8")
        handed_in = HandedIn(exercise, Options(cache="off"), tmp_path, Boxes())
        evaluator = Evaluator(images, RunCache(tmp_path / "cache"), _nobody)
        looker = Remembering(evaluator)
        for split in splits:
            labels = tuple(label for _, _, label in evaluator.pictures(split))
            result = Recomputed("LeNet", len(images.classes), labels, tuple(map(answer, labels)))
            looker.looked.append(Looked(evaluator, "best.pth", split, result))
        handed_in.__dict__["looker"] = looker
        return evidence_of(handed_in, ())

    return made


def _nobody() -> None:
    raise AssertionError("nothing is to be computed")


def test_the_matrix_counts_and_each_wrong_picture_is_the_one_that_was_looked_at(found: Found, tmp_path: Path) -> None:
    images = draw(tmp_path / "data", classes=3, count=2)
    evidence = found(images, "val_set", answer=lambda label: () if label == 2 else (0, 1, 2))
    [seen] = evidence.evaluations
    assert (seen.weights, seen.split, seen.held_out, seen.n, seen.right) == ("best.pth", "val_set", False, 6, 2)
    assert seen.classes == ("class 00", "class 01", "class 02")
    assert seen.confusion == ((2, 0, 0), (2, 0, 0), (0, 0, 0))
    assert sorted((one.label, one.predicted) for one in seen.pictures if one.predicted is not None) == [(1, 0), (1, 0)]
    for one in seen.pictures:
        pixel = Image.open(io.BytesIO(base64.b64decode(one.data))).getpixel((0, 0))
        assert isinstance(pixel, tuple)
        assert (pixel[0], pixel[2]) == (one.label, len("val_set"))


def test_no_picture_that_is_held_out_is_shown(found: Found, tmp_path: Path) -> None:
    images = draw(tmp_path / "data", classes=3, count=2)
    evidence = found(images, "test_set", "val_set", answer=lambda label: (2, 0, 1))
    unseen, seen = evidence.evaluations
    assert (unseen.split, unseen.held_out, unseen.pictures) == ("test_set", True, ())
    assert (unseen.n, unseen.right) == (6, 2)
    assert len(seen.pictures) == 4


def test_many_classes_have_no_matrix_and_the_report_stays_small(found: Found, tmp_path: Path) -> None:
    images = draw(tmp_path / "data", classes=MOST_CLASSES + 1, count=1)
    evidence = found(images, "val_set", answer=lambda label: (0,))
    [seen] = evidence.evaluations
    assert seen.confusion == ()
    assert len(seen.pictures) == 12
    whole = replace(REPORT, evidence=evidence)
    assert loads(dumps(whole)) == whole


def test_the_same_look_twice_counts_once(found: Found, tmp_path: Path) -> None:
    images = draw(tmp_path / "data", classes=2, count=1)
    evidence = found(images, "val_set", "val_set", answer=lambda label: (0, 1))
    assert len(evidence.evaluations) == 1
