"""Mistake -> exact sentence, in Chinese and in English, for every check."""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_mmedu.checks import CHECKS
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text, title_of
from tests.checks import (
    rows_accuracy,
    rows_agreement,
    rows_answers,
    rows_choices,
    rows_config,
    rows_confirmed,
    rows_distributed,
    rows_divergence,
    rows_files,
    rows_functions,
    rows_going_on,
    rows_images,
    rows_inference,
    rows_learning,
    rows_left_files,
    rows_mistakes,
    rows_parameters,
    rows_readings,
    rows_recomputed,
    rows_records,
    rows_repeats,
    rows_schedule,
    rows_start,
    rows_valid,
    rows_validation,
    rows_weights,
)
from tests.checks.made import Row

ROWS: tuple[Row, ...] = (
    *rows_parameters.ROWS,
    *rows_valid.ROWS,
    *rows_start.ROWS,
    *rows_choices.ROWS,
    *rows_config.ROWS,
    *rows_distributed.ROWS,
    *rows_learning.ROWS,
    *rows_divergence.ROWS,
    *rows_accuracy.ROWS,
    *rows_validation.ROWS,
    *rows_records.ROWS,
    *rows_repeats.ROWS,
    *rows_schedule.ROWS,
    *rows_files.ROWS,
    *rows_left_files.ROWS,
    *rows_weights.ROWS,
    *rows_agreement.ROWS,
    *rows_recomputed.ROWS,
    *rows_confirmed.ROWS,
    *rows_images.ROWS,
    *rows_answers.ROWS,
    *rows_readings.ROWS,
    *rows_inference.ROWS,
    *rows_going_on.ROWS,
    *rows_mistakes.ROWS,
    *rows_functions.ROWS,
)
ALWAYS_DECIDED = {"no_unknown_parameters", "parameters_valid", "log_complete", "validated_every_epoch"}
TOLD = [row for row in ROWS if row.outcome != "passed"]


def _ids(rows: Sequence[Row]) -> list[str]:
    return [f"{at}-{row.check}-{row.outcome}" for at, row in enumerate(rows)]


def _judge(row: Row, folder: Path) -> Result:
    return CHECKS[row.check](row.subject(folder), **row.given)


def _both(text: Text | None) -> tuple[str, str] | None:
    return None if text is None else (text.zh, text.en)


@pytest.mark.parametrize("row", ROWS, ids=_ids(ROWS))
def test_sentences(row: Row, tmp_path: Path) -> None:
    result = _judge(row, tmp_path)
    assert _both(result.seen) == row.seen
    assert _both(result.wanted) == row.wanted
    assert _both(result.hint) == row.hint
    assert (result.check, result.outcome, result.place) == (row.check, row.outcome, row.place)
    assert result.share == (row.share if row.share is not None else float(row.outcome == "passed"))
    assert Result.from_json(json.loads(json.dumps(result.to_json(), allow_nan=False))) == result


def test_only_who_did_not_pass_gets_a_hint() -> None:
    """A whole sentence in each language."""
    assert [row for row in ROWS if (row.hint is None) != (row.outcome == "passed")] == []
    hints = [row.hint for row in ROWS if row.hint is not None]
    assert [hint for hint in hints if not hint[0].endswith(("。", "？")) or not hint[1].endswith((".", "?"))] == []


@pytest.mark.parametrize("row", TOLD, ids=_ids(TOLD))
def test_hint_does_not_tell_the_answer(row: Row) -> None:
    """No number of the rule stands in the hint, nor a value that the teacher asks for."""
    values = [
        value for name, value in row.given.items() if name in ("between", "one_of", "equals", "full", "half", "by")
    ]
    asked = {str(one) for value in values for one in (value if isinstance(value, tuple) else (value,))}
    if row.check != "best_named":  # its numbers are the student's own answer
        asked |= set(re.findall(r"\d+(?:\.\d+)?", " ".join(row.wanted or ())))
    told = set(re.findall(r"\d+(?:\.\d+)?|[A-Za-z]\w*", " ".join(row.hint or ()).replace("top-5", "")))
    assert not asked & told


def test_every_check_has_every_outcome() -> None:
    seen: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        seen[row.check].add(row.outcome)
    expected = {"passed", "failed", "undecidable"}
    missing = {name: expected - seen[name] - ({"undecidable"} if name in ALWAYS_DECIDED else set()) for name in CHECKS}
    assert {name: left for name, left in missing.items() if left} == {}


@pytest.mark.parametrize("name", CHECKS)
def test_title_is_in_both_languages(name: str) -> None:
    title = title_of(CHECKS[name].__doc__, "")
    assert re.search(r"[\u4e00-\u9fff]", title.zh), "the Chinese title is missing"
    assert not re.search(r"[\u4e00-\u9fff]", title.en)
    assert title != Text("", "")


@pytest.mark.parametrize("name", CHECKS)
def test_check_takes_a_subject_and_keywords(name: str) -> None:
    """`check.name(...)` hands the subject over; some have a second positional one, the name."""
    parameters = list(inspect.signature(CHECKS[name]).parameters.values())
    positional = [each.name for each in parameters if each.kind is not inspect.Parameter.KEYWORD_ONLY]
    by_name = (
        "param",
        "answer",
        "function",
        "values_differ",
        "steps_worked_out",
        "training_named",
        "best_weights_named",
        "default_folder_named",
        "log_named",
        "same_weights_named",
        "mistake_named",
        "remedy_named",
    )
    second = {"field": "path", **dict.fromkeys(by_name, "name")}
    assert positional == ["subject", *([second[name]] if name in second else [])]
