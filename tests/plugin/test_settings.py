"""Settings: a flag wins over the environment, the environment over the ini file, the ini file over the default."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.grader import GRADER
from pytest_mmedu.options import LEVELS, SETTINGS, Options
from pytest_mmedu.submission.isolation import levels
from pytest_mmedu.text import width

Read = Callable[..., Options]


@pytest.fixture
def options(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Read:
    def make(*flags: str, env: dict[str, str] | None = None, ini: str = "") -> Options:
        for row in SETTINGS:
            monkeypatch.delenv(row.variable, raising=False)
        for name, value in (env or {}).items():
            monkeypatch.setenv(name, value)
        pytester.makeini(f"[pytest]\n{ini}")
        return pytester.parseconfigure(*flags).stash[GRADER].options

    return make


def test_defaults(options: Read) -> None:
    assert options() == Options(lang="auto", submission=None, device="cpu", report=(), cache="")


@pytest.mark.parametrize(
    ("flags", "env", "ini", "device"),
    [
        ((), {}, "", "cpu"),
        ((), {}, "mmedu_device = cuda:1", "cuda:1"),
        ((), {"MMEDU_DEVICE": "cuda:2"}, "mmedu_device = cuda:1", "cuda:2"),
        (("--mmedu-device=cuda:3",), {"MMEDU_DEVICE": "cuda:2"}, "mmedu_device = cuda:1", "cuda:3"),
        ((), {"MMEDU_DEVICE": ""}, "mmedu_device = cuda:1", "cuda:1"),
    ],
)
def test_precedence(options: Read, flags: tuple[str, ...], env: dict[str, str], ini: str, device: str) -> None:
    assert options(*flags, env=env, ini=ini).device == device


def test_paths_of_flags_start_here_and_those_of_the_ini_file_beside_it(
    options: Read,
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = pytester.path
    inner = pytester.mkdir("inner")
    (root / "work").mkdir()
    (inner / "work").mkdir()
    monkeypatch.chdir(inner)
    found = options(
        f"--rootdir={root}", "-c", "../tox.ini", "--mmedu-report=json:r.json", ini="mmedu_submission = work"
    )
    assert found.submission == root / "work"
    assert found.report == (("json", inner / "r.json"),)
    assert options("-c", "../tox.ini", "--mmedu-submission=work").submission == inner / "work"


@pytest.mark.parametrize(
    ("env", "ini"),
    [({"MMEDU_REPORT": "json:a.json;junit:b c.xml"}, ""), ({}, "mmedu_report =\n    json:a.json\n    junit:b c.xml")],
)
def test_several_reports(options: Read, env: dict[str, str], ini: str, pytester: pytest.Pytester) -> None:
    assert options(env=env, ini=ini).report == (
        ("json", pytester.path / "a.json"),
        ("junit", pytester.path / "b c.xml"),
    )


@pytest.mark.parametrize(
    ("flags", "env", "ini", "zh", "en"),
    [
        (
            ("--mmedu-lang=fr",), {}, "",
            "--mmedu-lang 是 'fr'。应为 zh、en 或 auto。请改好这一项设置。",
            "--mmedu-lang is 'fr'. It takes zh, en or auto. Correct this setting.",
        ),
        (
            (), {"MMEDU_DEVICE": "gpu"}, "",
            "MMEDU_DEVICE 是 'gpu'。应为 auto、cpu、cuda 或 cuda:N。请改好这一项设置。",
            "MMEDU_DEVICE is 'gpu'. It takes auto, cpu, cuda or cuda:N. Correct this setting.",
        ),
        (
            (), {}, "mmedu_report = r.xml",
            "tox.ini mmedu_report 是 'r.xml'。应为“类型:文件名”，如 json:report.json；"
            "类型有 json、junit、gradescope、github、classroom、markdown、html。请改好这一项设置。",
            "tox.ini mmedu_report is 'r.xml'. It takes KIND:FILE as in json:report.json, where KIND is one of "
            "json, junit, gradescope, github, classroom, markdown, html. Correct this setting.",
        ),
        (
            ("--mmedu-report=xml:r.xml",), {}, "",
            "--mmedu-report 是 'xml:r.xml'。应为“类型:文件名”，如 json:report.json；"
            "类型有 json、junit、gradescope、github、classroom、markdown、html。请改好这一项设置。",
            "--mmedu-report is 'xml:r.xml'. It takes KIND:FILE as in json:report.json, where KIND is one of "
            "json, junit, gradescope, github, classroom, markdown, html. Correct this setting.",
        ),
        (
            ("--mmedu-submission=nowhere",), {}, "",
            "--mmedu-submission 是 'nowhere'。应为存在的文件夹、脚本或笔记本。请改好这一项设置。",
            "--mmedu-submission is 'nowhere'. It takes a folder, script or notebook that exists. Correct this setting.",
        ),
        (
            ("--mmedu-cache=tox.ini",), {}, "",
            "--mmedu-cache 是 'tox.ini'。应为文件夹，或 off（不缓存）。请改好这一项设置。",
            "--mmedu-cache is 'tox.ini'. It takes a folder, or off (no cache). Correct this setting.",
        ),
        (
            (), {"MMEDU_ISOLATION": "none"}, "",
            "MMEDU_ISOLATION 是 'none'。应为 auto、container、namespaces、landlock、process 或 artefacts。"
            "请改好这一项设置。",
            "MMEDU_ISOLATION is 'none'. It takes auto, container, namespaces, landlock, process or artefacts. "
            "Correct this setting.",
        ),
    ],
)  # fmt: skip
def test_bad_values_are_a_sentence_in_both_languages(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    flags: tuple[str, ...],
    env: dict[str, str],
    ini: str,
    zh: str,
    en: str,
) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    pytester.makeini(f"[pytest]\n{ini}")
    done = pytester.runpytest(*flags)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {zh} | {en}" in "\n".join(done.errlines)
    assert "Traceback" not in "\n".join([*done.errlines, *done.outlines])


def test_help_shows_every_setting_in_both_languages(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = pytester.runpytest("--help").outlines
    shown = "".join(" ".join(lines).split())
    for row in SETTINGS:
        assert row.flag in shown
        assert "".join(f"{row.ini} ({'linelist' if row.repeatable else 'string'}): 同 {row.flag}".split()) in shown
        assert "".join(str(row.meaning.zh).split()) in shown
        assert "".join(row.meaning.en.split()) in shown
    ours = lines[lines.index("MMEdu 训练作业 | MMEdu training homework:") :]
    assert [line for line in ours[: ours.index("")] if width(line) > 80] == []


def test_chinese_help_is_broken_behind_punctuation(pytester: pytest.Pytester) -> None:
    lines = [line.strip() for line in pytester.runpytest("--help").outlines]
    assert "学生的程序隔离到哪一级；auto 用这台电脑上最强的一级，" in lines
    assert "artefacts 不运行程序" in lines


@pytest.mark.parametrize("flags", [("--fixtures",), ("--fixtures", "-v")])
def test_the_fixtures_are_listed_in_80_columns(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    lines = pytester.runpytest(*flags).outlines
    heads = [number for number, line in enumerate(lines) if line.startswith("---")]
    first = next(number for number in heads if "pytest_mmedu.fixtures" in lines[number])
    ours = lines[first : next((number for number in heads if number > first), None)]
    assert "    检查作业并记下结果 | Check the submission and remember what was found." in ours
    assert [line for line in ours if line.startswith("    ") and width(line) > 80] == []


@pytest.mark.parametrize("flag", ["--fixtures", "--fixtures-per-test", "--setup-plan"])
def test_a_look_at_the_tests_is_no_report_of_zeros(pytester: pytest.Pytester, flag: str) -> None:
    pytester.makepyfile("from pytest_mmedu import points\n@points(5)\ndef test_a(check): ...\n")
    lines = pytester.runpytest(flag, "--mmedu-lang=zh", "--mmedu-report=json:r.json").outlines
    assert " 总分                                                                          5" in lines
    assert not [line for line in lines if "得分" in line]
    assert not (pytester.path / "r.json").exists()


def test_options_survive_being_plain_data(tmp_path: Path) -> None:
    for one in (Options(), Options("en", tmp_path, "cuda:1", (), tmp_path / "c", "landlock"), Options(cache="off")):
        assert Options.from_json(one.to_json()) == one


def test_the_levels_are_those_that_there_are() -> None:
    assert tuple(LEVELS.split("|")) == (levels.AUTO, *levels.LEVELS)


def test_the_table_serves_click_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    import click
    from click.testing import CliRunner

    from pytest_mmedu.cli.setting_option import click_option
    from pytest_mmedu.errors import OptionError
    from pytest_mmedu.report.writers import ReportFile

    @click.command()
    @click_option("device")
    @click_option("report")
    def command(device: str, report: tuple[ReportFile, ...]) -> None:
        click.echo(f"{device} {[(file.kind, file.path.name) for file in report]}")

    def said(*arguments: str) -> str:
        return CliRunner().invoke(command, arguments).output

    monkeypatch.setenv("MMEDU_DEVICE", "cuda")
    assert said("--report", "json:a", "--report", "junit:b") == "cuda [('json', 'a'), ('junit', 'b')]\n"
    assert said() == "cuda []\n"
    monkeypatch.setenv("MMEDU_REPORT", "json:a b;junit:c")
    assert said() == "cuda [('json', 'a b'), ('junit', 'c')]\n"
    assert said("--report", "markdown:d") == "cuda [('markdown', 'd')]\n"
    assert isinstance(CliRunner().invoke(command, ["--device", "gpu"]).exception, OptionError)
    assert isinstance(CliRunner().invoke(command, ["--report", "pdf:a"]).exception, OptionError)
