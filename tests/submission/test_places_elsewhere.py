"""Places on the computer of whoever wrote the program: grading has none of them, and one verdict on every system."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import find_dataset, read_dataset, shipped
from pytest_mmedu.mmedu import recorder
from pytest_mmedu.one_computer import of_one_computer
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.claims import as_written
from pytest_mmedu.submission.config.replacing import replaced_notes
from pytest_mmedu.submission.material import asked_elsewhere
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import source_of
from pytest_mmedu.text import Text, printable

HEAD = "from MMEdu import MMClassification as cls\nmodel = cls(backbone='LeNet', num_classes=10)\n"
TRAINING = HEAD + "model.load_dataset({data!r})\nmodel.train(epochs=1, lr=0.05, save_fold={fold!r})\nprint('done')\n"
LOOKS = (
    "from pytest_mmedu.dataset import find_dataset\n"
    "print(sorted(one.name for one in find_dataset({data!r}).iterdir()))\n"
)
Run = Callable[..., SubmissionRun]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_it(text: str, **how: Any) -> SubmissionRun:
        (tmp_path / "handed in").mkdir()
        (tmp_path / "handed in" / "homework.py").write_text(text, "utf-8")
        usual = {"budget": Budget(images=40, seconds=60), "images": read_dataset(find_dataset("digits10"))}
        return run_submission(
            find_submission(tmp_path / "handed in"), cache=RunCache(tmp_path / "cache"), **{**usual, **how}
        )

    return run_it


@pytest.fixture
def replaced() -> Iterator[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []
    recorder.replacements.append(found.append)
    yield found
    recorder.replacements.remove(found.append)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which everything is saved."""
    place = tmp_path / "work"
    (place / "submission").mkdir(parents=True)
    monkeypatch.chdir(place / "submission")
    monkeypatch.setattr(recorder, "limits", recorder.Limits(folder=place))
    return place


@pytest.mark.parametrize(
    "path", ["D:/data", "d:\\data", "c:data", "\\\\server\\share", "//server/share", "/home/li", "~/data", " D:/data"]
)
def test_of_one_computer_on_whatever_system_it_was_written(path: str) -> None:
    assert of_one_computer(path)


@pytest.mark.parametrize("path", ["data", "./data", "../data", "数据/猫", "checkpoints\\cls_model", ""])
def test_there_on_every_computer(path: str) -> None:
    assert not of_one_computer(path)


def test_without_grading_a_training_saves_where_it_asks_to(tmp_path: Path, replaced: list[dict[str, Any]]) -> None:
    asked = str(tmp_path / "models")
    assert recorder.place_to_save(asked) == Path(asked)
    assert recorder.place_to_save("~/models") == Path.home() / "models"
    assert replaced == []


def test_what_lies_inside_stays_there(folder: Path, replaced: list[dict[str, Any]]) -> None:
    inside = ["models", "a/../models", "../checkpoints/cls_model", str(folder / "submission" / "模型")]
    assert [recorder.place_to_save(asked) for asked in inside] == [Path(asked) for asked in inside]
    assert replaced == []


def test_every_other_place_gets_one_inside(folder: Path, tmp_path: Path, replaced: list[dict[str, Any]]) -> None:
    outside = [str(tmp_path / "li" / "model"), str(tmp_path / "wang" / "model"), "../../../model", "D:/MMEdu/model"]
    places = [recorder.place_to_save(asked) for asked in outside]
    assert len(set(places)) == 4
    assert places[-1] == folder / "elsewhere" / "MMEdu" / "model"
    assert all(folder / "elsewhere" in place.parents and ".." not in place.parts for place in places)
    assert replaced == [{"what": "save_fold", "name": asked} for asked in outside]
    assert not (tmp_path / "li").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_is_no_way_out(folder: Path, tmp_path: Path) -> None:
    (folder / "submission" / "models").symlink_to(tmp_path)
    assert recorder.place_to_save("models/first") == folder / "elsewhere" / "models" / "first"


def test_the_report_says_where_it_was_saved() -> None:
    event = {"event": "replaced", "replaced": {"what": "save_fold", "name": "D:\\MMEdu\\model"}}
    assert list(replaced_notes([json.loads(json.dumps(event))])) == [
        Text(
            "训练要保存到 D:\\MMEdu\\model，那是别的地方；批改时保存在作业旁边。",
            "A training was to be saved to D:\\MMEdu\\model, which is elsewhere; for grading it was saved beside the "
            "homework.",
        )
    ]


def test_a_place_of_the_authors_wins_over_one_of_the_same_name_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "digits10").mkdir()
    monkeypatch.setitem(shipped.INSTEAD, str(tmp_path / "digits10"), tmp_path)
    assert find_dataset(str(tmp_path / "digits10")) == tmp_path
    assert find_dataset("digits10") != tmp_path


def test_the_exercises_data_are_known_by_any_path_that_ends_in_their_name() -> None:
    paths = ["D:\\data\\digits10", "/home/li/digits10", "~/digits10", "D:/data/faces2", "../digits10", "digits10"]
    text = HEAD + "".join(f"model.load_dataset({path!r})\nmodel.train()\n" for path in paths)
    program = written(source_of(text.encode(), "homework.py"))
    assert asked_elsewhere(program, "digits10") == {*paths[:3]}


def test_a_whole_path_into_its_own_folder_is_there_on_every_computer(tmp_path: Path) -> None:
    """`os.path.join(os.getcwd(), "out")`: what it comes to here is another path at every grading."""
    work = tmp_path / "work"
    folder = work / "submission" / "第一题"
    given = {"save_fold": str(folder / "out"), "dataset": str(work / "digits10"), "lr": 0.1, "checkpoint": None}
    of_others = {"backbone": str(tmp_path / "workshop" / "net.py"), "metric": ["accuracy"], "device": "cpu"}
    called = {"event": "train", "line": 3, "params": {**given, **of_others}}
    wanted = {**given, "save_fold": "out", "dataset": "../../digits10", **of_others}
    assert as_written(called, work, folder) == {"event": "train", "line": 3, "params": wanted}
    finished = {"event": "finished", "folder": str(folder / "out")}
    assert as_written(finished, work, folder) == finished


@pytest.mark.train
def test_a_training_on_the_authors_places_is_graded_as_any_other(run: Run, tmp_path: Path) -> None:
    fold, data = str(tmp_path / "home" / "li" / "model"), "D:\\MMEdu\\dataset\\digits10"
    done = run(TRAINING.format(data=data, fold=fold) + LOOKS.format(data=data), held_out="test_set")
    assert done.no_run is None
    (trained,) = done.runs
    assert sorted(trained.checkpoints) == [1]
    assert (trained.params["save_fold"], done.asked[0]["save_fold"].differs) == (fold, None)
    assert done.asked[0]["dataset"].differs is None
    said = printable(fold, 60)
    note = Text(
        f"训练要保存到 {said}，那是别的地方；批改时保存在作业旁边。",
        f"A training was to be saved to {said}, which is elsewhere; for grading it was saved beside the homework.",
    )
    assert note in done.notes
    assert not (tmp_path / "home").exists()
    left = sorted(path.name for path in find_dataset("digits10").iterdir() if not path.name.startswith("test"))
    assert done.stdout_tail.endswith(f"{left}\n")
