"""What a program did is kept, and not done again for the same content; what hangs on the machine never is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.errors import CacheError
from pytest_mmedu.submission import SubmissionRun, find_submission, run_submission
from pytest_mmedu.text import Text

Run = Callable[..., SubmissionRun]


@pytest.mark.parametrize("text", ["print(1)\n", "1 / 0\n", "import os\nos._exit(3)\n"], ids=["end", "error", "exit"])
def test_the_second_time_nothing_is_started(run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    first = run(text)
    monkeypatch.setattr(subprocess, "Popen", None)
    second = run(text)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert (second.no_run, second.stdout_tail, second.seconds) == (first.no_run, first.stdout_tail, first.seconds)


def test_another_budget_or_content_is_another_run(run: Run, tmp_path: Path) -> None:
    assert not run("print(1)\n", seconds=30.0).from_cache
    assert not run("print(1)\n", seconds=31.0).from_cache
    (tmp_path / "handed in" / "data.csv").write_text("1", encoding="utf-8")
    assert not run("print(1)\n", seconds=30.0).from_cache
    assert run("print(1)\n", seconds=30.0).from_cache


@pytest.mark.parametrize(
    "text",
    ["while True: pass\n", "raise OSError(28, 'No space left on device')\n"],
    ids=["time limit", "full disk"],
)
def test_what_hangs_on_the_machine_is_never_kept(run: Run, text: str) -> None:
    run(text, seconds=0.5)
    assert not run(text, seconds=0.5).from_cache


class EmptiedCache(RunCache):
    """Somebody empties the cache at the worst moment."""

    def get_or_make(self, key: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
        found = super().get_or_make(key, make)
        shutil.rmtree(self.root)
        return found


def test_a_cache_that_is_emptied_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text("print(1)\n", encoding="utf-8")
    with pytest.raises(CacheError) as caught:
        run_submission(find_submission(tmp_path / "homework.py"), cache=EmptiedCache(tmp_path / "cache"))
    assert caught.value.text == Text(
        "缓存里的结果刚刚被删除或改动了。请再批改一次。",
        "The results in the cache were deleted or edited just now. Grade again.",
    )
