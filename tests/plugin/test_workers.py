"""Under xdist: points and results reach the controller, also from workers that die."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_mmedu.report.report import Report

Grade = Callable[..., Report]
pytestmark = pytest.mark.usefixtures("own_checks")
pytest.importorskip("xdist")

DYING = """
import os
from own_checks import half, yes
from pytest_mmedu import points

@points(30)
def test_good(check):
    check(yes())

@points(50)
def test_dies():
    os._exit(0)

@points(20)
def test_half(check):
    check(half())
"""


def test_a_dead_worker_costs_its_own_test_only(grade: Grade, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=DYING)
    report = grade("-n2", code=1)
    assert [(test.outcome, test.earned) for test in report.tests] == [("passed", 30), ("error", 0), ("failed", 10)]
    assert report.max_score == 100
    assert str(report.tests[1].message) == "运行这个测试的进程中途退出了 | the process that ran this test died"


def test_all_workers_die_and_every_point_stays_declared(grade: Grade, pytester: pytest.Pytester) -> None:
    head = "import os\nfrom pytest_mmedu import points\n"
    pytester.makepyfile(test_ex=head + "".join(f"@points(25)\ndef test_{n}(): os._exit(0)\n" for n in range(4)))
    report = grade("-n2", "--max-worker-restart=0", code=1)
    assert (report.score, report.max_score) == (0, 100)
    assert {test.outcome for test in report.tests} <= {"error", "not run"}


def test_options_and_language_reach_the_workers(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_ex="""
        from own_checks import half
        from pytest_mmedu import points

        @points(1)
        def test_x(check, device, request):
            from pytest_mmedu.grader import GRADER
            options = request.config.stash[GRADER].options
            assert (options.lang, options.cache) == ("en", "off")
            check(half())
        """
    )
    done = pytester.runpytest("-n1", "--mmedu-lang=en", "--mmedu-cache=off", "-p", "no:randomly")
    done.stdout.fnmatch_lines(["B: see the card", "*B  half", "*Score 0.5 / 1"])
