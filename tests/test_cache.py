"""The run cache: whole or missing, made once, and a sentence where the disk does not take it."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pytest_mmedu.cache import FILES, MANIFEST, RunCache, default_cache, key_of
from pytest_mmedu.errors import CacheError, OutputError
from pytest_mmedu.text import Text

KEY = key_of("a test")


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    return RunCache(tmp_path / "cache")


def write_two(folder: Path) -> None:
    (folder / "log.json").write_text("{}", "utf-8")
    (folder / "deep").mkdir()
    (folder / "deep" / "weights.pth").write_bytes(bytes(range(256)) * 40)


def never(folder: Path) -> None:
    raise AssertionError(f"made again in {folder}")


def test_the_second_time_nothing_is_made(cache: RunCache) -> None:
    made, found = cache.get_or_make(KEY, write_two)
    assert (made / "log.json").read_text("utf-8") == "{}"
    assert found is False
    assert cache.get_or_make(KEY, never) == (made, True)
    assert cache.notes == []


def test_another_process_finds_the_same_entry(cache: RunCache) -> None:
    made, _ = cache.get_or_make(KEY, write_two)
    script = (
        "import sys; from pathlib import Path; from pytest_mmedu.cache import RunCache, key_of\n"
        "print(*RunCache(Path(sys.argv[1])).get_or_make(key_of('a test'), None))"
    )
    said = subprocess.run([sys.executable, "-c", script, cache.root], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == f"{made} True"


@dataclass
class _Point:
    x: int


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0),
        (1, True),
        (1, "1"),
        (None, "None"),
        ((1, 2), (12,)),
        ({"a": 1}, {"a": 2}),
        ({1: "x"}, {"1": "x"}),
        (0.1, math.nextafter(0.1, 1)),
        (float("nan"), None),
        (Path("a"), "a"),
        (b"a", "a"),
        (_Point(1), _Point(2)),
        (_Point(1), {"x": 1}),
        (["a", ["b"]], [["a"], "b"]),
    ],
)
def test_different_parts_have_different_keys(one: object, other: object) -> None:
    assert key_of(one) == key_of(one)
    assert key_of(one) != key_of(other)


def test_a_key_does_not_depend_on_order_or_kind_of_list() -> None:
    assert key_of({"a": 1, "b": (1, 2)}) == key_of({"b": [1, 2], "a": 1})
    assert key_of("a", "b") != key_of("ab")


def test_a_key_takes_plain_data_only() -> None:
    with pytest.raises(TypeError, match="set cannot be part of a key"):
        key_of({1, 2})


def cut_off(folder: Path) -> None:
    weights = folder / FILES / "deep" / "weights.pth"
    weights.write_bytes(weights.read_bytes()[:-1])


def edit(folder: Path) -> None:
    weights = folder / FILES / "deep" / "weights.pth"
    weights.write_bytes(b"\1" + weights.read_bytes()[1:])


def lose_a_file(folder: Path) -> None:
    (folder / FILES / "log.json").unlink()


def add_a_file(folder: Path) -> None:
    (folder / FILES / "best.pth").write_bytes(b"forged")


def lose_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def cut_the_manifest(folder: Path) -> None:
    manifest = folder / MANIFEST
    manifest.write_text(manifest.read_text("utf-8")[:40], "utf-8")


def another_json(folder: Path) -> None:
    (folder / MANIFEST).write_text(json.dumps({"files": {"log.json": 3}}), "utf-8")


def a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("not a folder", "utf-8")


@pytest.mark.parametrize(
    "harm",
    [cut_off, edit, lose_a_file, add_a_file, lose_the_manifest, cut_the_manifest, another_json, a_file_in_its_place],
    ids=lambda harm: harm.__name__,
)
def test_a_harmed_entry_is_made_anew_and_a_note_says_so(cache: RunCache, harm: Callable[[Path], None]) -> None:
    folder, _ = cache.get_or_make(KEY, write_two)
    harm(folder.parent)
    again, found = cache.get_or_make(KEY, write_two)
    assert found is False
    assert sorted(path.name for path in again.rglob("*")) == ["deep", "log.json", "weights.pth"]
    assert cache.notes == [
        Text(
            f"缓存 {KEY[:8]} 不完整或被改过，已重新生成。",
            f"Cache entry {KEY[:8]} was cut off or edited and has been made anew.",
        )
    ]
    assert cache.get_or_make(KEY, never)[1] is True


def test_what_making_raises_leaves_no_entry(cache: RunCache) -> None:
    def fail(folder: Path) -> None:
        write_two(folder)
        raise OutputError(Text.same("full"), Text.same("free some"))

    with pytest.raises(OutputError):
        cache.get_or_make(KEY, fail)
    assert [path.name for path in cache.root.iterdir() if path.suffix not in (".lock", ".TAG")] == []
    assert cache.get_or_make(KEY, write_two)[1] is False


def test_what_a_killed_process_left_does_not_count(cache: RunCache) -> None:
    left = cache.root / f"{KEY}.part" / FILES
    left.mkdir(parents=True)
    (left / "half.pth").write_bytes(b"half")
    folder, found = cache.get_or_make(KEY, write_two)
    assert found is False
    assert not (folder / "half.pth").exists()
    assert not left.exists()


_TWO_AT_ONCE = """
import sys
from pathlib import Path
from pytest_mmedu.cache import RunCache, key_of

root, made, name = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

def make(folder):
    with made.open("a") as file:
        file.write(name)
    (folder / "whose").write_text(name)

print("ready", flush=True)
input()
folder, found = RunCache(root).get_or_make(key_of("race"), make)
print((folder / "whose").read_text(), found)
"""


def test_two_processes_at_once_make_it_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _TWO_AT_ONCE, str(tmp_path / "cache"), str(tmp_path / "made")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen([*command, name], **pipes) for name in "ab"]
    assert [one.stdout.readline() for one in both] == ["ready\n", "ready\n"]
    for one in both:
        one.stdin.write("go\n")
        one.stdin.flush()
    said = sorted(one.communicate(timeout=60)[0].split() for one in both)
    maker = (tmp_path / "made").read_text("utf-8")
    assert maker in ("a", "b")
    assert said == [[maker, "False"], [maker, "True"]]


def test_two_threads_at_once_make_it_once(cache: RunCache) -> None:
    made, barrier = [], threading.Barrier(4)

    def make(folder: Path) -> None:
        made.append(folder)
        write_two(folder)

    def ask() -> None:
        barrier.wait()
        RunCache(cache.root).get_or_make(KEY, make)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_above_the_limit_the_longest_unused_goes(tmp_path: Path) -> None:
    cache = RunCache(tmp_path, limit_mb=2)

    def big(folder: Path) -> None:
        (folder / "weights.pth").write_bytes(b"\0" * 800_000)

    keys = [key_of(number) for number in range(3)]
    for age, key in zip((300, 100), keys[:2], strict=True):
        folder, _ = cache.get_or_make(key, big)
        os.utime(folder.parent / MANIFEST, (1e9 - age, 1e9 - age))
    assert cache.get_or_make(keys[0], never)[1] is True  # used now: the other one is the oldest
    cache.get_or_make(keys[2], big)
    assert [(tmp_path / key).exists() for key in keys] == [True, False, True]


def test_an_entry_larger_than_the_limit_stays(tmp_path: Path) -> None:
    cache = RunCache(tmp_path, limit_mb=0)
    folder, _ = cache.get_or_make(KEY, write_two)
    assert (folder / "log.json").exists()


def test_a_cache_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    with pytest.raises(CacheError) as caught:
        RunCache(blocked / "cache").get_or_make(KEY, never)
    why = caught.value.__cause__.strerror  # the system's own words
    assert caught.value.text == Text(
        f"不能使用缓存 {blocked / 'cache'}（{why}）。请换一个缓存位置。",
        f"The cache {blocked / 'cache'} cannot be used ({why}). Keep the cache elsewhere.",
    )


_ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from pytest_mmedu.cache import RunCache, key_of
from pytest_mmedu.errors import CacheError

def make(folder):
    # as much as the disk takes: the manifest then finds no room
    with (folder / "weights.pth").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass

cache = RunCache(Path(sys.argv[1]) / "cache")
try:
    cache.get_or_make(key_of(1), make)
except CacheError as error:
    print(error.text.zh, error.text.en, sep="\\n")
print(sorted(path.name for path in cache.root.iterdir() if path.suffix not in (".lock", ".TAG")))
print(cache.get_or_make(key_of(1), lambda folder: (folder / "log").write_text("x"))[1])
"""


def test_a_full_disk_is_a_sentence_and_leaves_nothing(small_disk: Callable[[str], str], tmp_path: Path) -> None:
    root = tmp_path / "disk" / "cache"
    assert small_disk(_ON_A_SMALL_DISK).splitlines() == [
        f"缓存 {root} 所在的磁盘满了。请清理磁盘，或换一个缓存位置。",
        f"The disk of the cache {root} is full. Free some space, or keep the cache elsewhere.",
        "[]",
        "False",
    ]


def test_the_default_cache_is_a_folder_of_this_kit() -> None:
    assert default_cache().parent.name == "pytest-mmedu"
    assert default_cache().is_absolute()


def test_an_entry_that_is_there_needs_no_lock(cache: RunCache) -> None:
    """So a cache that may only be read serves as well, and a second run is spared the import."""
    made, _ = cache.get_or_make(KEY, write_two)
    lock = cache.root / f"{KEY}.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    assert cache.get_or_make(KEY, never) == (made, True)
    script = (
        "import sys; from pathlib import Path; from pytest_mmedu.cache import RunCache, key_of\n"
        "print(RunCache(Path(sys.argv[1])).get_or_make(key_of('a test'), None)[1], 'filelock' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", script, cache.root], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "True False"


def test_importing_the_cache_imports_nothing_heavy() -> None:
    script = (
        "import sys, pytest_mmedu.cache; print(sorted({'torch', 'numpy', 'filelock', 'pytest'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
