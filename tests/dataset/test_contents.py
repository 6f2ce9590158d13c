"""The fingerprint counts what a training reads and nothing else; reading never crashes on odd names."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_mmedu.dataset import fingerprint, read_dataset
from pytest_mmedu.dataset.contents import list_split
from pytest_mmedu.errors import DatasetError

NAMES = st.text(st.characters(blacklist_characters="/\\\0"), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..")
)


def test_the_fingerprint_is_the_one_described(pets: Path) -> None:
    """Written out a second time, in the plainest way: names in order, each with its length and content."""
    counted = [p for p in pets.rglob("*") if p.parent != pets or p.is_file()]
    names = {p.relative_to(pets).as_posix() + "/" * p.is_dir(): p for p in counted}
    expected = hashlib.sha256()
    for name in sorted(names, key=str.encode):
        content = b"" if names[name].is_dir() else names[name].read_bytes()
        expected.update(name.encode() + b"\0" + str(len(content)).encode() + b"\0" + content)
    assert fingerprint(pets) == expected.hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "training_set/cat/0.png").rename(root / "training_set/cat/9.png"),
        lambda root: shutil.move(root / "training_set/cat/0.png", root / "training_set/dog/9.png"),
        lambda root: (root / "training_set/cat/0.png").unlink(),
        lambda root: (root / "val_set/cat/0.png").open("ab").write(b"\0"),
        lambda root: (root / "classes.txt").write_bytes(b"cat\r\ndog\r\nowl\r\n"),
        lambda root: (root / "test.txt").unlink(),
        lambda root: (root / "test_set/new").mkdir(),
    ],
)
def test_every_change_of_the_data_changes_the_fingerprint(pets: Path, change: Callable[[Path], object]) -> None:
    before = fingerprint(pets)
    change(pets)
    assert fingerprint(pets) != before


def test_what_no_training_reads_does_not_change_the_fingerprint(pets: Path) -> None:
    before = fingerprint(pets)
    (pets / "README.md").write_text("hello", encoding="utf-8")
    (pets / "training_set" / ".DS_Store").write_bytes(b"\0")
    (pets / "val_set" / "cat" / "Thumbs.db").write_bytes(b"\0")
    os.utime(pets / "training_set" / "cat" / "0.png", (0, 0))
    assert fingerprint(pets) == before


def test_the_place_of_the_folder_does_not_change_the_fingerprint(pets: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(pets, tmp_path / "elsewhere" / "copy")
    assert fingerprint(copy) == fingerprint(pets)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_in_which_the_system_lists_files_does_not_matter(pets: Path, chance: Random) -> None:
    straight, labels = fingerprint(pets), read_dataset(pets)

    class Shuffled:
        """A scandir that lists in another order each time."""

        def __init__(self, folder: Path) -> None:
            with real(folder) as entries:
                self.entries = list(entries)
            chance.shuffle(self.entries)

        def __enter__(self) -> list[os.DirEntry[str]]:
            return self.entries

        def __exit__(self, *_: object) -> None:
            pass

    real = os.scandir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", Shuffled)
        again = fingerprint(pets), read_dataset(pets)
    assert again == (straight, labels)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=4), NAMES)
def test_no_name_makes_the_reading_crash(tmp_path_factory: pytest.TempPathFactory, names: list[str], one: str) -> None:
    root = tmp_path_factory.mktemp("odd")
    for split in ("training_set", "val_set"):
        for name in names:
            for folder in (name, f"{name}2"):
                try:
                    (root / split / folder).mkdir(parents=True, exist_ok=True)
                    (root / split / folder / f"{one}.png").write_bytes(b"x")
                    (root / split / one).write_bytes(b"x")
                except (OSError, UnicodeEncodeError):
                    continue  # this file system has no such name
    assert len(fingerprint(root)) == 64
    try:
        said = [found.text for found in read_dataset(root).findings]
    except DatasetError as error:  # names like ".a" are no classes, so that one or none may be left
        said = [error.text]
    assert said
    assert all(text.zh.isprintable() and text.en.isprintable() for text in said)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names must be Unicode here")
def test_a_name_that_is_not_utf_8(pets: Path) -> None:
    odd = os.fsencode(pets / "training_set" / "cat") + "/猫.png".encode("gbk")
    Path(os.fsdecode(odd)).write_bytes(b"x")
    (pets / "val_set" / os.fsdecode("狗".encode("gbk"))).mkdir()
    images = read_dataset(pets)
    assert len(images.splits["training_set"]) == 10
    assert images.findings[0].text.en == (
        "val_set has an extra folder \\xdcb9\\xdcb7; MMEdu shifts all labels that sort after it, here they stay right."
    )
    assert len(fingerprint(pets)) == 64


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files here")
def test_pipes_links_and_loops_are_no_pictures(pets: Path) -> None:
    os.mkfifo(pets / "training_set" / "cat" / "pipe.png")
    (pets / "training_set" / "cat" / "gone.png").symlink_to("nowhere.png")
    (pets / "training_set" / "cat" / "loop").symlink_to(pets / "training_set", target_is_directory=True)
    found = list_split(pets, "training_set")
    assert found.by_class["cat"] == ["0.png", "1.png", "2.png"]
    assert found.others == ["cat/gone.png", "cat/loop", "cat/pipe.png"]


def test_very_deep_folders_are_read(pets: Path) -> None:
    deep = pets / "training_set" / "cat" / Path(*["d"] * 60)
    deep.mkdir(parents=True)
    (deep / "x.png").write_bytes(b"x")
    assert list_split(pets, "training_set").by_class["cat"][-1] == "d/" * 60 + "x.png"
