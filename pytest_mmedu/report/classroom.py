"""GitHub Classroom 的格式 | The result that Classroom's autograding reporter takes from a step: base64 on one line.

The reporter sums `score`, so partial points count; it fails the job unless the status is "pass".
"""

from __future__ import annotations

import base64
import json
from typing import Any

from pytest_mmedu.report.layout import clean
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.wording import in_short
from pytest_mmedu.text import Lang


def classroom(report: Report, lang: Lang) -> str:
    """For `result=...` in $GITHUB_OUTPUT."""
    data = {
        "version": 1,
        "status": "error" if report.has_errors else "pass" if report.all_earned else "fail",
        "max_score": round(report.max_score, 6),
        "tests": [_test(test, lang) for test in report.tests],
    }
    return base64.b64encode(json.dumps(data, allow_nan=False).encode("ascii")).decode("ascii") + "\n"


def _test(test: TestReport, lang: Lang) -> dict[str, Any]:
    """Neither passed nor failed is "error" there: of all the messages the reporter prints only those."""
    status = {"passed": "pass", "failed": "fail"}.get(test.outcome, "error")
    return {
        "name": _harmless(test.title.in_lang(lang)),
        "status": status,
        "score": round(test.earned, 6),
        "message": None if status == "pass" else _harmless(in_short(test, lang)),
        "test_code": "",
        "filename": "",
        "line_no": 0,
        "execution_time": "0ms",
    }


def _harmless(text: str) -> str:
    """The reporter prints it, and GitHub obeys `##[...]` wherever it stands in a line."""
    return clean(text).replace("##[", "## [")
