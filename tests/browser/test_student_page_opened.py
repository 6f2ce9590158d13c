"""The page of one student in a real browser: no network, no complaint, readable at every width, by everyone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_mmedu.report.pages.student_page import student_page
from pytest_mmedu.report.report import Report
from pytest_mmedu.text import Lang
from tests.browser.chromium import Browser
from tests.report.every_outcome import everywhere
from tests.report.made_evidence import EVIDENCE, SEVERAL, WITH_EVIDENCE

HOSTILE = "<script>document.title='taken'</script></style></script><img src=x onerror=document.title='taken'>\u202egnp"
PHONE, SCREEN = 390, 1280


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("网页 pages")
    long = HOSTILE + "无" * 300 + "a" * 300 + "/" * 100
    made: dict[str, tuple[Report, str]] = {"rich": (WITH_EVIDENCE, "王小明"), "hostile": (_hostile(long), long)}
    for name, (report, student) in made.items():
        text = student_page(report, lang="zh", student=student, comment="不错！\nGo on.")
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in made}


def _hostile(text: str) -> Report:
    seen = replace(EVIDENCE.evaluations[0], classes=(text[:400], "b", "c"), weights=text[:400], split=text[:400])
    lines = replace(EVIDENCE.lines[0], place=text[:200], lines=(text[:160],) * 3)
    evidence = replace(SEVERAL.evidence or EVIDENCE, evaluations=(seen,), lines=(lines,))
    return replace(everywhere(text), evidence=evidence)


@pytest.mark.parametrize("name", ["rich", "hostile"])
@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_it_asks_for_nothing_complains_of_nothing_and_fits(
    browser: Browser, pages: dict[str, Path], name: str, width: int
) -> None:
    browser.open(pages[name], width=width)
    assert browser.requests() == [pages[name].resolve().as_uri()]
    assert browser.console() == []
    assert browser.too_wide() == []
    assert browser.run("return document.documentElement.scrollWidth") == width


def test_a_strangers_words_are_only_words(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["hostile"])
    assert browser.run("return document.title") != "taken"
    assert browser.run("return document.scripts.length") == 1
    assert browser.run("return [...document.images].map((one) => one.naturalWidth > 0)") == [True] * 3
    shown = [one.text for one in browser.seen_texts()]
    assert any("<script>document.title='taken'</script>" in text for text in shown)
    assert not any("\u202e" in text for text in shown)


def sentences(browser: Browser) -> list[tuple[str, str]]:
    """What is written in a language."""
    found = (one for one in browser.seen_texts() if not one.neutral and re.search(r"[^\W\d_]", one.text))
    return [(one.text, one.lang) for one in found]


def test_the_language_is_the_readers_and_a_switch_changes_every_text(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"], lang="zh")
    unfold = "for (const one of document.querySelectorAll('details')) one.open = true"
    browser.run(unfold)
    chinese = sentences(browser)
    assert {lang for _, lang in chinese} == {"zh-CN"}
    assert browser.run("return document.title") == "王小明 · 第一次训练"
    browser.choose("en")
    english = sentences(browser)
    assert {lang for _, lang in english} == {"en"}
    assert len(english) == len(chinese) > 60
    assert not {text for text, _ in chinese} & {text for text, _ in english}
    assert browser.run("return document.title") == "王小明 · First training run"
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return [...document.images].map((one) => one.alt)") == ["Picture 1", "Picture 2", "Picture 3"]
    browser.choose("zh")
    assert sentences(browser) == chinese
    browser.open(pages["rich"], lang="en")
    browser.run(unfold)
    assert sentences(browser) == english


def test_a_link_may_ask_for_a_language(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"], lang="en", fragment="#lang=zh")
    assert browser.run("return document.documentElement.lang") == "zh-CN"


# Each width in each language, each width in each colour scheme, each language in each colour scheme.
@pytest.mark.parametrize(
    ("width", "lang", "dark"),
    [(PHONE, "zh", False), (PHONE, "en", True), (SCREEN, "zh", True), (SCREEN, "en", False)],
)
def test_axe_finds_nothing(browser: Browser, pages: dict[str, Path], width: int, lang: Lang, dark: bool) -> None:
    browser.open(pages["rich"], width=width, lang=lang, dark=dark)
    assert browser.wrong_by_axe() == []


def test_on_paper_everything_is_unfolded_and_the_switch_is_gone(browser: Browser, pages: dict[str, Path]) -> None:
    browser.open(pages["rich"], dark=True)
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run("return document.querySelectorAll('details:not([open])').length") == 0
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run("return document.querySelectorAll('details[open]').length") == 0
    browser.print_as_paper()
    ink = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert ink == "rgb(255, 255, 255)"
    assert not browser.run("return document.querySelector('.languages').getClientRects().length")
