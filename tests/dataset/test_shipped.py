"""The data sets that come with the kit: found by name, as their cards say, made again byte for byte."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from datasets_tiny.digits10 import make_digits10
from datasets_tiny.faces2 import make_faces2
from datasets_tiny.shapes3 import make_shapes3
from datasets_tiny.signs6 import make_signs6
from pytest_mmedu.dataset import data_card, find_dataset, fingerprint, read_dataset, shipped_dataset, shipped_datasets
from pytest_mmedu.dataset.evidence import counts, same_files, same_looks
from pytest_mmedu.dataset.shipped import copies
from pytest_mmedu.errors import DatasetError

ROOT = Path(__file__).resolve().parents[2]
MAKERS = {
    "digits10": make_digits10.make,
    "faces2": make_faces2.make,
    "shapes3": make_shapes3.make,
    "signs6": make_signs6.make,
}


def test_their_names() -> None:
    assert shipped_datasets() == ("digits10", "faces2", "shapes3", "signs6") == tuple(MAKERS)


def test_the_kits_own_is_found_where_a_folder_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a student's folder, whose copy lacks the pictures that are held back."""
    (tmp_path / "signs6").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_dataset("signs6").resolve() == tmp_path / "signs6"
    assert shipped_dataset("signs6") == read_dataset(ROOT / "datasets_tiny" / "signs6").root
    with pytest.raises(DatasetError, match="no data set folder nine9"):
        shipped_dataset("nine9")


@pytest.mark.parametrize("name", shipped_datasets())
def test_the_card_says_what_is_there(name: str) -> None:
    card, images = data_card(name), read_dataset(name, check=True)
    assert images.findings == ()
    assert (card.name, card.classes) == (name, images.classes)
    assert card.pictures == {split: len(samples) for split, samples in images.splits.items()}
    assert card.fingerprint == fingerprint(images.root)
    assert card.title.zh != card.title.en
    assert card.licence
    assert (images.root / card.script).is_file()
    assert card.source
    assert all(len(set(per_class.values())) == 1 for per_class in counts(images).values())


@pytest.mark.parametrize(("name", "mode"), [("digits10", "L"), ("faces2", "L"), ("shapes3", "RGB"), ("signs6", "RGB")])
def test_all_pictures_have_one_form(name: str, mode: str) -> None:
    for samples in read_dataset(name).splits.values():
        for sample in samples:
            with Image.open(sample.path) as picture:
                assert (picture.format, picture.mode, picture.size) == ("PNG", mode, (32, 32))


@pytest.mark.parametrize("name", shipped_datasets())
def test_no_picture_is_in_two_splits(name: str) -> None:
    images = read_dataset(name)
    assert same_files(images) == ()
    assert same_looks(images) == ()


def test_together_they_stay_small() -> None:
    folder = find_dataset("digits10").parent
    assert (
        sum(path.stat().st_size for path in folder.rglob("*") if path.suffix != ".pyc" and path.is_file()) < 2_000_000
    )


@pytest.mark.parametrize("name", shipped_datasets())
def test_made_again_they_are_the_same_byte_for_byte(tmp_path: Path, name: str) -> None:
    if name == "digits10" and importlib.util.find_spec("sklearn") is None:
        pytest.skip("scikit-learn, which carries the digits, is not installed")
    make: Callable[[Path], None] = MAKERS[name]
    make(tmp_path)
    assert fingerprint(tmp_path) == data_card(name).fingerprint


def test_a_script_runs_as_its_first_lines_say(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "datasets_tiny.shapes3.make_shapes3", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT)
    assert fingerprint(tmp_path) == data_card("shapes3").fingerprint


def test_a_real_folder_comes_before_a_shipped_name(pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_dataset("digits10") == ROOT / "datasets_tiny" / "digits10"
    pets.rename(tmp_path / "digits10")
    assert find_dataset("digits10") == Path("digits10")
    assert read_dataset("digits10").classes == ("cat", "dog", "owl")


def test_the_home_folder_is_understood(pets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(pets.parent))
    monkeypatch.setenv("USERPROFILE", str(pets.parent))
    assert find_dataset(f"~{os.sep}{pets.name}") == pets


def test_an_installed_wheel_carries_them_inside_the_package(tmp_path: Path) -> None:
    """As in the wheel: the folder lies within the package, nothing beside it."""
    shutil.copytree(
        ROOT / "pytest_mmedu", tmp_path / "pytest_mmedu", ignore=shutil.ignore_patterns("__pycache__", "datasets_tiny")
    )
    shutil.copytree(ROOT / "datasets_tiny", tmp_path / "pytest_mmedu" / "datasets_tiny")
    code = "from pytest_mmedu.dataset import *; print(find_dataset('shapes3'), len(read_dataset('shapes3').classes))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == f"{tmp_path / 'pytest_mmedu' / 'datasets_tiny' / 'shapes3'} 3"


def test_a_shipped_data_set_is_found_wherever_it_lies(tmp_path: Path) -> None:
    """Whoever holds a part of it back has to know every copy."""
    library = tmp_path / "site-packages"
    copied = library / "pytest_mmedu" / "datasets_tiny" / "digits10"
    copied.mkdir(parents=True)
    whole = shipped_dataset("digits10")
    assert {whole, copied} <= set(copies(whole, [str(library), str(tmp_path / "nothing")]))
    assert copies(tmp_path, [str(library)]) == (tmp_path,)
