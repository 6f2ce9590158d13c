"""What a student sees: the card, short failures, no traceback but for errors, on any console."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.usefixtures("own_checks")

EXERCISE = '''
"""练习 1 | Exercise 1"""
import pytest
from own_checks import half, no, unclear, yes
from pytest_mmedu import points

@points(60)
def test_half(check):
    """学会了 | Learned"""
    check(yes())
    check(half())
'''
ERRORS = """
import pytest
from own_checks import unclear, yes
from pytest_mmedu import points

@pytest.fixture
def broken():
    raise RuntimeError("no such disk")

@points(10)
def test_fixture(broken): pass

@points(10)
def test_mistake(): {}["x"]

@points(10)
def test_plain(): assert 1 == 2, "不对 | wrong"

@points(10)
def test_unclear(check):
    check(yes())
    check(unclear())

@points(10)
def test_own_check_returns_nothing(check):
    check(None)
"""


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "zh",
            [
                "乙：见成绩单",
                "=* 练习 1 =*",
                " ✘ 学会了                                                                45 / 60",
                "     ✔ 甲  看到（要求）",
                "     ◐ 乙  一半",
                "       提示  再想想",
                "       位置  a.log:3",
                " 得分 45 / 60",
                "FAILED test_ex.py::test_half - 乙：见成绩单",
            ],
        ),
        (
            "en",
            [
                "B: see the card",
                "=* Exercise 1 =*",
                " ✘ Learned                                                               45 / 60",
                "     ✔ A  seen (wanted)",
                "     ◐ B  half",
                "       Hint   think again",
                "       Place  a.log:3",
                " Score 45 / 60",
                "FAILED test_ex.py::test_half - B: see the card",
            ],
        ),
    ],
)
def test_card_and_failure_in_the_language_asked_for(pytester: pytest.Pytester, lang: str, lines: list[str]) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    done = pytester.runpytest(f"--mmedu-lang={lang}")
    done.stdout.fnmatch_lines(lines)
    assert done.ret == 1
    said = "\n".join(done.outlines)
    assert "Traceback" not in said
    assert "Error" not in said
    assert said.count("45 / 60") == 2  # the test's line and the score: the card is there once


def test_only_errors_show_where_they_come_from(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=ERRORS)
    done = pytester.runpytest("-p", "no:randomly", "--mmedu-lang=en", "-rA")
    done.assert_outcomes(failed=1, errors=3)
    assert "1 undecidable" in done.outlines[-1]
    errors, failures = "\n".join(done.outlines).split("= FAILURES =")
    assert "test_ex.py:7: RuntimeError" in errors
    assert "KeyError: 'x'" in errors
    assert "check(...) got None." in errors
    assert [line for line in failures.splitlines()[1:4] if line] == ["_" * 34 + " test_plain " + "_" * 34, "wrong"]
    done.stdout.fnmatch_lines(
        [
            " ! test_fixture * 0 / 10",
            "     Error, not the student's fault: RuntimeError: no such disk",
            " ! test_mistake * 0 / 10",
            "     Error, not the student's fault: KeyError: 'x'",
            " ✘ test_plain * 0 / 10",
            "     wrong",
            " ? test_unclear * 5 / 10",
            "     ✔ A  seen (wanted)",
            "     ? D  cannot tell",
            "       Hint   say it plainly",
            " Score 5 / 50",
            " 5 more points could not be decided; the score is without them.",
        ]
    )


def test_undecidable_alone_does_not_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from own_checks import unclear
        from pytest_mmedu import points

        @points(1)
        def test_x(check): check(unclear())
        """
    )
    done = pytester.runpytest("-v")
    assert done.ret == 1
    done.stdout.fnmatch_lines(["*::test_x UNDECIDABLE*", "* 1 undecidable in *"])
    done.stdout.no_fnmatch_line("*FAILURES*")


def test_without_points_the_failure_itself_says_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("from own_checks import no, yes\ndef test_x(check):\n    check(yes())\n    check(no())")
    done = pytester.runpytest()
    done.stdout.fnmatch_lines(["     ✘ 丙  没有", "       提示  再看看"])
    done.stdout.no_fnmatch_line("*得分*")
    done.stdout.no_fnmatch_line("*Traceback*")


def test_an_unknown_check_names_a_near_one(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(check): check.loss_fall(by=0.5)")
    done = pytester.runpytest()
    zh, en = (
        "没有名为 loss_fall 的检查。你是不是想写 loss_falls？",
        "There is no check loss_fall. Did you mean loss_falls?",
    )
    done.stdout.fnmatch_lines([f"*{zh} | {en}*"])


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        (
            "ascii",
            [" [x] Learned", "     [~] B  half", " This console cannot show Chinese, so the card is in English."],
        ),
        ("cp936", [" [x] 学会了", "     [~] 乙  一半", " 得分 45 / 60"]),
        ("utf-8", [" ✘ 学会了", "     ◐ 乙  一半"]),
    ],
)
def test_consoles(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, encoding: str, expected: list[str]
) -> None:
    """In a real process, because the console's encoding is decided when Python starts."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("PYTHONUTF8", "0")
    pytester.makepyfile(test_ex=EXERCISE)
    command = [sys.executable, "-m", "pytest", "--mmedu-lang=zh"]
    shown = subprocess.run(command, cwd=pytester.path, capture_output=True, check=False).stdout.decode(encoding)
    shown = shown.replace("\r\n", "\n")
    for line in expected:
        assert f"\n{line}" in shown
    assert "\\u" not in shown


def test_no_results_leak_into_junit(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(test_ex=EXERCISE)
    pytester.runpytest("--junitxml=j.xml")
    text = pytester.path.joinpath("j.xml").read_text("utf-8")
    assert "<property" not in text
    assert "share" not in text


def test_a_check_that_is_called_wrongly(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_x(check): check.loss_falls(byy=0.5)")
    done = pytester.runpytest()
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.fnmatch_lines(
        [
            "test_a_check_that_is_called_wrongly.py:1: "
            "检查 loss_falls 不能这样写：got an unexpected keyword argument 'byy'。"
            "它的参数：by。请改好括号里的内容。 | "
            "Check loss_falls cannot be called like this: got an unexpected keyword argument 'byy'. "
            "It takes by. Correct what stands in the brackets."
        ]
    )


@pytest.mark.parametrize("mark", ["", "from pytest_mmedu import points\n@points(1)\n"])
@pytest.mark.parametrize(
    ("use", "sentence"),
    [
        (
            "def test_x(tiny_dataset): tiny_dataset('nope')",
            "*.py:*: Error Code: -101. 找不到数据集文件夹 nope。*| There is no data set folder nope.*",
        ),
        (
            "def test_x(mmedu_train): mmedu_train(learning_rate=1)",
            "*.py:*: Error Code: -501. 没有名为 learning_rate 的参数。你是不是想写 lr？ | "
            "There is no parameter learning_rate. Did you mean lr?",
        ),
        (
            "def test_x(mmedu_train): mmedu_train(epochs=1)",
            "*.py:*: 不能使用缓存 *blocked?cache（*）。请换一个缓存位置。 | "
            "The cache *blocked?cache cannot be used (*). Keep the cache elsewhere.",
        ),
    ],
)
def test_our_own_errors_are_sentences_with_the_line_of_the_test(
    pytester: pytest.Pytester, mark: str, use: str, sentence: str
) -> None:
    pytester.path.joinpath("blocked").touch()
    pytester.makepyfile(mark + use)
    done = pytester.runpytest("--mmedu-cache=blocked/cache", "-rN")
    done.stdout.fnmatch_lines([sentence])
    assert not [line for line in done.outlines if line.startswith(("E  ", ">  ", "INTERNALERROR"))]


def test_a_result_that_is_an_error_shows_no_traceback(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from pytest_mmedu import Text, points
        from pytest_mmedu.result import Result

        @points(1)
        def test_x(check):
            check(Result("a", "error", Text("甲", "A"), Text("磁盘满了", "full"), hint=Text("清理", "tidy up")))
        """
    )
    done = pytester.runpytest("-rN")
    done.stdout.fnmatch_lines(["甲：见成绩单", " ! test_x*0 / 1", "     ! 甲  磁盘满了"])
    assert not [line for line in done.outlines if line.startswith(("E  ", ">  "))]


def test_a_result_in_one_language_is_the_teachers_mistake(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from pytest_mmedu import passed, points

        @points(1)
        def test_x(check):
            check(passed("a", "title", "seen"))

        @points(2)
        def test_y():
            pass
        """
    )
    done = pytester.runpytest("-rN", "-p", "no:randomly")
    zh = '检查结果的 title 是 \'title\'。应为 Text("中文", "English")。请把两种语言都写上。'
    en = 'title of the result is \'title\'. It takes Text("中文", "English"). Write it in both languages.'
    done.stdout.fnmatch_lines([f"*.py:5: {zh} | {en}", " ! test_x*0 / 1", " ✔ test_y*2 / 2"])
    done.stdout.no_fnmatch_line("INTERNALERROR*")
