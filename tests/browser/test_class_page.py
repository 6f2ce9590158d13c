"""The page of a class in a real browser: sorted, searched and read in two languages, without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import pytest

from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.pages.class_page import write_class_page
from pytest_mmedu.text import Text
from tests.browser.chromium import Browser
from tests.report.made_class import HOSTILE, TITLE, alike_of, graded, many, report_of, without_report

PERFECT, HALF = report_of((1, 1, 1, 1)), report_of((0, 1, 1, 0.5))
FEW = [
    graded("张三", HALF, hours_late=30.0, penalty=10.0),
    graded("李四", report_of((0, 0, 0, 0)), override=60.0),
    graded("王五 10", PERFECT),
    graded("王五 9", report_of((1, 1, 0, None), isolation="process")),
    graded(HOSTILE, PERFECT, comment="好"),
    without_report("钱七", "waiting"),
    without_report("Nguyễn Văn A", "not graded", Text("没有内存了。", "There was no memory left.")),
]
ALIKE = [alike_of("张三", "李四"), alike_of("王五 9", HOSTILE)]
SHOWN_HOSTILE = HOSTILE.replace("\u202e", "\\x202e")
FOUND = {
    "王五": ["王五 10", "王五 9"],
    "NGUYỄN": ["Nguyễn Văn A"],
    "<IMG": [SHOWN_HOSTILE],
    " 李 ": ["李四"],
    "xyz": [],
}
PICKED = {
    "lost": ["张三", "李四", "王五 9"],
    "late": ["张三"],
    "changed": ["李四", SHOWN_HOSTILE],
    "open": ["钱七", "Nguyễn Văn A"],
}
ENTER = "\ue007"  # of WebDriver
SHOWN = 'return [...document.querySelectorAll("#class tbody th")].map((cell) => cell.querySelector("bdi").textContent)'


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("class") / "index.html"
    write_class_page(path, TITLE, FEW, lang="zh", alike=ALIKE)
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three pages and a bit."""
    path = tmp_path_factory.mktemp("large") / "index.html"
    write_class_page(path, TITLE, many(160), lang="en", alike=())
    return path


@pytest.fixture
def names(browser: Browser) -> Callable[[], list[str]]:
    return lambda: list(browser.run(SHOWN))


def heading(browser: Browser, key: str) -> str:
    return str(browser.run(f"""return document.querySelector('[data-sort="{key}"]').closest("th").ariaSort"""))


def press(browser: Browser, key: str) -> None:
    """The way of somebody without a mouse."""
    browser.driver.find_element("css selector", f'[data-sort="{key}"]').send_keys(ENTER)


def type_name(browser: Browser, text: str) -> None:
    field = browser.driver.find_element("id", "query")
    field.clear()
    field.send_keys(text)


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_it_opens_from_disk_alone_and_fits(lang: Literal["zh", "en"], width: int, browser: Browser, page: Path) -> None:
    browser.open(page, width=width, lang=lang)
    assert browser.requests() == [page.resolve().as_uri()]
    assert browser.console() == []
    assert browser.too_wide() == []
    title = {"zh": "全班 · 第一次训练", "en": "The class · First training run"}[lang]
    assert browser.driver.title == title


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1280, False)])
def test_everybody_can_use_it(width: int, dark: bool, browser: Browser, page: Path) -> None:
    browser.open(page, width=width, dark=dark)
    assert browser.wrong_by_axe() == []


def test_every_sentence_is_in_the_language_that_was_chosen(browser: Browser, page: Path) -> None:
    browser.open(page, lang="en")
    for lang, tag, said in (("zh", "zh-CN", "全部学生"), ("en", "en", "All students")):
        browser.choose(lang)
        seen = [one for one in browser.seen_texts() if not one.neutral]
        assert {one.lang for one in seen} == {tag}
        assert said in {one.text for one in seen}
    assert [one.text for one in seen if re.search("[一-鿿]", one.text)] == []
    assert browser.requests() == [page.resolve().as_uri()]


def test_headings_sort_by_keyboard_and_say_how(browser: Browser, page: Path, names: Callable[[], list[str]]) -> None:
    browser.open(page)
    assert heading(browser, "final") == "none"
    press(browser, "final")
    assert heading(browser, "final") == "ascending"
    assert names()[:3] == ["王五 9", "张三", "李四"]
    assert names()[-2:] == ["钱七", "Nguyễn Văn A"]  # without a score: last
    press(browser, "final")
    assert heading(browser, "final") == "descending"
    assert names()[0] == "王五 10"
    assert names()[-2:] == ["钱七", "Nguyễn Văn A"]
    press(browser, "name")
    assert (heading(browser, "final"), heading(browser, "name")) == ("none", "ascending")
    assert names().index("王五 9") < names().index("王五 10")
    press(browser, "test-0")
    assert names()[:2] == ["李四", "张三"]
    press(browser, "late")
    assert names()[0] == "张三"


def test_names_are_found_as_they_are_typed(browser: Browser, page: Path, names: Callable[[], list[str]]) -> None:
    browser.open(page)
    for typed, found in FOUND.items():
        type_name(browser, typed)
        assert names() == found
        assert browser.run('return document.getElementById("found").textContent') == str(len(found))
        assert browser.run('return document.querySelector(".nobody").checkVisibility()') is not bool(found)


def test_some_are_picked_out(browser: Browser, page: Path, names: Callable[[], list[str]]) -> None:
    browser.open(page)
    for kind, found in PICKED.items():
        browser.driver.find_element("css selector", f'#pick option[value="{kind}"]').click()
        assert names() == found


def test_a_large_class_is_turned_page_by_page(browser: Browser, large: Path, names: Callable[[], list[str]]) -> None:
    rows = [row.student for row in many(160)]
    browser.open(large)
    assert names() == rows[:50]
    turn = "document.querySelector('[data-turn=\"%d\"]').click()"
    for start in (50, 100, 150):
        browser.run(turn % 1)
        assert names() == rows[start : start + 50]
    assert browser.run("return document.getElementById('page').textContent") == "4 / 4"
    assert browser.run("return document.activeElement.dataset.turn") == "-1"  # the other button is no use any more
    type_name(browser, rows[3])
    assert names() == [rows[3]]
    assert browser.run("return document.querySelector('.pages').checkVisibility()") is False


def test_on_paper_all_are_there(browser: Browser, large: Path, names: Callable[[], list[str]]) -> None:
    browser.open(large)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert len(names()) == 160
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert len(names()) == 50


def test_a_student_s_page_opens_in_the_same_language(browser: Browser, page: Path) -> None:
    browser.open(page, lang="en")
    browser.choose("zh")
    type_name(browser, "张三")
    href = browser.run("""return document.querySelector("#class a[data-page]").href""")
    assert unquote(href).endswith("/students/张三.html#lang=zh")


def test_both_excerpts_stand_side_by_side_and_below_each_other_on_a_phone(browser: Browser, page: Path) -> None:
    places = 'return [...document.querySelectorAll(".alike figure")].slice(0, 2).map((one) => one.offsetTop)'
    browser.open(page)
    first, second = browser.run(places)
    assert first == second
    browser.open(page, width=390)
    first, second = browser.run(places)
    assert first < second


def test_what_students_wrote_is_text(browser: Browser, tmp_path: Path) -> None:
    """Names, titles and lines that would run, if anything of theirs did."""
    hostile = "</pre><script>window.hit = 1</script><img src=x onerror='window.hit = 1'>"
    side = replace(ALIKE[0].sides[0], lines=(hostile,), place=hostile, student=hostile)
    rows: list[Row] = [graded(hostile, PERFECT, comment=hostile), graded("b", HALF)]
    write_class_page(
        tmp_path / "index.html",
        Text(hostile, hostile),
        rows,
        lang="en",
        alike=[replace(ALIKE[0], students=(hostile, "b"), sides=(side, side))],
    )
    browser.open(tmp_path / "index.html")
    assert browser.run("return window.hit === undefined")
    assert browser.run("return document.images.length") == 0
    assert hostile in browser.run('return document.querySelector(".alike pre").textContent')
    assert browser.console() == []
