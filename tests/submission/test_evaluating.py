"""The judge's look with a stranger's weights: what its process is given, and what is believed of its answer."""

from __future__ import annotations

import json
import math
import os
import stat
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed
from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.evaluating import Evaluator
from pytest_mmedu.submission.process import Ended, How, Limits
from tests.handmade import small_weights, write_checkpoint

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links need POSIX")
Answer = Callable[[dict[str, Any]], Any]


def all_right(job: dict[str, Any]) -> Any:
    return answer_of([[0, 1, 2] for _ in job["pictures"]])


def answer_of(ranked: list[Any], likely: Any = None, network: str = "LeNet") -> dict[str, Any]:
    """A fitting probability for each class, where none are given."""
    fitting = [[0.5, 0.25, 0.25][: len(row)] for row in ranked if isinstance(row, list)]
    return {"network": network, "ranked": ranked, "likely": fitting if likely is None else likely}


@dataclass
class Box:
    """In place of the process with torch: it notes what it was given, and answers as a taken-over one might."""

    answer: Answer = all_right
    ends: How = "exited"
    code: int | None = 0
    jobs: list[dict[str, Any]] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    level = "process"
    counts_own_processes = False

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        job = json.loads((area.talk / "job.json").read_text("utf-8"))
        self.jobs.append(job)
        self.modes += [Path(path).stat().st_mode for path in (job["weights"], *job["pictures"])]
        given = self.answer(job)
        if isinstance(given, Path):
            (area.talk / "answer.json").symlink_to(given)
        elif given is not None:
            text = given if isinstance(given, str) else json.dumps(given)
            (area.talk / "answer.json").write_text(text, encoding="utf-8")
        return Ended(self.ends, self.code, "", 0.1)


@pytest.fixture
def images(tmp_path: Path) -> ImageFolder:
    """Three classes; each picture has a content of its own."""
    root = tmp_path / "data"
    for split, count in (("training_set", 4), ("test_set", 3)):
        for name in "abc":
            for at in range(count):
                place = root / split / name / f"picture of {name} {at}.png"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(f"{split} {name} {at}".encode())
    return read_dataset(root)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return write_checkpoint(tmp_path / "best.pth", small_weights())


Ask = Callable[..., Recomputed | NotEvaluated]


@pytest.fixture
def ask(images: ImageFolder, weights: Path, tmp_path: Path) -> Ask:
    cache = RunCache(tmp_path / "cache")

    def asked(box: Box, **changes: Any) -> Recomputed | NotEvaluated:
        given: dict[str, Any] = {"networks": ["LeNet"], "image_size": None, "split": "test_set", **changes}
        return Evaluator(images, cache, lambda: box)(weights, **given)

    return asked


def test_it_is_given_the_pictures_of_one_split_under_numbers_and_no_label(ask: Ask, weights: Path) -> None:
    box = Box()
    found = ask(box)
    (job,) = box.jobs
    assert sorted(Path(path).name for path in job["pictures"]) == [f"{number:05}.png" for number in range(9)]
    assert set(job) == {"weights", "networks", "image_size", "classes", "pictures", "limits", "site_folders"}
    assert "picture of" not in json.dumps(job)
    assert str(weights) not in json.dumps(job)
    assert isinstance(found, Recomputed)
    assert sorted(found.labels) == [0, 0, 0, 1, 1, 1, 2, 2, 2] != list(found.labels)  # the order tells no label
    assert (found.n, round(found.top1, 2), found.top5) == (9, 33.33, None)
    assert found.predictions == (0,) * 9
    assert round(found.loss, 4) == round((math.log(2) + 2 * math.log(4)) / 3, 4)


@pytest.mark.parametrize(
    ("ranked", "likely", "probability"),
    [((2, 0, 1), (0.5, 0.25, 0.25), 0.25), ((2, 1), (0.5, 0.1), 0.1), ((), (), 1e-12), ((1, 2), (1.0, 0.0), 1e-12)],
)
def test_the_loss_of_a_picture(ranked: tuple[int, ...], likely: tuple[float, ...], probability: float) -> None:
    """Six classes, of which the answer names the first few; what is left is shared by the others."""
    found = Recomputed("LeNet", 6, (0,), (ranked,), (likely,))
    assert found.loss == pytest.approx(-math.log(probability))


def test_pictures_of_no_split_keep_their_order_and_have_no_label(ask: Ask, images: ImageFolder) -> None:
    own = [images.root / "test_set" / name / f"picture of {name} 1.png" for name in "cab"]
    box = Box(lambda job: answer_of([[2, 1], [0, 2], [1, 0]]))
    found = ask(box, split="", pictures=own)
    assert isinstance(found, Recomputed)
    assert (found.labels, found.predictions) == ((-1, -1, -1), (2, 0, 1))
    assert len(box.jobs[0]["pictures"]) == 3
    assert ask(box, split="", pictures=own) == found
    ask(box, split="", pictures=own[:2] + own[:1])
    assert len(box.jobs) == 2  # the same three were not looked at again


@POSIX
def test_what_it_is_given_it_cannot_change(ask: Ask) -> None:
    box = Box()
    ask(box)
    assert {stat.S_IMODE(mode) for mode in box.modes} == {0o444}


def test_the_same_weights_and_pictures_are_looked_at_once(ask: Ask, images: ImageFolder, weights: Path) -> None:
    first, second = Box(), Box()
    assert ask(first) == ask(second)
    assert (len(first.jobs), len(second.jobs)) == (1, 0)
    picture = images.splits["test_set"][0].path
    picture.write_bytes(b"another picture")
    ask(second)
    assert len(second.jobs) == 1
    write_checkpoint(weights, small_weights(first=0.25))
    ask(second)
    assert len(second.jobs) == 2


def ranked(rows: Callable[[list[list[int]]], Any]) -> Answer:
    return lambda job: answer_of(rows([[0, 1, 2] for _ in job["pictures"]]))


def likely(rows: Callable[[list[list[Any]]], Any]) -> Answer:
    return lambda job: answer_of(
        [[0, 1, 2] for _ in job["pictures"]], rows([[0.5, 0.25, 0.25] for _ in job["pictures"]])
    )


FORGED: dict[str, Answer] = {
    "nothing": lambda job: None,
    "no JSON": lambda job: "{",
    "a list": lambda job: [],
    "more than asked for": lambda job: {**all_right(job), "top1": 100.0},
    "another network": lambda job: {**all_right(job), "network": "ResNet50"},
    "too few": ranked(lambda rows: rows[1:]),
    "too many": ranked(lambda rows: [*rows, [0]]),
    "no list of lists": ranked(lambda rows: [0] * len(rows)),
    "a class that is not there": ranked(lambda rows: [[3], *rows[1:]]),
    "a negative class": ranked(lambda rows: [[-1], *rows[1:]]),
    "a class twice": ranked(lambda rows: [[0, 0], *rows[1:]]),
    "True for 1": ranked(lambda rows: [[True], *rows[1:]]),
    "a number with a point": ranked(lambda rows: [[0.0], *rows[1:]]),
    "likelier than sure": likely(lambda rows: [[1.5, 0.25, 0.25], *rows[1:]]),
    "less than impossible": likely(lambda rows: [[-0.5, 0.25, 0.25], *rows[1:]]),
    "True for likely": likely(lambda rows: [[True, 0.25, 0.25], *rows[1:]]),
    "likely for fewer classes": likely(lambda rows: [[0.5], *rows[1:]]),
    "likely for fewer pictures": likely(lambda rows: rows[1:]),
    "likely for none": likely(lambda rows: 7),
    "NaN": lambda job: json.dumps(all_right(job)).replace("0", "NaN", 1),
    "a key twice": lambda job: json.dumps(all_right(job))[:-1] + ', "network": "LeNet"}',
    "nested without end": lambda job: "[" * 100_000,
    "too long": lambda job: json.dumps(all_right(job)) + " " * 2_000_000,
}


@pytest.mark.parametrize("name", FORGED)
def test_an_answer_of_another_form_is_none(ask: Ask, name: str) -> None:
    found = ask(Box(FORGED[name]))
    assert isinstance(found, NotEvaluated)
    assert found.seen.zh == "重新评估没有完成"
    assert found.seen.en == "evaluating the weights did not come to its end"
    assert isinstance(ask(Box()), Recomputed)  # nothing of it was kept


@POSIX
def test_a_link_is_no_answer(ask: Ask, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_text(json.dumps(all_right({"networks": ["LeNet"], "pictures": [""] * 9})), encoding="utf-8")
    assert isinstance(ask(Box(lambda job: elsewhere)), NotEvaluated)


ENDS: dict[tuple[How, int | None], tuple[int, str, str]] = {
    ("time", None): (1, "重新评估超过 120 秒", "evaluating the weights took longer than 120 s"),
    ("memory", None): (1, "重新评估没有完成", "evaluating the weights did not come to its end"),
    ("exited", 1): (1, "重新评估没有完成", "evaluating the weights did not come to its end"),
    ("exited", -9): (1, "重新评估没有完成", "evaluating the weights did not come to its end"),
    ("not started", 1): (2, "重新评估的进程没能启动", "the process that evaluates the weights did not start"),
}


@pytest.mark.parametrize("end", ENDS)
def test_an_answer_counts_only_of_a_process_that_ended_well(ask: Ask, end: tuple[How, int | None]) -> None:
    tries, zh, en = ENDS[end]
    box = Box(ends=end[0], code=end[1])
    found = ask(box)
    assert isinstance(found, NotEvaluated)
    assert (len(box.jobs), found.seen.zh, found.seen.en) == (tries, zh, en)


def test_weights_that_fit_none_of_the_networks(ask: Ask) -> None:
    box = Box(lambda job: {"network": None, "ranked": [], "likely": []})
    for _ in range(2):  # the second time from the cache
        with pytest.raises(CheckpointError) as caught:
            ask(box)
        assert caught.value.seen.zh == "best.pth 不是 LeNet 的权重。"
        assert caught.value.seen.en == "best.pth does not hold weights of LeNet."
    assert len(box.jobs) == 1


def test_a_split_without_pictures(images: ImageFolder, weights: Path, tmp_path: Path) -> None:
    box = Box()
    evaluate = Evaluator(images, RunCache(tmp_path / "cache"), lambda: box)
    found = evaluate(weights, networks=["LeNet"], image_size=None, split="val_set")
    assert isinstance(found, NotEvaluated)
    assert (found.seen.zh, found.seen.en) == ("val_set 里没有图片", "there are no pictures in val_set")
    assert box.jobs == []


def test_pictures_answered_with_nan_are_wrong(ask: Ask) -> None:
    found = ask(Box(ranked(lambda rows: [[] for _ in rows])))
    assert isinstance(found, Recomputed)
    assert (found.top1, found.predictions) == (0.0, (None,) * 9)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_weights_that_may_not_be_read(ask: Ask, weights: Path) -> None:
    weights.chmod(0)
    with pytest.raises(CheckpointError):
        ask(Box())
