"""`--mmedu-report=KIND:FILE`: written whole, several at once, told in a sentence where it cannot be."""

from __future__ import annotations

import pytest

from pytest_mmedu.report.json_file import read_report

ANSWERED = "from pytest_mmedu import points\n@points(5)\ndef test_epochs(check): check.answer('epochs', equals=10)"
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


def test_one_that_cannot_be_written_costs_the_others_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(GRADED)
    pytester.path.joinpath("file").write_text("")
    kinds = ("junit:file/r.xml", "markdown:r.md", "github:r.txt")
    done = pytester.runpytest(*(f"--mmedu-report={kind}" for kind in kinds), "--mmedu-lang=en")
    assert done.ret == pytest.ExitCode.INTERNAL_ERROR
    done.stdout.fnmatch_lines([" Score 5 / 5", "*r.xml cannot be written: *. Check the path."])
    assert "Score 5 / 5" in pytester.path.joinpath("r.md").read_text("utf-8")
    assert pytester.path.joinpath("r.txt").read_text("utf-8") == "::notice title=Score::5 / 5\n"


def test_marks_name_the_files_of_what_was_handed_in(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(pytester.path))
    exercise = pytester.mkdir("ex")
    exercise.joinpath("exercise.toml").write_text(
        "id = 'ex'\ntitle = { zh = '题', en = 'Ex' }\nanswers = 'answers.toml'\n", "utf-8"
    )
    exercise.joinpath("test_ex.py").write_text(ANSWERED)
    pytester.mkdir("work").joinpath("answers.toml").write_text("\nepochs = 9\n", "utf-8")
    pytester.runpytest("ex", "--mmedu-submission=work", "--mmedu-report=github:r.txt", "--mmedu-lang=en")
    _, mark = pytester.path.joinpath("r.txt").read_text("utf-8").splitlines()
    assert mark.startswith("::error file=work/answers.toml,line=2,title=test_epochs · ")


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
