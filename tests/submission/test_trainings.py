"""Several train() calls in one program: which folder belongs to which call, and why one has none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.asked import Asked
from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.run import Run
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.artefacts import judge_artefacts
from pytest_mmedu.submission.isolation.boxes import Refused
from pytest_mmedu.submission.process import Confinement
from pytest_mmedu.submission.trainings import numbers, trained, what_was_left
from pytest_mmedu.text import Text

STOPPED = NoRun("failed", Text("停了", "stopped"), Text("看看", "look"))
WRITTEN_OVER = "a later training has written over the files of this one"
TRAIN, FINISHED = {"event": "train"}, {"event": "finished"}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], []),
        ([TRAIN], [None]),
        ([TRAIN, FINISHED, TRAIN, FINISHED], [0, 1]),
        ([TRAIN, TRAIN, FINISHED], [None, 0]),
        ([TRAIN, FINISHED, TRAIN], [0, None]),
        ([FINISHED, TRAIN, FINISHED], [1]),
    ],
)
def test_which_calls_ended(events: list[dict[str, str]], expected: list[int | None]) -> None:
    assert list(numbers(events)) == expected


def test_the_last_of_several_in_one_folder_has_left_its_files() -> None:
    one, other = Run(Path("a")), Run(Path("b"))
    left = what_was_left([((0, 2), one), ((1,), other), ((), Run(Path("c")))])
    each = trained([Asked()] * 5, [0, 1, 2, 3, None], left, STOPPED)
    assert [training.run for training in each] == [None, other, one, None, None]
    said = [training.no_run.seen.en for training in each if training.no_run is not None]
    assert said == [WRITTEN_OVER, "A training ended, but its files are not in the homework's folder.", "stopped"]


PROGRAM = """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
"""


@pytest.fixture
def run(tmp_path: Path, in_a_process: Callable[[], Confinement]) -> Callable[..., SubmissionRun]:
    def run_it(text: str) -> SubmissionRun:
        folder = tmp_path / "handed in"
        folder.mkdir(exist_ok=True)
        (folder / "homework.py").write_text(PROGRAM + text, encoding="utf-8")
        budget = Budget(epochs=1, images=12, seconds=120)
        cache = RunCache(tmp_path / "cache")
        return run_submission(find_submission(folder), budget=budget, cache=cache, confinement=in_a_process)

    return run_it


@pytest.mark.train
def test_each_call_has_its_own_run(run: Callable[..., SubmissionRun]) -> None:
    done = run(
        "for n, rate in enumerate((0.1, 0.2)):\n"
        "    model.train(epochs=1, lr=rate, batch_size=4, save_fold=f'z{9 - n}')\n"
        "model.train(epochs=1, lr=0.3, batch_size=4, save_fold='z9')\n"
        "model.train(epochs=1, lr=0.4, batch_size='4', save_fold='z5')\n"
        "model.train(epochs=1, lr=0.5, batch_size=4, save_fold='z4')\n"
    )
    rates = [training.asked["lr"].differs or training.asked["lr"].value for training in done.trainings]
    assert rates == [0.1, 0.2, 0.3, 0.4, 0.5]
    found = [training.run and training.run.params["lr"] for training in done.trainings]
    assert found == [None, 0.2, 0.3, None, None]
    why = [training.no_run for training in done.trainings]
    assert why[0] is not None
    assert why[0].seen.en == WRITTEN_OVER
    assert why[3] == why[4]  # the program came no further
    assert why[3] is not None
    assert why[3].seen.en == (
        "Parameter batch_size got '4'. It takes a whole number from 1, or None (the network's default)."
    )


def test_nothing_is_run_while_one_call_is_not_filled_in(run: Callable[..., SubmissionRun]) -> None:
    done = run("model.train(lr=0.1)\nmodel.train(lr=...)\n")
    assert [training.asked["lr"].state for training in done.trainings] == ["given", "not filled in"]
    assert {training.no_run.seen.en for training in done.trainings if training.no_run} == {
        "Parameter lr is not filled in."
    }


def test_handed_in_folders_go_with_the_calls_that_name_them(tmp_path: Path) -> None:
    """Where no program is run: by save_fold, not by the order of the files."""
    folder = tmp_path / "handed in"
    for name in ("b", "a"):
        (folder / name).mkdir(parents=True)
        (folder / name / "1.log.json").write_text("{}\n", encoding="utf-8")
    calls = "".join(f"model.train(lr={n}, save_fold='{fold}')\n" for n, fold in ((1, "b"), (2, "./a"), (3, "c")))
    (folder / "homework.py").write_text(PROGRAM + calls, encoding="utf-8")
    refused = Refused(Text("不行", "no"), Text("装上", "install"), chosen=True)
    done = judge_artefacts(find_submission(folder), refused, tmp_path / "out")
    assert [training.run is not None for training in done.trainings] == [True, True, False]
    logs = [training.run.folder.name for training in done.trainings if training.run is not None]
    assert len(set(logs)) == 2
    assert done.trainings[2].no_run is not None
    assert done.trainings[2].no_run.seen.en == "the folder of this training was not handed in"
