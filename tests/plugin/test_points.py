"""Declared points: fixed at collection, whatever is selected, stopped, or broken afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Text

Grade = Callable[..., Report]
pytestmark = pytest.mark.usefixtures("own_checks")

EXERCISE = '''
"""练习 | Exercise"""
import pytest
from own_checks import half, yes
from pytest_mmedu import points

@points(30)
def test_first(check):
    """第一 | First"""
    check(yes())

@points(40, after=test_first)
def test_second(check):
    """第二 | Second"""
    check(yes())
    check(half())

@points(10)
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_cases(n):
    assert n < 4

class TestClass:
    @points(20)
    def test_inside(self):
        """里面 | Inside"""
'''
ALL = {"first": 30.0, "second": 30.0, "cases": 7.5, "inside": 20.0}


def earned(report: Report) -> dict[str, float]:
    """Points by function."""
    sums: dict[str, float] = {}
    for test in report.tests:
        name = test.nodeid.rpartition("::test_")[2].partition("[")[0]
        sums[name] = sums.get(name, 0.0) + test.earned
    return sums


@pytest.mark.parametrize(
    ("args", "ran"),
    [
        ((), ALL),
        (("-k", "second"), {"second": 30.0}),
        (("-k", "cases and 2"), {"cases": 2.5}),
        (("test_ex.py::test_second",), {"second": 30.0}),
        (("test_ex.py::TestClass::test_inside", "test_ex.py::test_cases[3]"), {"inside": 20.0, "cases": 2.5}),
        (("-m", "nothing"), {}),
        (("-x",), {"first": 30.0, "second": 30.0}),
        (("test_ex.py", "test_ex.py"), ALL),
    ],
)
def test_what_ran_keeps_its_points_and_the_full_score_stays(
    grade: Grade, pytester: pytest.Pytester, args: tuple[str, ...], ran: dict[str, float]
) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    pytester.makeini("[pytest]\nmarkers = nothing")
    report = grade(*args)
    assert report.max_score == 100
    assert earned(report) == {"first": 0.0, "second": 0.0, "cases": 0.0, "inside": 0.0, **ran}


def test_last_failed_leaves_no_points_out(grade: Grade, pytester: pytest.Pytester) -> None:
    """It runs one test of one file; the points of the other tests and of the other file are declared all the same."""
    head = "from pytest_mmedu import points\n"
    pytester.makepyfile(
        test_a=f"{head}@points(1)\ndef test_good(): pass\n@points(2)\ndef test_bad(): assert 0",
        test_b=f"{head}@points(4)\ndef test_other(): pass",
    )
    first = grade()
    again = grade("--lf")
    assert (first.score, first.max_score) == (5, 7)
    assert (again.score, again.max_score) == (0, 7)
    assert {test.outcome for test in again.tests} == {"failed", "not run"}


def test_cases_share_the_points_and_have_titles_of_their_own(grade: Grade, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    cases = [test for test in grade("-k", "cases").tests if "cases" in test.nodeid]
    assert [test.points for test in cases] == [2.5] * 4
    assert [str(test.title) for test in cases] == [f"test_cases [{n}]" for n in (1, 2, 3, 4)]


def test_titles_come_from_docstrings_and_the_exercise_from_the_file(grade: Grade, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    report = grade()
    assert report.exercise.title == Text("练习", "Exercise")
    assert report.exercise.id == pytester.path.name
    assert report.tests[0].title == Text("第一", "First")


def test_a_plain_test_earns_all_or_nothing(grade: Grade, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_ex="""
        import pytest
        from own_checks import yes
        from pytest_mmedu import points

        @points(1)
        def test_good(): assert True

        @points(2)
        def test_bad(): assert 1 == 2, "不对 | wrong"

        @points(4)
        def test_stops_before_its_end(check):
            check(yes())
            assert not check(yes())

        @points(8)
        def test_skipped(): pytest.skip("没有显卡 | no GPU")

        @points(16)
        def test_expected_to_fail(check):
            pytest.xfail("later")
        """
    )
    report = grade(code=1)
    assert [test.earned for test in report.tests] == [1, 0, 0, 0, 0]
    assert [test.outcome for test in report.tests] == ["passed", "failed", "failed", "not run", "failed"]
    assert [test.message for test in report.tests][1] == Text("不对", "wrong")
    assert [test.message for test in report.tests][3] == Text("没有显卡", "no GPU")
    assert len(report.tests[2].results) == 2


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ("points(-1)", "points 收到 -1。 | points got -1."),
        ("points('30')", "points 收到 '30'。 | points got '30'."),
        ("points(True)", "points 收到 True。 | points got True."),
        ("points(float('nan'))", "points 收到 nan。 | points got nan."),
        ("pytest.mark.points()", "points 收到 None。 | points got None."),
        ("points(1, after=len)", "after 指向的 len 不是同一文件里有分值的测试。"),
        ("points(1, after=test_ungraded)", "which is no graded test of this file."),
    ],
)
def test_marks_without_sense_are_a_sentence(pytester: pytest.Pytester, mark: str, sentence: str) -> None:
    head = "import pytest\nfrom pytest_mmedu import points\ndef test_ungraded(): pass\n"
    pytester.makepyfile(test_ex=f"{head}@{mark}\ndef test_x(): pass")
    done = pytester.runpytest()
    said = " ".join(done.outlines)
    assert done.ret == 2
    assert sentence.partition(" | ")[0] in said
    assert sentence.rpartition(" | ")[2] in said
    assert "test_ex.py:" in said
    assert "Traceback" not in said


def test_collect_only_shows_what_could_be_earned(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    done = pytester.runpytest("--collect-only", "-q", "-p", "no:randomly")
    lines = done.outlines
    start = lines.index(" 分值")
    assert [line.split() for line in lines[start + 1 : start + 3]] == [["第一", "30"], ["第二", "40"]]
    done.stdout.re_match_lines([r" 总分 +100$"])
    done.stdout.no_fnmatch_line("*得分*")


def test_without_points_nothing_of_ours_is_printed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(): pass")
    done = pytester.runpytest("-p", "no:randomly")
    without = pytester.runpytest("-p", "no:randomly", "-p", "no:mmedu")
    assert [
        line for line in done.outlines if "seconds" not in line and " in " not in line and "plugins" not in line
    ] == [line for line in without.outlines if "seconds" not in line and " in " not in line and "plugins" not in line]


def test_a_second_file_that_does_not_load_is_told(grade: Grade, pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=EXERCISE, test_broken="import no_such_module")
    report = grade(code=2)
    assert (report.score, report.max_score) == (0, 100)
    assert report.notes == (
        Text(
            "test_broken.py 读不进来，它的分值不在总分里。",
            "test_broken.py could not be collected: its points are missing in the total.",
        ),
    )


def test_nothing_handed_in_takes_part_in_the_judging(grade: Grade, pytester: pytest.Pytester) -> None:
    """A test file worth 1000 points and a conftest.py that gives everything, in two places."""
    pytester.makepyfile(test_ex=EXERCISE)
    pytester.path.joinpath("exercise.toml").write_text(
        'id = "ex"\ntitle = { zh = "练习", en = "Exercise" }\n', encoding="utf-8"
    )
    for folder in ("submissions/rejected/x", "handed_in/x"):
        place = pytester.path / folder
        place.mkdir(parents=True)
        place.joinpath("test_mine.py").write_text("from pytest_mmedu import points\n@points(1000)\ndef test_x(): pass")
        place.joinpath("conftest.py").write_text("import os\nos._exit(0)")
    report = grade("--mmedu-submission=handed_in")
    assert report.max_score == 100
    assert report.exercise.id == "ex"
