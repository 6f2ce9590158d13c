"""留着的，或现做的 | What a program did the last time, or now: once for the same content, whatever it is run for."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_mmedu.cache import RunCache
from pytest_mmedu.errors import CacheError
from pytest_mmedu.submission.job import FACTS, RUNS, Job, NotKept
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.submission.process import Confinement


class Made(NamedTuple):
    """`facts` as the job found them; `runs`, the folder of its trainings, is empty where nothing was kept."""

    level: str
    facts: dict[str, Any]
    runs: Path = Path()
    from_cache: bool = False


def kept_or_made(job: Job, cache: RunCache, levels: Sequence[str], confinement: Callable[[], Confinement]) -> Made:
    """What was kept at one of `levels`, the strongest first, without trying any box; else the job is done now.

    Raises:
        CacheError: the cache cannot be used.
    """
    for level in levels:
        kept = cache.find(job.key(level))
        if kept is not None:
            return Made(level, _facts(kept), kept / RUNS, from_cache=True)
    from pytest_mmedu.submission.carrying_out import carry_out

    box = confinement()
    try:
        folder, from_cache = cache.get_or_make(job.key(box.level), partial(carry_out, job, box))
    except NotKept as result:
        return Made(box.level, result.facts)
    return Made(box.level, _facts(folder), folder / RUNS, from_cache)


def process_level() -> Confinement:
    """The level that holds everywhere."""
    from pytest_mmedu.submission.process import ProcessLevel

    return ProcessLevel()


def _facts(folder: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text("utf-8"))
    except (OSError, ValueError) as error:
        seen = Text("缓存里的结果刚刚被删除或改动了。", "The results in the cache were deleted or edited just now.")
        raise CacheError(seen, Text("请再批改一次。", "Grade again.")) from error
    return facts
