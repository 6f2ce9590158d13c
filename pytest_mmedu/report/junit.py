"""JUnit 格式 | The report as JUnit XML, which Jenkins, GitLab, Gitee and most others show.

The points are properties of the suite: a property of a test case is not in the schema that Jenkins checks files by.
What neither passed nor failed is skipped there, with its reason: `undecidable`, `blocked`, `not run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from xml.etree import ElementTree as Xml

from pytest_mmedu.report.layout import clean, number
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.terminal import closing, details
from pytest_mmedu.report.wording import in_short
from pytest_mmedu.result import Outcome
from pytest_mmedu.text import Lang, Text

TAGS: dict[Outcome, str] = {
    "failed": "failure", "error": "error", "undecidable": "skipped", "blocked": "skipped", "not run": "skipped",
}  # fmt: skip
GRADING = Text("批改", "Grading")


def junit(report: Report, lang: Lang) -> str:
    """One test suite with a test case for each graded test, in the order of the card."""
    cases = list(_cases(report, lang))
    found = [child.tag for case in cases for child in case]
    suites = Xml.Element("testsuites")
    suite = Xml.SubElement(
        suites,
        "testsuite",
        name=_title(report.exercise.title, lang),
        tests=str(len(cases)),
        failures=str(found.count("failure")),
        errors=str(found.count("error")),
        skipped=str(found.count("skipped")),
        time=f"{report.seconds:.3f}",
    )
    properties = Xml.SubElement(suite, "properties")
    for name, value in _properties(report):
        Xml.SubElement(properties, "property", name=clean(name), value=clean(value))
    suite.extend(cases)
    Xml.SubElement(suite, "system-out").text = closing(report, lang)
    Xml.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(suites, encoding="unicode") + "\n"


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "exercise", report.exercise.id
    yield "submission", report.submission.name
    yield "score", number(report.score)
    yield "max_score", number(report.max_score)
    yield "undecided", number(report.undecided)
    yield "isolation", report.isolation
    for test in report.tests:
        yield f"points of {test.nodeid}", f"{number(test.earned)} / {number(test.points)}"


def _cases(report: Report, lang: Lang) -> Iterator[Xml.Element]:
    for test in report.tests:
        yield _case(test, report.exercise.id, lang)
    if report.has_errors and not any(test.outcome == "error" for test in report.tests):
        case = Xml.Element("testcase", classname=clean(report.exercise.id), name=GRADING.in_lang(lang))
        Xml.SubElement(case, "error", type="error").text = closing(report, lang)
        yield case


def _case(test: TestReport, exercise: str, lang: Lang) -> Xml.Element:
    file, _, function = test.nodeid.partition("::")
    function, bracket, values = function.partition("[")
    words = (exercise, PurePosixPath(file).stem, function.replace("::", "."))
    name = clean(f"{test.title.in_lang(lang)} {bracket}{values}")
    case = Xml.Element("testcase", classname=clean(".".join(word for word in words if word)), name=name)
    told = details(test, lang)
    if test.outcome == "passed":
        Xml.SubElement(case, "system-out").text = told
        return case
    Xml.SubElement(case, TAGS[test.outcome], type=test.outcome, message=in_short(test, lang)).text = told
    return case


def _title(title: Text, lang: Lang) -> str:
    return clean(title.in_lang(lang))
