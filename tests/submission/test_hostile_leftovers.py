"""What a child leaves is data from a stranger: links, pipes, forged words, endless files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission import find_submission
from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.claims import read_end, read_events, to_be_kept
from pytest_mmedu.submission.collect import collect, stamps
from pytest_mmedu.submission.differences import Recorded, compared
from pytest_mmedu.submission.process import Ended
from pytest_mmedu.submission.reasons import no_training
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.snapshot import take_snapshot
from pytest_mmedu.submission.source import source_of
from pytest_mmedu.text import Text

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need POSIX")
PROGRAM = "from MMEdu import MMClassification as cls\nfor lr in (0.1, 0.2):\n    cls().train(lr=lr)\n"


def training(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def test_only_new_trainings_are_collected(tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    training(work / "handed in", "1.log.json", "epoch_1.pth")
    both = training(work / "both", "1.log.json", "epoch_1.pth", "latest.pth")
    before = stamps(work)
    training(work / "new", "2.log.json", "epoch_1.pth", "notes.docx")
    (both / "2.log.json").write_text("two", encoding="utf-8")
    found = collect(work, before, {str(work / "new")}, out)
    assert {(tuple(sorted(p.name for p in (out / run.folder).iterdir())), run.finished) for run in found} == {
        (("2.log.json",), False),
        (("2.log.json", "epoch_1.pth"), True),
    }


def test_a_training_that_was_moved_afterwards(tmp_path: Path) -> None:
    """Where it is not clear which one is which, nothing is taken for another."""
    work = tmp_path / "work"
    training(work / "stayed", "1.log.json")
    training(work / "final", "2.log.json")
    saved = [str(work / name) for name in ("stayed", "gone", "gone")]
    assert sorted(one.turns for one in collect(work, {}, saved, tmp_path / "1")) == [(0,), (1, 2)]
    training(work / "copy", "2.log.json")
    assert {one.turns for one in collect(work, {}, saved, tmp_path / "2")} == {(0,), ()}
    assert {one.turns for one in collect(work, {}, [], tmp_path / "3")} == {()}


@POSIX
def test_links_pipes_and_devices_are_not_collected(tmp_path: Path) -> None:
    secret = tmp_path / "secret.pth"
    secret.write_text("secret", encoding="utf-8")
    work, out = tmp_path / "work", tmp_path / "out"
    folder = training(work / "run", "1.log.json", "epoch_2.pth")
    (folder / "epoch_1.pth").symlink_to(secret)
    (folder / "best_x_epoch_1.pth").symlink_to("/dev/zero")
    os.mkfifo(folder / "run.json")
    (folder / "latest.pth").symlink_to("epoch_2.pth")
    collect(work, {}, set(), out)
    assert {path.name: path.read_text(encoding="utf-8") for path in (out / "0").iterdir()} == {
        "1.log.json": "1.log.json",
        "epoch_2.pth": "epoch_2.pth",
        "latest.pth": "epoch_2.pth",
    }


@POSIX
@pytest.mark.parametrize("target", ["../secret.pth", "/etc/hostname", "latest.pth", "missing.pth"])
def test_latest_leads_nowhere_else(tmp_path: Path, target: str) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    training(work, "secret.pth")
    (training(work / "run", "1.log.json") / "latest.pth").symlink_to(target)
    collect(work, {}, set(), out)
    assert [path.name for path in (out / "0").iterdir()] == ["1.log.json"]


def test_too_many_files_keep_the_log_and_the_last_epochs(tmp_path: Path) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    training(work / "run", "1.log.json", *(f"epoch_{n}.pth" for n in range(1, 411)))
    (run,) = collect(work, {}, set(), out)
    names = {path.name for path in (out / "0").iterdir()}
    assert len(names) == 400
    assert {"1.log.json", "epoch_410.pth"} <= names
    assert "epoch_1.pth" not in names
    assert run.notes == (
        Text(
            "训练留下的文件太多或太大，有 11 个没有收（如 epoch_11.pth）。",
            "The training left too many or too large files; 11 were not collected (epoch_11.pth for one).",
        ),
    )


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"null",
        b"[]",
        b'{"how": "passed"}',
        b'{"how": "error"}',
        b'{"how": "error", "error": []}',
        b'{"how": "exit", "code": "0"}',
        b"[" * 100_000,
        b'{"how": "end"' + b" " * 3_000_000 + b"}",
    ],
    ids=lambda words: str(words[:30]),
)
def test_last_words_that_make_no_sense_are_none(tmp_path: Path, words: bytes) -> None:
    path = tmp_path / "ended.json"
    path.write_bytes(words)
    assert read_end(path) is None


def test_events_that_make_no_sense_are_left_out(tmp_path: Path) -> None:
    good: list[dict[str, Any]] = [
        {"event": "train", "line": 3, "params": {"lr": 0.1}},
        {"event": "finished", "folder": "x"},
    ]
    bad = ['{"event": "train"}', '{"event": "train", "line": "3", "params": {}}', '{"event": "finished"}', "7", "{"]
    path = tmp_path / "events.jsonl"
    path.write_text("\n".join([*bad, *map(json.dumps, good), *bad]), encoding="utf-8")
    assert read_events(path) == good


@POSIX
def test_last_words_behind_a_link_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text('{"how": "end"}', encoding="utf-8")
    (tmp_path / "ended.json").symlink_to("real.json")
    assert read_end(tmp_path / "ended.json") is None


@pytest.mark.parametrize(
    ("how", "code", "claim", "kept"),
    [
        ("exited", 0, {"how": "end"}, True),
        ("exited", 1, {"how": "exit", "code": 1}, True),
        ("exited", 1, {"how": "error", "error": {"type": "NameError"}}, True),
        ("exited", 1, {"how": "error", "error": {"type": "OSError", "errno": 28}}, False),
        ("exited", 1, {"how": "error", "error": {"type": "OutputError", "ours": True}}, False),
        ("exited", 0, {"how": "not started"}, False),
        ("exited", 0, None, True),
        ("exited", -9, None, False),
        ("output", None, None, True),
        ("time", None, None, False),
        ("memory", None, None, False),
        ("not started", None, None, False),
    ],
)
def test_what_is_kept_in_the_cache(how: Any, code: int | None, claim: Any, kept: bool) -> None:
    assert to_be_kept(Ended(how, code, "", 1.0), claim) is kept


def test_calls_are_told_apart_by_their_lines() -> None:
    program = written(source_of(PROGRAM.encode(), "homework.py"))
    first, second, third = compared(
        program,
        [Recorded(3, {"lr": 0.1}), Recorded(3, {"lr": 9.0, "work_dir": "x"}), Recorded(None, {"lr": None})],
    )
    assert (first["lr"].value, first["lr"].differs) == (0.1, None)
    assert (second["lr"].value, second["lr"].differs) == (0.2, 9.0)
    assert second.unknown == {"work_dir": "homework.py:3"}
    assert (third["lr"].state, third["lr"].differs, third.place) == ("unreadable", None, None)


def test_a_default_that_was_changed_behind_the_source() -> None:
    program = written(source_of(PROGRAM.encode(), "homework.py"))
    (asked,) = compared(program, [Recorded(3, {"lr": 0.1, "epochs": 5, "batch_size": None, "topk": [1, 5]})])
    assert (asked["epochs"].value, asked["epochs"].state, asked["epochs"].differs) == (100, "default", 5)
    assert asked["batch_size"].differs is None
    assert asked["topk"].differs == [1, 5]


def test_a_submission_changed_while_it_is_copied(tmp_path: Path) -> None:
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    (handed_in / "homework.py").write_text("a = 1\n", encoding="utf-8")
    snapshot = take_snapshot(find_submission(handed_in))
    (handed_in / "homework.py").write_text("a = 2\n", encoding="utf-8")
    with pytest.raises(SubmissionError) as caught:
        snapshot.copy_to(tmp_path / "copy")
    assert caught.value.text == Text(
        "批改过程中 homework.py 被改动了。请等文件写完后再批改一次。",
        "homework.py was changed while it was being graded. Wait until it is complete and grade again.",
    )


@POSIX
def test_an_area_is_removed_although_its_rights_were_taken_away() -> None:
    with fresh_area() as area:
        locked = area.work / "locked"
        locked.mkdir()
        (locked / "file").write_text("x", encoding="utf-8")
        locked.chmod(0)
    assert not area.root.exists()


def test_the_environment_is_a_list_of_what_is_allowed() -> None:
    with fresh_area() as area:
        outside = {"PATH": "/bin", "SECRET": "1", "PYTHONPATH": "/x", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1"}
        environment = area.environment(outside)
        assert environment["PATH"] == "/bin"
        assert environment["HOME"] == environment["XDG_CACHE_HOME"] == environment["MPLCONFIGDIR"] == str(area.home)
        assert environment["TMPDIR"] == str(area.tmp)
        assert environment["OMP_NUM_THREADS"] == "1"
        assert {"SECRET", "PYTHONPATH", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"}.isdisjoint(environment)


def test_the_hint_for_a_function_that_nobody_calls() -> None:
    text = "from MMEdu import MMClassification as cls\ndef go():\n    cls().train(epochs=1)\n"
    no_run = no_training(written(source_of(text.encode(), "homework.py")))
    assert no_run.place == "homework.py:3"
    assert no_run.seen == Text(
        "程序运行完了，但没有训练：train() 所在的函数没有被调用。",
        "The program ran to its end without training: nothing calls the function that holds train().",
    )
    assert no_run.hint == Text("在程序的最后调用这个函数。", "Call that function at the end of the program.")


def test_the_area_of_a_killed_grader_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old = training(tmp_path / "mmedu-run-old", ".alive", "epoch_1.pth")
    os.utime(old / ".alive", (0, 0))
    with fresh_area() as living:
        os.utime(living.root / ".alive", (0, 0))
        with fresh_area() as other:
            assert {path.name for path in tmp_path.iterdir()} == {living.root.name, other.root.name}
    assert list(tmp_path.iterdir()) == []
