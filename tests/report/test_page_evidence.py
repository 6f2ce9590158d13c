"""The evidence in a report: there and back, within its bounds, and absent from reports of a time without it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from pytest_mmedu.errors import MachineError
from pytest_mmedu.report.page_evidence import MOST_PICTURES, MOST_PLACES, MOST_POINTS, Evidence, OwnLines
from pytest_mmedu.report.report import Report, dumps, loads
from pytest_mmedu.report.schema import SCHEMA_FILE
from tests.report.made_evidence import EVIDENCE, LINES, SEEN, TRAINING, WITH_EVIDENCE, picture


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(dumps(WITH_EVIDENCE))
    change(data["evidence"])
    return data


def test_there_and_back() -> None:
    assert loads(dumps(WITH_EVIDENCE)) == WITH_EVIDENCE


def test_a_report_of_a_time_without_evidence_is_read(report: Report) -> None:
    data = json.loads(dumps(report))
    assert data.pop("evidence") is None
    assert loads(json.dumps(data)) == report
    jsonschema.validate(data, json.loads(SCHEMA_FILE.read_text("utf-8")))


def test_the_published_schema_describes_it() -> None:
    jsonschema.validate(json.loads(dumps(WITH_EVIDENCE)), json.loads(SCHEMA_FILE.read_text("utf-8")))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(extra=1),
        lambda data: data["curves"][0].pop("log"),
        lambda data: data["curves"][0]["loss"].append([1.0]),
        lambda data: data["curves"][0]["loss"].append([1.0, "2"]),
        lambda data: data["curves"][0].update(unit="day"),
        lambda data: data["curves"][0].update(loss=[[float(i), 0.0] for i in range(MOST_POINTS + 1)]),
        lambda data: data["evaluations"][0].update(n=-1),
        lambda data: data["evaluations"][0]["pictures"][0].update(kind="svg+xml"),
        lambda data: data["evaluations"][0].update(pictures=data["evaluations"][0]["pictures"] * MOST_PICTURES),
        lambda data: data["evaluations"][0]["pictures"][0].update(data="A" * 20_000),
        lambda data: data["lines"][0].update(lines=[]),
        lambda data: data["lines"][0].update(lines=["x" * 2000]),
        lambda data: data.update(lines=data["lines"] * MOST_PLACES),
    ],
)
def test_what_is_none_is_refused_and_the_schema_says_so_too(change: Callable[[dict[str, Any]], object]) -> None:
    data = changed(change)
    with pytest.raises(MachineError, match="This is not a whole report"):
        loads(json.dumps(data))
    published = json.loads(SCHEMA_FILE.read_text("utf-8"))
    strict = {**published, "$defs": {name: _closed(one) for name, one in published["$defs"].items()}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, strict)


def _closed(described: dict[str, Any]) -> dict[str, Any]:
    return {**described, "additionalProperties": False} if "properties" in described else described


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["evaluations"][0].update(confusion=[[1, 2], [3, 4]]),
        lambda data: data["evaluations"][0]["confusion"][0].pop(),
        lambda data: data["evaluations"][0]["pictures"][0].update(label=3),
        lambda data: data["evaluations"][0]["pictures"][0].update(predicted=3),
    ],
)
def test_what_does_not_go_together_is_refused(change: Callable[[dict[str, Any]], object]) -> None:
    with pytest.raises(MachineError, match="This is not a whole report"):
        loads(json.dumps(changed(change)))


def test_a_number_that_is_none_is_refused() -> None:
    text = dumps(WITH_EVIDENCE).replace("2.3\n", "1e999\n", 1)
    assert "1e999" in text
    with pytest.raises(MachineError):
        loads(text)


def test_what_two_processes_know_is_put_together_once() -> None:
    first = Evidence(curves=(TRAINING,), lines=LINES[:1])
    second = Evidence(curves=(TRAINING,), evaluations=EVIDENCE.evaluations, lines=LINES)
    assert first.and_(second) == EVIDENCE
    assert EVIDENCE.and_(EVIDENCE) == EVIDENCE


def test_together_it_stays_within_the_bounds() -> None:
    full = replace(SEEN, pictures=tuple(picture(0, 1) for _ in range(MOST_PICTURES)))
    places = tuple(OwnLines(f"homework.py:{i}", i, i, ("x",)) for i in range(MOST_PLACES))
    more = tuple(replace(one, place=f"other.py:{one.line}") for one in places)
    both = Evidence(evaluations=(full,), lines=places).and_(
        Evidence(evaluations=(replace(full, split="test_set"),), lines=more)
    )
    assert [len(one.pictures) for one in both.evaluations] == [MOST_PICTURES, 0]
    assert both.lines == places
    whole = replace(WITH_EVIDENCE, evidence=both)
    assert loads(dumps(whole)) == whole
