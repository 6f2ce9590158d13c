"""读作业、运行作业 | Reading and running what a student hands in.

    found = find_submission(Path("handed_in"))
    asked = read_asked(found)                                   # from the source; nothing is run
    done = run_submission(found, images=None, budget=Budget(), cache=cache)

The judging process never imports or runs a student's file. Names are handed on when they are first asked for:
loading the plugin must stay cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mmedu.submission.budget import Budget
    from pytest_mmedu.submission.find import Submission, find_submission
    from pytest_mmedu.submission.running import SubmissionRun, run_submission
    from pytest_mmedu.submission.script import read_asked

__all__ = ["Budget", "Submission", "SubmissionRun", "find_submission", "read_asked", "run_submission"]

_HANDED_ON = {
    "Budget": "budget",
    "Submission": "find",
    "find_submission": "find",
    "SubmissionRun": "running",
    "run_submission": "running",
    "read_asked": "script",
}


def __getattr__(name: str) -> Any:
    if name not in _HANDED_ON:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HANDED_ON[name]}"), name)
