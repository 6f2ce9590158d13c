"""The page of a class as text: what stands on it, in both languages, and that names stay names."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.alike import Alike
from pytest_mmedu.gradebook.file_names import file_name
from pytest_mmedu.report.pages.class_lines import line_of
from pytest_mmedu.report.pages.class_page import class_page, heat, percent, write_class_page
from pytest_mmedu.text import Text, printable
from tests.report.made_class import HOSTILE, TITLE, alike_of, graded, many, report_of, without_report

PERFECT = report_of((1, 1, 1, 1))


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def plain(page: str) -> str:
    """The words of a page, those of both languages, on one line."""
    body = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def links(page: str) -> list[str | None]:
    return [attributes["href"] for tag, attributes in Elements(page).found if "data-page" in attributes]


def test_the_figures_stand_on_the_page_in_both_languages() -> None:
    rows = [graded("甲", PERFECT), graded("乙", report_of((0, 1, 1, 0.5))), graded("丙", report_of((0, 1, 1, 1)))]
    words = plain(class_page(TITLE, rows, lang="zh"))
    assert "第一次训练 First training run" in words
    assert "平均得分 Mean 84.2 %" in words
    assert "67% 2 / 3 人没有拿满 2 of 3 missed it 参数 epochs Parameter epochs 最难的一项 the hardest" in words
    assert "学生最常看到的提示： The hint most of them saw: 最后几轮损失还在下降" in words
    assert "模型学会了 The model learned 平均 64.17 / 70 分 mean 64.17 / 70" in words


def test_a_student_s_line() -> None:
    row = graded("王小红", report_of((0, 1, 1, 0.5)), hours_late=30.0, penalty=10.0, comment="看过了")
    words = plain(class_page(TITLE, [row], lang="en"))
    assert "王小红 有评语 comment 57.5 / 100 −10 迟 2 天 2 d late ◐ 15 ◐ 52.5" in words


def test_the_teacher_s_score_is_shown_beside_the_automatic_one() -> None:
    row = graded("王小红", report_of((0, 0, 0, 0)), override=60.0, hours_late=5.0, penalty=0.0)
    words = plain(class_page(TITLE, [row], lang="en"))
    assert "王小红 老师改分 by the teacher 60 / 100 0 迟 1 天 1 d late ✘ 0 ✘ 0" in words


def test_columns_that_nobody_needs_are_not_there() -> None:
    words = plain(class_page(TITLE, [graded("a", PERFECT)], lang="en"))
    assert "Automatic" not in words
    assert "迟交扣分" not in words


def test_what_could_not_be_graded_is_told_with_its_reason_and_without_a_link() -> None:
    rows = [
        graded("a", PERFECT),
        without_report("b", "waiting"),
        without_report("c", "not graded", Text("没有内存了。", "There was no memory left.")),
        without_report("d", "missing"),
    ]
    page = class_page(TITLE, rows, lang="en")
    words = plain(page)
    assert "c 没有内存了。 There was no memory left." in words
    assert "b 等待批改 waiting – – –" in words
    assert "c 没能批改 not graded – – –" in words
    assert "d 没有交 not handed in – – –" in words
    assert "没有交 Not handed in 1 " in words
    assert set(links(page)) == {"students/a.html"}


@pytest.mark.parametrize("name", ["王小红", "a/b", "50% #1?.x", "con", "..", "a b&c=d", "<b>", HOSTILE])
def test_the_link_is_the_file_that_the_gradebook_writes(name: str) -> None:
    from urllib.parse import unquote

    (href, *_) = links(class_page(TITLE, [graded(name, PERFECT)], lang="en"))
    assert href is not None
    assert unquote(href) == f"students/{file_name(name)}.html"
    assert not re.search(r"[#?<>\"']", href)


@pytest.mark.parametrize(
    "hostile", [HOSTILE, "</script><script>x", '" onclick="x', "{{ 7 * 7 }}", "a\0\x1b[31m", "\udcff"]
)
def test_a_name_is_shown_and_does_nothing(hostile: str) -> None:
    said = Text(hostile, hostile)
    rows = [
        graded(hostile, PERFECT, comment=hostile),
        graded("x", replace(PERFECT, tests=tuple(replace(test, title=said) for test in PERFECT.tests))),
        without_report(hostile + "2", "not graded", said),
    ]
    alike = alike_of(hostile, hostile + "2")
    sides = tuple(replace(side, lines=(hostile,), place=hostile) for side in alike.sides)
    page = class_page(said, rows, lang="zh", alike=[replace(alike, sides=sides)])
    expected = class_page(Text.same("t"), [graded("a", PERFECT), graded("b", PERFECT)], lang="zh")
    elements = Elements(page).found
    assert {tag for tag, _ in elements} <= {tag for tag, _ in Elements(expected).found} | {
        *("br", "details", "summary", "figure", "figcaption", "pre", "strong", "ul", "li")
    }
    assert not any(key.startswith("on") for _, attributes in elements for key in attributes)
    assert "\u202e" not in page
    assert printable(hostile) in unescape(page)
    page.encode("utf-8")


def test_alike_submissions_are_evidence_and_no_accusation() -> None:
    rows = [graded("甲", PERFECT), graded("乙", PERFECT)]
    words = plain(class_page(TITLE, rows, lang="zh", alike=[alike_of("甲", "乙")]))
    assert "请把两份都看一看，再和学生谈。相像不等于抄袭" in words
    assert "Look at both, then talk with the students. Being alike does not mean copying" in words
    assert "No score was changed by it" in words
    assert "甲 · 乙 程序 program 83%" in words
    assert "homework.py:12 def best_of(folder):" in words
    assert not re.search("cheat|plagiar|作弊", words)


@pytest.mark.parametrize(
    ("alike", "said"),
    [(None, "They were not compared this time."), ((), "None stand out.")],
)
def test_without_alike_submissions_the_page_says_why(alike: tuple[Alike, ...] | None, said: str) -> None:
    assert said in plain(class_page(TITLE, [graded("a", PERFECT)], lang="en", alike=alike))


@pytest.mark.parametrize("count", [0, 1])
def test_a_class_without_a_score_has_a_page(count: int) -> None:
    words = plain(class_page(TITLE, [without_report(str(at), "waiting") for at in range(count)], lang="en"))
    assert f"学生 Students {count}" in words
    assert "How the scores lie" not in words


def test_programs_that_were_not_run_and_unequal_levels_are_told() -> None:
    refused = replace(PERFECT, refused=Text("不行", "no"), isolation="artefacts")
    words = plain(class_page(TITLE, [graded("a", PERFECT), graded("b", refused)], lang="en"))
    assert "Not all submissions were graded at the same level." in words
    assert "1 programs were not run: no isolation was strong enough." in words


def test_the_page_asks_nothing_of_the_network() -> None:
    page = class_page(TITLE, list(many(5)), lang="zh", alike=[alike_of("a", "b")])
    assert not re.search(r"(?:src|href|url\()\s*=?\s*[\"']?(?:https?:)?//", page)
    (policy,) = [found["content"] for tag, found in Elements(page).found if "http-equiv" in found]
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert " style=" not in page[page.index("<body") :]


@pytest.mark.parametrize(("share", "shown"), [(0.0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1.0, "100%")])
def test_none_and_all_are_said_of_none_and_all_alone(share: float, shown: str) -> None:
    assert percent(share) == shown


@settings(deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_more_is_never_paler(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= heat(low) <= heat(high) <= 10
    assert (heat(low) == 0) == (low == 0)


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        ({}, ""),
        ({"final": 99.0}, "lost"),
        ({"hours_late": 1.0}, "late"),
        ({"comment": "x"}, "changed"),
        ({"override": 100.0}, "changed"),
        ({"override": 50.0, "hours_late": 2.0}, "lost late changed"),
        ({"status": "waiting", "final": None}, "open"),
    ],
)
def test_by_what_a_line_is_picked_out(more: dict[str, object], kinds: str) -> None:
    assert line_of(graded("a", PERFECT, **more)).kinds == kinds


def test_the_file_is_the_page(tmp_path: Path) -> None:
    path = tmp_path / "results" / "index.html"
    rows = list(many(5))
    write_class_page(path, TITLE, iter(rows), lang="en")
    assert path.read_text("utf-8") == class_page(TITLE, rows, lang="en")
    assert [one.name for one in path.parent.iterdir()] == ["index.html"]
