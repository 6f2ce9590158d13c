"""The READMEs tell the truth: their card, code, commands, settings and links are those of the kit, in two languages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import click
import pytest

from pytest_mmedu.cli import main
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.options import SETTINGS
from pytest_mmedu.report.terminal import UNICODE_MARKS, card
from pytest_mmedu.text import LANGS, Lang

ROOT = Path(__file__).resolve().parent.parent
PAGES: Mapping[Lang, str] = {"en": "README.md", "zh": "README.zh.md"}
EXERCISE = ROOT / "exercises" / "01_first_training"
SHOWN = EXERCISE / "submissions" / "rejected" / "too_few_epochs"
OTHER_PAGES = (
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "datasets_tiny/README.md",
    "docs/ci.md",
    "docs/ci.zh.md",
    "docs/clusters.md",
    "docs/clusters.zh.md",
    "exercises/README.md",
    "exercises/01_first_training/README.md",
)
# The log's name is its time; losses and accuracies differ from one processor to another.
STAMP, FIGURE = re.compile(r"\d{8}_\d{6}"), re.compile(r"\b\d\.\d\d(?= →|, epoch|，第)|(?<=→ )\d\.\d\d")
HEADINGS = {
    "en": ("flag", "environment", "`pytest.ini`", "default", "meaning"),
    "zh": ("命令行", "环境变量", "`pytest.ini`", "默认值", "含义"),
}
BLANK = {"en": "(blank)", "zh": "（空）"}

both_languages = pytest.mark.parametrize("lang", LANGS)


@cache
def page(lang: Lang) -> str:
    return (ROOT / PAGES[lang]).read_text("utf-8")


def blocks(lang: Lang) -> list[tuple[str, str]]:
    """Every code block: its language and its text."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", page(lang), re.MULTILINE | re.DOTALL)


def block(lang: Lang, kind: str) -> str:
    [found] = [text for name, text in blocks(lang) if name == kind]
    return found


def commands(lang: Lang) -> list[str]:
    """What a reader is to type, without comments."""
    lines = (line for kind, text in blocks(lang) if not kind for line in text.splitlines())
    return [line.partition("  #")[0].strip() for line in lines if line.strip()]


def table(lang: Lang, heading: str) -> list[list[str]]:
    """The cells of the table with this heading, without it."""
    rows = page(lang).partition(f"\n| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


@both_languages
def test_the_two_commands_come_first(lang: Lang) -> None:
    assert blocks(lang)[0] == ("", "make demo\nmake test\n")
    assert page(lang).index("```") < 100


@both_languages
def test_every_make_command_is_a_target_of_the_makefile(lang: Lang) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = {word for line in commands(lang) if line.startswith("make ") for word in line.split()[1:]}
    assert {"demo", "test"} <= asked <= targets


def test_both_pages_have_the_same_code() -> None:
    assert commands("en") == commands("zh")
    assert [kind for kind, _ in blocks("en")] == [kind for kind, _ in blocks("zh")]
    assert block("en", "python") == block("zh", "python")


def test_both_pages_have_the_same_parts() -> None:
    def shape(lang: Lang) -> list[str]:
        return re.findall(r"^(#+ |- |\| )", re.sub(r"^```.*?^```$", "", page(lang), flags=re.M | re.S), re.MULTILINE)

    assert shape("en") == shape("zh")
    assert links("en") == links("zh")


@both_languages
def test_the_test_file_is_the_one_of_exercise_01(lang: Lang) -> None:
    assert block(lang, "python") == (EXERCISE / "test_exercise.py").read_text("utf-8")


@pytest.mark.train
def test_the_card_is_a_real_one(tmp_path: Path, warm_session: Session) -> None:
    graded = grade_one(EXERCISE, SHOWN, cache=tmp_path, isolation="process", session=warm_session)
    report = replace(graded, from_cache=False)
    for lang in LANGS:
        assert _lasting(block(lang, "text")) == _lasting(card(report, lang) + "\n")


def _lasting(text: str) -> str:
    return FIGURE.sub("#.##", STAMP.sub("TIME", text))


@both_languages
def test_the_card_shows_right_wrong_and_half(lang: Lang) -> None:
    assert {UNICODE_MARKS[name] for name in ("passed", "failed", "half")} <= set(block(lang, "text"))
    assert len(FIGURE.findall(block(lang, "text"))) == 3


@both_languages
def test_every_mark_of_the_card_is_explained(lang: Lang) -> None:
    marks = [row[0].replace(BLANK[lang], " ") for row in table(lang, {"en": "mark", "zh": "标记"}[lang])]
    assert sorted(marks) == sorted(UNICODE_MARKS.values())


@both_languages
def test_the_table_of_settings_is_the_one_of_the_code(lang: Lang) -> None:
    rows = [
        (f"`{row.flag} {row.metavar}`", f"`{row.variable}`", f"`{row.ini}`", row.default, row.meaning.in_lang(lang))
        for row in SETTINGS
    ]
    lines = [_row(HEADINGS[lang]), "|---|---|---|---|---|"]
    lines += [_row((*cells[:3], cells[3] and f"`{cells[3]}`", cells[4])) for cells in rows]
    expected = "\n".join(lines)
    assert f"\n\n{expected}\n\n" in page(lang), f"put this table into {PAGES[lang]}:\n{expected}"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


@both_languages
def test_every_flag_that_is_named_exists(lang: Lang) -> None:
    named = set(re.findall(r"--mmedu-[a-z]+", page(lang)))
    assert named == {row.flag for row in SETTINGS}


OUR_COMMANDS = sorted({line for lang in LANGS for line in commands(lang) if "pytest-mmedu " in line})


@pytest.mark.parametrize("line", OUR_COMMANDS)
def test_every_command_of_ours_is_understood(line: str) -> None:
    program, name, *arguments = shlex.split(line)
    assert program in ("pytest-mmedu", ".venv/bin/pytest-mmedu")
    command = main.commands[name]
    context = click.Context(command)
    values, left, _ = command.make_parser(context).parse_args(arguments)
    assert left == []
    for parameter in command.params:
        assert not parameter.required or values.get(parameter.name or "")


def test_every_command_of_ours_is_shown() -> None:
    assert {shlex.split(line)[1] for line in OUR_COMMANDS} == set(main.commands)


def links(lang: Lang) -> set[str]:
    """Where the page leads; a page that is there in both languages has one name."""
    return {name.replace(".zh.md", ".md") for name in re.findall(r"\]\(([^)#]+)\)", page(lang))}


@pytest.mark.parametrize("name", [*PAGES.values(), *OTHER_PAGES])
def test_links_lead_to_files(name: str) -> None:
    path = ROOT / name
    found = set(re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")))
    assert [link for link in found if not (path.parent / link).exists()] == []


@both_languages
def test_paths_that_are_named_exist(lang: Lang) -> None:
    named = set(re.findall(r"\b((?:exercises|requirements|benchmarks)/[\w/.]*\w)", page(lang)))
    assert "exercises/01_first_training" in named
    assert [path for path in named if not (ROOT / path).exists()] == []
