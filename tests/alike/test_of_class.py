"""A class of folders, zips and notebooks is looked through: who is alike, where, and what is nobody's fault."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.alike import Alike, alike_in, read_alike, write_alike
from pytest_mmedu.text import Text
from tests.handmade import small_weights, write_checkpoint

STARTER = """from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.load_dataset(path="digits10")
model.save_fold = ...
model.train(epochs=..., lr=..., batch_size=..., validate=..., random_seed=1)
"""
FILLED = STARTER.replace("...", "5")
OWN = """
def count_right(labels, answers):
    right = 0
    for label, answer in zip(labels, answers):
        if label == answer:
            right += 1
    return right / len(labels)


def worst_pairs(labels, answers, most):
    wrong = {}
    for label, answer in zip(labels, answers):
        if label != answer:
            pair = (label, answer)
            wrong[pair] = wrong.get(pair, 0) + 1
    return sorted(wrong.items(), key=lambda item: -item[1])[:most]
"""
RENAMED = OWN.replace("right", "dui").replace("label", "biaoqian").replace("wrong", "cuo").replace("    ", "  ")
OTHER = """
from collections import Counter


def count_right(labels, answers):
    return sum(map(int.__eq__, labels, answers)) / max(1, len(labels))


class Confusion:
    def __init__(self, labels, answers):
        self.pairs = Counter(pair for pair in zip(labels, answers) if pair[0] != pair[1])

    def worst(self, most=3):
        while most > 0 and self.pairs:
            (pair, times), = self.pairs.most_common(1)
            del self.pairs[pair]
            most -= 1
            yield pair, times
"""


def hand_in(place: Path, **files: str) -> tuple[str, Path]:
    place.mkdir()
    for name, text in files.items():
        (place / name.replace("_py", ".py").replace("_json", ".log.json")).write_text(text, encoding="utf-8")
    return place.name, place


def log_of(seed: int, times: int, epochs: int = 12) -> str:
    """A log whose losses follow from `seed` and whose step times from `times`, as on another day."""
    losses, seconds = random.Random(seed), random.Random(times)
    lines: list[dict[str, Any]] = [{"env_info": "sys.platform: linux", "seed": seed, "mmcls_version": "0.25.0"}]
    for epoch in range(1, epochs + 1):
        loss, step = 2.3 / epoch * losses.uniform(0.9, 1.1), seconds.uniform(0.1, 0.2)
        record = {"mode": "train", "epoch": epoch, "iter": 10, "lr": 0.01, "loss": round(loss, 5)}
        lines.append({**record, "time": round(step, 5)})
    return "".join(json.dumps(line) + "\n" for line in lines)


def named(found: Sequence[Alike]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.students) for one in found]


def test_a_program_that_was_renamed_is_shown_beside_its_source(tmp_path: Path) -> None:
    found = alike_in(
        [
            hand_in(tmp_path / "张三", homework_py=FILLED + OWN),
            hand_in(tmp_path / "李四", homework_py=FILLED.replace("5", "7") + RENAMED),
            hand_in(tmp_path / "王五", homework_py=FILLED + OTHER),
        ],
        handed_out=[hand_in(tmp_path / "exercise", homework_py=STARTER, reference_py=FILLED)[1]],
    )
    assert named(found) == [("program", ("张三", "李四"))]
    mine, theirs = found[0].sides
    assert found[0].share == 1.0
    assert mine.place.startswith("homework.py:")
    assert any("def count_right(labels, answers)" in line for line in mine.lines)
    assert any("def count_dui(biaoqians, answers)" in line for line in theirs.lines)
    assert found[0].text == Text(
        "除去发下去的部分，较短一份程序有 100% 与另一份写法相同（不看变量名、数字、文字和注释）。",
        "Without what was handed out, 100 % of the shorter program is written as in the other "
        "(names, numbers, texts and comments are not looked at).",
    )


def test_filling_in_the_same_starter_is_no_evidence(tmp_path: Path) -> None:
    """Also where nobody says what was handed out: it is short."""
    students = [hand_in(tmp_path / str(at), homework_py=FILLED) for at in range(4)]
    assert alike_in(students) == ()


def test_the_usual_ways_are_those_of_the_exercise_s_own_samples(tmp_path: Path) -> None:
    exercise = tmp_path / "exercise"
    exercise.mkdir()
    hand_in(exercise / "sample", homework_py=FILLED + OWN)
    students = [hand_in(tmp_path / name, homework_py=FILLED + OWN) for name in "ab"]
    assert alike_in(students, handed_out=[exercise]) == ()
    assert len(alike_in(students)) == 1


def test_a_notebook_and_a_zip_are_compared_as_well(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": FILLED + OWN}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    first = tmp_path / "homework.ipynb"
    first.write_text(json.dumps(notebook), encoding="utf-8")
    second = tmp_path / "李四.zip"
    with zipfile.ZipFile(second, "w") as archive:
        archive.writestr("hw/代码.py", FILLED + RENAMED)
    found = alike_in([("张三", first), ("李四", second)])
    assert named(found) == [("program", ("张三", "李四"))]
    assert [side.place.split(":")[0] for side in found[0].sides] == ["homework.ipynb[1]", "hw/代码.py"]
    assert all(side.lines for side in found[0].sides)


def test_the_same_log_with_the_same_times_is_shown(tmp_path: Path) -> None:
    edited = log_of(1, 1).replace("linux", "win32").replace('"seed": 1', '"seed": 2')
    found = alike_in(
        [
            hand_in(tmp_path / "a", run_json=log_of(1, 1)),
            hand_in(tmp_path / "b", other_json=edited),
            hand_in(tmp_path / "c", run_json=log_of(3, 3)),
        ]
    )
    assert named(found) == [("log", ("a", "b"))]
    assert found[0].sides[0].place == "run.log.json:2"
    assert len(found[0].sides[1].lines) == 12
    assert '"time"' in found[0].sides[1].lines[0]
    assert found[0].text.en == (
        "100 % of the shorter log are the same records, with the same time for every step. "
        "Two trainings with one seed and the same parameters have equal losses, but not equal times."
    )


def test_one_seed_for_all_makes_honest_twins(tmp_path: Path) -> None:
    """The same losses to the last digit, on another machine: nobody is named."""
    students = [hand_in(tmp_path / str(at), run_json=log_of(1, times=at)) for at in range(4)]
    assert alike_in(students) == ()


def test_times_too_short_to_tell_name_nobody(tmp_path: Path) -> None:
    """Steps of 0.01 s: the same times come by themselves."""
    records = [{"mode": "train", "epoch": at, "iter": 10, "loss": 2.0 / at, "time": 0.01} for at in range(1, 30)]
    text = "".join(json.dumps(line) + "\n" for line in records)
    assert alike_in([hand_in(tmp_path / name, run_json=text) for name in "ab"]) == ()


@pytest.mark.parametrize(
    ("metas", "found"),
    [
        (({"time": "Mon", "epoch": 3}, {"time": "Mon", "epoch": 3}), True),
        (({"time": "Mon", "epoch": 3}, {"time": "Tue", "epoch": 3}), False),  # equal seeds give equal weights
        (({"epoch": 3}, {"epoch": 3}), False),  # no moment was kept: it may be an honest twin
    ],
)
def test_weights_are_the_same_only_as_the_same_file(
    metas: tuple[dict[str, Any], dict[str, Any]], found: bool, tmp_path: Path
) -> None:
    students = [hand_in(tmp_path / name) for name in "ab"]
    for (_, folder), meta in zip(students, metas, strict=True):
        write_checkpoint(folder / "best.pth", small_weights(), meta)
    seen = alike_in(students)
    assert named(seen) == ([("weights", ("a", "b"))] if found else [])
    if found:
        assert seen[0].sides[0].lines[1:] == ("time: Mon", "epoch: 3")
        assert seen[0].text.zh == (
            "权重文件一模一样，连保存的时刻也相同。种子和参数相同的两次训练，权重会一样，保存的时刻不会。"
        )


def test_what_cannot_be_read_says_nothing_and_stops_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\3\4 this is not one")
    nowhere = tmp_path / "gone"
    binary = hand_in(tmp_path / "binary")
    (binary[1] / "homework.py").write_bytes(b"\0\1\2" * 100)
    (binary[1] / "run.log").write_bytes(b"\xff\0" * 100)
    (binary[1] / "best.pth").write_bytes(b"PK\3\4")
    (binary[1] / "x.ipynb").write_text("{", encoding="utf-8")
    students = [hand_in(tmp_path / name, homework_py=OWN) for name in "ab"]
    found = alike_in([("broken", broken), ("gone", nowhere), binary, *students])
    assert named(found) == [("program", ("a", "b"))]


def test_foreign_lines_steer_nothing(tmp_path: Path) -> None:
    hostile = OWN.replace("    right = 0", "    right = 0  # \u202e</pre><script>\x1b[31m")
    found = alike_in([hand_in(tmp_path / name, homework_py=hostile) for name in "ab"])
    text = "\n".join(found[0].sides[0].lines)
    assert "\\x202e</pre><script>\\x1b[31m" in text
    assert "\u202e" not in text


def test_a_long_place_is_cut(tmp_path: Path) -> None:
    long = "".join(f"value_{at} = value_{at + 1}.method_{at}(x)\n" for at in range(60))
    found = alike_in([hand_in(tmp_path / name, homework_py=long) for name in "ab"])
    assert len(found[0].sides[0].lines) == 17
    assert found[0].sides[0].lines[-1].startswith("… (+")


def test_what_was_found_is_kept_for_later_pages(tmp_path: Path) -> None:
    found = alike_in([hand_in(tmp_path / name, homework_py=OWN) for name in "ab"])
    kept = tmp_path / "out" / "alike.json"
    write_alike(found, kept)
    assert read_alike(kept) == found
    assert read_alike(tmp_path / "none.json") is None


@pytest.mark.parametrize(
    "text", ["", "[", "{}x", '[{"kind": "other"}]', "[1]", '[{"kind": "log", "sides": []}]', "\udcff"]
)
def test_a_file_that_is_none_was_not_compared(text: str, tmp_path: Path) -> None:
    kept = tmp_path / "alike.json"
    kept.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert read_alike(kept) is None
