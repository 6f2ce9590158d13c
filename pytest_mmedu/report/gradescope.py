"""Gradescope 的格式 | The report as the results.json that Gradescope reads in /autograder/results."""

from __future__ import annotations

import json
from typing import Any

from pytest_mmedu.report.layout import clean
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.terminal import closing, details
from pytest_mmedu.text import Lang


def gradescope(report: Report, lang: Lang) -> str:
    """Every test with its points and what stands on the card; the console's output is for the teacher alone."""
    data = {
        "score": round(report.score, 6),
        "execution_time": round(report.seconds, 3),
        "output": closing(report, lang),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(test, lang) for test in report.tests],
        "extra_data": {"exercise": clean(report.exercise.id), "undecided": round(report.undecided, 6)},
    }
    return json.dumps(data, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _test(test: TestReport, lang: Lang) -> dict[str, Any]:
    """Gradescope knows no third status: what could not be judged is "failed" there, and its output says why."""
    return {
        "name": clean(test.title.in_lang(lang)),
        "score": round(test.earned, 6),
        "max_score": round(test.points, 6),
        "status": "passed" if test.outcome == "passed" else "failed",
        "output": details(test, lang),
        "visibility": "visible",
        "extra_data": {"nodeid": clean(test.nodeid), "outcome": test.outcome},
    }
