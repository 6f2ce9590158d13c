"""`--mmedu-report=json:FILE`: written whole, several at once, told in a sentence where it cannot be."""

from __future__ import annotations

import pytest

from pytest_mmedu.report.json_file import read_report

GRADED = "from pytest_mmedu import points\n@points(5)\ndef test_x(): pass"


def test_two_reports_of_one_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GRADED)
    pytester.runpytest("--mmedu-report=json:a.json", "--mmedu-report=json:new/b.json", "-p", "no:terminal")
    first, second = (read_report(pytester.path / name) for name in ("a.json", "new/b.json"))
    assert first == second
    assert (first.score, first.max_score) == (5, 5)


def test_a_path_that_cannot_be_written_is_a_sentence_and_no_success(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GRADED)
    pytester.path.joinpath("file").write_text("")
    done = pytester.runpytest("--mmedu-report=json:file/r.json", "--mmedu-lang=en")
    assert done.ret == pytest.ExitCode.INTERNAL_ERROR
    done.stdout.fnmatch_lines([" Score 5 / 5", "*r.json cannot be written: *. Check the path."])
    done.stdout.no_fnmatch_line("*INTERNALERROR*")


def test_an_exercise_each_gets_a_report_each(pytester: pytest.Pytester) -> None:
    for name in ("one", "two"):
        folder = pytester.mkdir(name)
        folder.joinpath("test_ex.py").write_text(GRADED)
    done = pytester.runpytest("--import-mode=importlib", "--mmedu-report=json:r.json")
    assert [read_report(pytester.path / f"r.{name}.json").max_score for name in ("one", "two")] == [5, 5]
    done.stdout.fnmatch_lines(["报告写在 r.one.json。", "报告写在 r.two.json。"])
    assert not pytester.path.joinpath("r.json").exists()


def test_no_points_no_report_and_it_says_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(): pass")
    done = pytester.runpytest("--mmedu-report=json:r.json")
    done.stdout.fnmatch_lines(["没有收集到有分值的测试，所以没有写成绩报告。"])
    assert not pytester.path.joinpath("r.json").exists()


def test_collect_only_writes_none(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GRADED)
    pytester.runpytest("--mmedu-report=json:r.json", "--collect-only")
    assert not pytester.path.joinpath("r.json").exists()
