"""exercise.toml: what is read, and the exact sentence for each mistake."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise import tables, toml_file
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.exercise.release import write_starters
from pytest_mmedu.exercise.verify import count
from pytest_mmedu.gradebook.late import LateRule
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.text import Text

GOOD = 'id = "01_a"\ntitle = { zh = "甲", en = "A" }\n'


def _load(folder: Path, text: str | bytes) -> Exercise:
    content = text.encode() if isinstance(text, str) else text
    (folder / "exercise.toml").write_bytes(content)
    return load_exercise(folder)


def test_everything_given(tmp_path: Path) -> None:
    text = """
        id = "01_a"
        title = { zh = "甲", en = "A" }
        teaches = ["T01", "T26"]
        dataset = "digits10"
        script = "work.py"
        min_isolation = "namespaces"
        held_out = "test_set"
        notebook = "work.ipynb"
        [budget]
        epochs = 20
        images = 400
        seconds = 30
        memory_mb = 2048
    """
    exercise = _load(tmp_path, text)
    assert (exercise.folder, exercise.id, exercise.title) == (tmp_path.resolve(), "01_a", Text("甲", "A"))
    assert exercise.teaches == ("T01", "T26")
    assert (exercise.dataset, exercise.script, exercise.notebook) == ("digits10", "work.py", "work.ipynb")
    assert exercise.budget == Budget(epochs=20, images=400, seconds=30.0, memory_mb=2048)
    assert (exercise.min_isolation, exercise.held_out) == ("namespaces", "test_set")


def test_a_late_rule(tmp_path: Path) -> None:
    text = '[late]\ndue = 2026-11-20T23:59:00+08:00\nper_day = 10\nunit = "percent"\nmost = 50\ngrace_hours = 0.5\n'
    due = datetime(2026, 11, 20, 15, 59, tzinfo=timezone.utc)
    assert _load(tmp_path, GOOD + text).late == LateRule(due, 10, "percent", 50, 0.5)
    assert _load(tmp_path, GOOD).late is None


def test_least_that_is_needed(tmp_path: Path) -> None:
    exercise = _load(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert (exercise.script, exercise.notebook, exercise.dataset) == ("homework.py", "homework.ipynb", None)
    assert exercise.budget == Budget(epochs=None, images=None, seconds=60.0, memory_mb=None)
    assert (exercise.min_isolation, exercise.held_out) == ("process", None)


def test_an_exercise_that_asks_for_a_config_has_no_notebook(tmp_path: Path) -> None:
    """Its starter is one file: mmcls reads no config from a notebook."""
    master = "runner = dict(\n    max_epochs=3,  # SOLUTION\n)\n"
    (tmp_path / "master.py").write_text(master, "utf-8")
    (tmp_path / "submissions.toml").write_text("", "utf-8")
    exercise = _load(tmp_path, GOOD + 'script = "config.py"\nnotebook = ""\n')
    assert exercise.notebook == ""
    assert [path.name for path in write_starters(tmp_path)] == ["config.py"]
    assert (tmp_path / "config.py").read_text("utf-8") == "runner = dict(\n    max_epochs=...,\n)\n"
    assert count(tmp_path) == 2


def test_folder_without_the_file_has_defaults(tmp_path: Path) -> None:
    exercise = load_exercise(tmp_path)
    assert (exercise.id, exercise.title) == (tmp_path.name, Text(tmp_path.name, tmp_path.name))
    assert exercise.budget == Budget(epochs=None, images=None, seconds=60.0, memory_mb=None)


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError) as caught:
        load_exercise(tmp_path / "nowhere")
    assert caught.value.text == Text(
        "没有练习文件夹 nowhere。请核对路径。", "There is no exercise folder nowhere. Check the path."
    )


KEYS = "answers, budget, dataset, held_out, id, late, min_isolation, notebook, own_data, script, teaches, title"
MISTAKES = {
    "missing key": (
        'title = { zh = "甲", en = "A" }\n',
        "exercise.toml 缺少 id。应为由字母、数字、下划线和短横线组成的名字。请补上这一项。",
        "exercise.toml lacks id. It takes a name of letters, digits, underscores and hyphens. Add this entry.",
    ),
    "missing language": (
        'id = "a"\ntitle = { zh = "甲" }\n',
        "exercise.toml 缺少 title.en。应为非空文字。请补上这一项。",
        "exercise.toml lacks title.en. It takes a text that is not empty. Add this entry.",
    ),
    "empty text": (
        'id = "a"\ntitle = { zh = "甲", en = "" }\n',
        "exercise.toml 的 title.en 是 ''。应为非空文字。请改好这一项。",
        "title.en in exercise.toml is ''. It takes a text that is not empty. Correct this entry.",
    ),
    "title without languages": (
        'id = "a"\ntitle = "A"\n',
        'exercise.toml 的 title 是 \'A\'。应为带 zh 和 en 的表，如 { zh = "…", en = "…" }。请改好这一项。',
        'title in exercise.toml is \'A\'. It takes a table with zh and en: { zh = "…", en = "…" }. Correct this entry.',
    ),
    "misspelt key": (
        GOOD + 'datset = "digits10"\n',
        "exercise.toml 里有不认识的键 datset。可用的键：" + KEYS.replace(", ", "、") + "。你是不是想写 dataset？",
        f"exercise.toml has an unknown key datset. The keys are {KEYS}. Did you mean dataset?",
    ),
    "unknown key in a table": (
        GOOD + "[budget]\nminutes = 1\n",
        "exercise.toml 里有不认识的键 budget.minutes。可用的键：epochs、images、memory_mb、seconds。请删去这一项。",
        "exercise.toml has an unknown key budget.minutes. The keys are epochs, images, memory_mb, seconds. "
        "Remove this entry.",
    ),
    "text for a number": (
        GOOD + '[budget]\nepochs = "10"\n',
        "exercise.toml 的 budget.epochs 是 '10'。应为不小于 1 的整数。请改好这一项。",
        "budget.epochs in exercise.toml is '10'. It takes a whole number from 1. Correct this entry.",
    ),
    "true for a number": (
        GOOD + "[budget]\nepochs = true\n",
        "exercise.toml 的 budget.epochs 是 True。应为不小于 1 的整数。请改好这一项。",
        "budget.epochs in exercise.toml is True. It takes a whole number from 1. Correct this entry.",
    ),
    "out of range": (
        GOOD + "[budget]\nseconds = 0\n",
        "exercise.toml 的 budget.seconds 是 0。应为 0 到 3600 之间的数。请改好这一项。",
        "budget.seconds in exercise.toml is 0. It takes a number between 0 and 3600. Correct this entry.",
    ),
    "not a number": (
        GOOD + "[budget]\nseconds = nan\n",
        "exercise.toml 的 budget.seconds 是 nan。应为 0 到 3600 之间的数。请改好这一项。",
        "budget.seconds in exercise.toml is nan. It takes a number between 0 and 3600. Correct this entry.",
    ),
    "entry of a list": (
        GOOD + 'teaches = ["T01", "lr"]\n',
        "exercise.toml 的 teaches[2] 是 'lr'。应为知识点编号，如 T01。请改好这一项。",
        "teaches[2] in exercise.toml is 'lr'. It takes the number of a topic as T01. Correct this entry.",
    ),
    "script with a folder": (
        GOOD + 'script = "src/homework.py"\n',
        "exercise.toml 的 script 是 'src/homework.py'。应为以 .py 结尾的文件名，不含文件夹。请改好这一项。",
        "script in exercise.toml is 'src/homework.py'. It takes a file name ending in .py, without a folder. "
        "Correct this entry.",
    ),
    "a level that does not exist": (
        GOOD + 'min_isolation = "docker"\n',
        "exercise.toml 的 min_isolation 是 'docker'。应为 container、namespaces、landlock、process 或 artefacts。"
        "请改好这一项。",
        "min_isolation in exercise.toml is 'docker'. It takes container, namespaces, landlock, process or artefacts. "
        "Correct this entry.",
    ),
    "a split that train() needs": (
        GOOD + 'held_out = "val_set"\n',
        "exercise.toml 的 held_out 是 'val_set'。应为 \"test_set\"。请改好这一项。",
        "held_out in exercise.toml is 'val_set'. It takes \"test_set\". Correct this entry.",
    ),
    "a due time without a zone": (
        GOOD + "[late]\ndue = 2026-11-20T23:59:00\nper_day = 10\n",
        "exercise.toml 的 late.due 是 datetime.datetime(2026, 11, 20, 23, 59)。"
        "应为带时区的日期和时间，如 2026-11-20T23:59:00+08:00。请改好这一项。",
        "late.due in exercise.toml is datetime.datetime(2026, 11, 20, 23, 59). "
        "It takes a date and time with its zone, as 2026-11-20T23:59:00+08:00. Correct this entry.",
    ),
    "points or percent": (
        GOOD + '[late]\ndue = 2026-11-20T23:59:00Z\nper_day = 10\nunit = "%"\n',
        'exercise.toml 的 late.unit 是 \'%\'。应为 "points" 或 "percent"。请改好这一项。',
        'late.unit in exercise.toml is \'%\'. It takes "points" or "percent". Correct this entry.',
    ),
    "not TOML": (
        "id = \n",
        "exercise.toml 不是正确的 TOML：Invalid value (at line 1, column 6)。请改好这一行。",
        "exercise.toml is not valid TOML: Invalid value (at line 1, column 6). Correct this line.",
    ),
    "not UTF-8": (
        b'id = "a"\ntitle = "\xc1\xb7\xcf\xb0"\n',
        "exercise.toml 第 2 行不是 UTF-8 编码。请把文件另存为 UTF-8。",
        "Line 2 of exercise.toml is not UTF-8. Save the file as UTF-8.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_is_a_sentence_in_both_languages(tmp_path: Path, name: str) -> None:
    text, zh, en = MISTAKES[name]
    with pytest.raises(ExerciseError) as caught:
        _load(tmp_path, text)
    assert (caught.value.text.zh, caught.value.text.en) == (zh, en)
    assert caught.value.place == f"{tmp_path.name}/exercise.toml"


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    (tmp_path / "exercise.toml").write_text('id = ""\nteaches = [1]\n[budget]\nepoch = 1\n', "utf-8")
    found = toml_file.problems(tmp_path / "exercise.toml", tables.EXERCISE)
    assert [error.seen.en for error in found] == [
        "id in exercise.toml is ''.",
        "exercise.toml lacks title.",
        "teaches[1] in exercise.toml is 1.",
        "exercise.toml has an unknown key budget.epoch.",
    ]


def test_verdicts_of_submissions_name_their_entry(tmp_path: Path) -> None:
    path = tmp_path / "submissions.toml"
    path.write_text('[rejected.lazy]\nscore = 0\nfails = "accuracy"\nhint = { zh = ["轮"], en = [] }\n', "utf-8")
    with pytest.raises(ExerciseError) as caught:
        toml_file.read(path, tables.SUBMISSIONS)
    assert caught.value.text.en == (
        "rejected.lazy.fails in submissions.toml is 'accuracy'. "
        'It takes a list of texts as in ["accuracy"]. Correct this entry.'
    )


def _entries(entry: tables.Entry) -> Iterator[tables.Entry]:
    yield entry
    for inner in (*(entry.keys or {}).values(), *filter(None, [entry.each])):
        yield from _entries(inner)


@pytest.mark.parametrize("schema", [tables.EXERCISE, tables.SUBMISSIONS])
def test_every_entry_says_what_is_allowed(schema: tables.Entry) -> None:
    entries = list(_entries(schema))
    assert len(entries) > 10
    for entry in entries:
        assert entry.words.zh.strip()
        assert entry.words.en


def test_every_key_of_the_file_is_an_attribute_of_the_exercise() -> None:
    assert tables.EXERCISE.keys is not None
    assert set(tables.EXERCISE.keys) <= {one.name for one in dataclasses.fields(Exercise)}
