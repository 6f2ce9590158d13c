"""exercise.toml 与 submissions.toml 的格式 | What the two TOML files of an exercise may hold.

Each entry carries the words in which an error tells the teacher what is allowed. Plain data, read by toml_file.py:
every grading loads this, and pydantic would make it a fifth slower.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pytest_mmedu import rules
from pytest_mmedu.submission.isolation.levels import LEVELS
from pytest_mmedu.text import Text


class Entry(NamedTuple):
    """What may stand behind a key: a table with `keys` and no others, else a list or table of `each`, else a value."""

    words: Text
    fits: Callable[[Any], bool]
    needed: bool = False
    keys: Mapping[str, Entry] | None = None
    each: Entry | None = None


def _matching(pattern: str, words: Text, *, needed: bool = False) -> Entry:
    return Entry(words, lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None, needed)


def _table(keys: Mapping[str, Entry], words: Text, *, needed: bool = False) -> Entry:
    return Entry(words, _is_table, needed, keys)


def _tables_by_name(each: Entry, words: Text) -> Entry:
    return Entry(words, _is_table, each=each)


def _list(each: Entry, words: Text, *, needed: bool = False) -> Entry:
    return Entry(words, _is_list, needed, each=each)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _whole_from(low: int) -> Entry:
    return Entry(Text(f"不小于 {low} 的整数", f"a whole number from {low}"), lambda value: rules.whole(value, low))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


_A_TABLE = Text("一个表", "a table")
_TEXT = Entry(Text("非空文字", "a text that is not empty"), _is_text)
_NEEDED_TEXT = _TEXT._replace(needed=True)

_BUDGET: Mapping[str, Entry] = {
    "epochs": _whole_from(1),
    "images": _whole_from(1),
    "seconds": Entry(
        Text(" 0 到 3600 之间的数", "a number between 0 and 3600"),
        lambda value: rules.positive(value) and value <= 3600,
    ),
    "memory_mb": _whole_from(256),
}

# What is taken off for handing in late: see gradebook/late.py.
_LATE: Mapping[str, Entry] = {
    "due": Entry(
        Text(
            "带时区的日期和时间，如 2026-11-20T23:59:00+08:00",
            "a date and time with its zone, as 2026-11-20T23:59:00+08:00",
        ),
        lambda value: isinstance(value, datetime) and value.tzinfo is not None,
        needed=True,
    ),
    "per_day": Entry(Text("大于 0 的数", "a number above 0"), rules.positive, needed=True),
    "unit": Entry(
        Text(' "points" 或 "percent"', '"points" or "percent"'), lambda value: value in ("points", "percent")
    ),
    "most": Entry(Text("大于 0 的数", "a number above 0"), rules.positive),
    "grace_hours": Entry(Text("不小于 0 的数", "a number from 0"), rules.not_negative),
}

EXERCISE = _table(
    {
        "id": _matching(
            r"[A-Za-z0-9][A-Za-z0-9_-]*",
            Text("由字母、数字、下划线和短横线组成的名字", "a name of letters, digits, underscores and hyphens"),
            needed=True,
        ),
        "title": _table(
            {"zh": _NEEDED_TEXT, "en": _NEEDED_TEXT},
            Text('带 zh 和 en 的表，如 { zh = "…", en = "…" }', 'a table with zh and en: { zh = "…", en = "…" }'),
            needed=True,
        ),
        "teaches": _list(
            _matching(r"T\d\d", Text("知识点编号，如 T01", "the number of a topic as T01")),
            Text('知识点编号的列表，如 ["T01"]', 'a list of topic numbers as in ["T01"]'),
        ),
        "dataset": Entry(Text("数据集的名字或路径", "the name or path of a data set"), _is_text),
        "script": _matching(
            r"[^/\\]+\.py", Text("以 .py 结尾的文件名，不含文件夹", "a file name ending in .py, without a folder")
        ),
        "notebook": _matching(
            r"([^/\\]+\.ipynb)?",
            Text(
                "以 .ipynb 结尾、不含文件夹的文件名；没有笔记本时写空文字",
                'a file name ending in .ipynb, without a folder; "" where there is to be no notebook',
            ),
        ),
        # Without a script or notebook named beside it, the exercise asks for answers alone.
        "answers": _matching(
            r"[^/\\]+\.(toml|json|py)",
            Text(
                "以 .toml、.json 或 .py 结尾的文件名，不含文件夹",
                "a file name ending in .toml, .json or .py, without a folder",
            ),
        ),
        # With it no program is asked for; `dataset` names the pictures that students are given.
        "own_data": _matching(r"[^/\\.][^/\\]*", Text("一个文件夹的名字", "the name of a folder")),
        # Not val_set: MMEdu's train() validates on it.
        "held_out": Entry(Text(' "test_set"', '"test_set"'), lambda value: value == "test_set"),
        "min_isolation": Entry(
            Text(
                " container、namespaces、landlock、process 或 artefacts",
                "container, namespaces, landlock, process or artefacts",
            ),
            lambda value: rules.one_of(value, LEVELS),
        ),
        "budget": _table(_BUDGET, Text("一个表，如 [budget]", "a table as in [budget]")),
        "late": _table(_LATE, Text("一个表，如 [late]", "a table as in [late]")),
    },
    _A_TABLE,
)

_SCORE = Entry(Text("从 0 到总分的数", "a number from 0 to the full score"), rules.not_negative)
_LIST = _list(_TEXT, Text('文字的列表，如 ["accuracy"]', 'a list of texts as in ["accuracy"]'))
_NEEDED_LIST = _LIST._replace(needed=True)

# Words of which each must be read somewhere in what the student is told, in that language.
_HINT = _table(
    {"zh": _NEEDED_LIST, "en": _NEEDED_LIST}, Text("带 zh 和 en 的表", "a table with zh and en"), needed=True
)
# A submission that earns everything, unless a score is given.
_ACCEPTED = _table({"score": _SCORE}, _A_TABLE)
# `fails`: every check that says no, and no other: "loss_falls", or "param epochs" where one id occurs twice.
# `undecidable`: those that cannot know, likewise.
_REJECTED = _table(
    {"score": _SCORE._replace(needed=True), "fails": _NEEDED_LIST, "undecidable": _LIST, "hint": _HINT}, _A_TABLE
)

SUBMISSIONS = _table(
    {"accepted": _tables_by_name(_ACCEPTED, _A_TABLE), "rejected": _tables_by_name(_REJECTED, _A_TABLE)}, _A_TABLE
)
