"""JUnit XML: valid by what all readers agree on, read back by a parser of others, sound for every outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.report.junit import junit
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import LANGS, Lang
from tests.report.every_outcome import ALL_EARNED, EMPTY, EVERY_OUTCOME, REFUSED, everywhere

junitparser = pytest.importorskip("junitparser")
xmlschema = pytest.importorskip("xmlschema")


@pytest.fixture(scope="module")
def schema() -> Any:
    return xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))


@pytest.mark.parametrize("report", [EVERY_OUTCOME, ALL_EARNED, REFUSED, EMPTY])
@pytest.mark.parametrize("lang", LANGS)
def test_it_is_valid(schema: Any, report: Report, lang: Lang) -> None:
    schema.validate(junit(report, lang))


def test_the_schema_finds_what_readers_refuse(schema: Any) -> None:
    right = junit(EVERY_OUTCOME, "en")
    for wrong in (
        right.replace('tests="8"', ""),
        right.replace("<error ", "<skipped type='x'/><error "),
        right.replace("</testcase>", "<properties><property name='a' value='b'/></properties></testcase>"),
    ):
        assert wrong != right
        assert not schema.is_valid(wrong)


@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
@settings(deadline=None)
def test_any_text_makes_a_valid_document(schema: Any, text: str) -> None:
    document = junit(everywhere(text), "en")
    schema.validate(document)
    [suite] = Xml.fromstring(document)
    assert len(suite.findall("testcase")) == 3


def test_another_parser_reads_the_outcomes() -> None:
    [suite] = junitparser.JUnitXml.fromstring(junit(EVERY_OUTCOME, "zh").encode("utf-8"))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (8, 3, 1, 3)
    found = [(case.name, [(type(one).__name__, one.type) for one in case.result]) for case in suite]
    assert found == [
        ("文件齐全", []),
        ("你填的参数", [("Failure", "failed")]),
        ("模型学会了 [val]", [("Failure", "failed")]),
        ("种子", [("Skipped", "undecidable")]),
        ("再训练", [("Skipped", "blocked")]),
        ("磁盘", [("Error", "error")]),
        ("显卡", [("Skipped", "not run")]),
        ("总结", [("Failure", "failed")]),
    ]
    points = {one.name: one.value for one in suite.properties()}
    assert (points["score"], points["max_score"], points["undecided"]) == ("35", "100", "10")
    assert points["points of exercises/01_first/test_exercise.py::test_parameters"] == "15 / 30"


@pytest.mark.parametrize("report", [REFUSED, EMPTY])
def test_a_grading_that_went_wrong_is_never_green(report: Report) -> None:
    suite = Xml.fromstring(junit(report, "en"))[0]
    assert suite.get("errors") == "1"
    [error] = suite.findall("testcase[@name='Grading']/error")
    assert "the teacher should grade again" in (error.text or "")


def test_everything_earned_is_green() -> None:
    suite = Xml.fromstring(junit(ALL_EARNED, "en"))[0]
    assert [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["1", "0", "0", "0"]
