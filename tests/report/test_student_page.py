"""The page of one student as a text: everything of the report is there in both languages, and nothing of it acts."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from pytest_mmedu.report.pages.charts import charts_of
from pytest_mmedu.report.pages.student_page import student_page
from pytest_mmedu.report.pages.student_view import evaluations, next_step, test_views, verdict
from pytest_mmedu.report.report import Report
from pytest_mmedu.result import failed
from pytest_mmedu.text import LANGS, Lang, Text
from tests.report.every_outcome import ALL_EARNED, EMPTY, EVERY_OUTCOME, REFUSED, everywhere
from tests.report.made_evidence import EVIDENCE, SEVERAL, TRAINING, WITH_EVIDENCE

test_views.__test__ = False  # type: ignore[attr-defined]  # a name that pytest would collect
HOSTILE = "<script>alert(1)</script></style><img src=x onerror=alert(1)>\"' \u202e\x00\x1b{{ 7*7 }}" + "长" * 3000


class Seen(HTMLParser):
    """Tags with their attributes, and the text of each language; `None` is text of both."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str | None, str]] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.tags.append((tag, facts))
        if tag not in ("meta", "link", "br", "img", "rect", "line", "circle", "polyline"):
            within = self._open[-1][1] if self._open else None
            self._open.append((tag, facts.get("data-l", within)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] not in ("style", "script") and data.strip():
            self.texts.append((self._open[-1][1], " ".join(data.split())))

    def text(self, lang: Lang) -> str:
        return " ".join(text for of, text in self.texts if of in (None, lang))


def page(report: Report, **more: str) -> Seen:
    return Seen(student_page(report, lang="zh", **more))


def said_by(report: Report) -> list[Text]:
    texts = [report.exercise.title, *report.notes]
    for test in report.tests:
        texts += [test.title] + ([test.message] if test.message else [])
        for result in test.results:
            texts += [text for text in (result.title, result.seen, result.wanted, result.hint) if text]
    return texts


@pytest.mark.parametrize("report", [WITH_EVIDENCE, SEVERAL, ALL_EARNED, REFUSED, EMPTY])
def test_all_that_the_report_says_is_there_in_both_languages(report: Report) -> None:
    seen = page(report)
    for lang in LANGS:
        shown = seen.text(lang)
        assert [text for text in said_by(report) if text.in_lang(lang) not in shown] == []


def test_the_points_come_first_and_then_the_next_step() -> None:
    shown = page(EVERY_OUTCOME, student="王小明").text("en")
    shown = shown[shown.index("Skip to the content") :]
    order = ["First training run", "王小明", "35 / 100 points", "Next step", "Too few epochs", "All files"]
    places = [shown.index(words) for words in order]
    assert places == sorted(places)


def test_a_sentence_about_the_score() -> None:
    assert verdict(ALL_EARNED) == Text("全部做对了！", "Everything is right!")
    assert verdict(EVERY_OUTCOME) == Text("还有 65 分等着你。", "65 points are still waiting for you.")
    assert "批改时出错，请老师处理后重新批改。" in page(EVERY_OUTCOME).text("zh")


def test_no_next_step_where_there_is_no_hint() -> None:
    assert next_step(test_views(ALL_EARNED)) is None
    assert "Next step" not in page(ALL_EARNED).text("en")


def test_the_students_lines_stand_beside_the_verdict_with_the_line_that_is_meant() -> None:
    seen = page(WITH_EVIDENCE)
    lines = [facts for tag, facts in seen.tags if tag == "span" and "data-number" in facts]
    assert [(one["data-number"], one["class"]) for one in lines] == [
        ("9", "line"),
        ("10", "line meant"),
        ("11", "line"),
        ("2", "line"),
    ]
    shown = seen.text("en")
    assert shown.index("Parameter epochs") < shown.index("epochs=1,") < shown.index("Validation accuracy")
    assert "seed = 1 + 1 # 随机" in shown


def test_one_reason_for_neighbours_is_told_once() -> None:
    why, hint = Text("程序没有训练", "it trained nothing"), Text("写上 train()。", "Call train().")
    ones = tuple(failed(name, Text.same(name), why, hint=hint, place="h.py:1") for name in "ab")
    test = replace(EVERY_OUTCOME.tests[1], results=ones)
    [view] = test_views(replace(EVERY_OUTCOME, tests=(test,)))
    [group] = view.groups
    assert [check.seen for check in group.checks] == [why, Text("同上", "as above")]
    assert (group.hint, group.place) == (hint, "h.py:1")


def test_the_curves_have_a_title_a_sentence_and_a_table() -> None:
    loss, accuracy = charts_of(TRAINING)
    assert loss.said == Text(
        "损失从 2.3 到 0.192，最低 0.192，在第 6 轮。", "Loss from 2.3 to 0.192, lowest 0.192 at epoch 6."
    )
    assert accuracy.said.en == "Validation accuracy from 0.48 to 0.88, highest 0.88 at epoch 6."
    assert [column.en for column in accuracy.columns] == ["epoch", "top-1", "top-5"]
    assert accuracy.rows[0] == ("1", "0.48", "0.83")
    assert [tick.label for tick in accuracy.across] == ["0", "2", "4", "6"]
    seen = page(WITH_EVIDENCE)
    assert sum(tag == "svg" and facts.get("role") == "img" for tag, facts in seen.tags) == 2
    assert loss.said.zh in seen.text("zh")


@pytest.mark.parametrize("value", [0.0, -3.0, 1e-300, 1e300, -1e300])
def test_any_number_can_be_drawn(value: float) -> None:
    one = replace(TRAINING, loss=((value, value),), metrics=())
    drawn = student_page(replace(WITH_EVIDENCE, evidence=replace(EVIDENCE, curves=(one,))), lang="en")
    assert not re.search(r"\b(nan|inf)\b", drawn)


def test_several_trainings_are_numbered() -> None:
    shown = page(SEVERAL).text("en")
    assert shown.index("Training 1") < shown.index("Training 2")


def test_the_matrix_counts_and_the_pictures_are_named() -> None:
    first, second = evaluations(WITH_EVIDENCE)
    assert [(name, [cell.count for cell in cells]) for name, cells in first.rows][:2] == [
        ("cat", [9, 1, 0]),
        ("斑马", [2, 8, 0]),
    ]
    assert [cell.tone for cell in first.rows[1][1]] == ["miss-1", "hit-4", "none"]
    assert [caption.en for _, caption in first.pictures][:2] == ["“cat”, taken for “斑马”", "“斑马”, taken for “cat”"]
    assert first.pictures[2][1] == Text(
        "是「a very long name of a class」，没有答案", "“a very long name of a class”, no answer"
    )
    assert second.pictures == ()
    shown = page(WITH_EVIDENCE).text("en")
    assert (
        "The grader looked at 30 pictures of val_set with the weights that you trained: 24 of them are right." in shown
    )
    assert shown.count("These pictures are kept for the test, so they are not shown.") == 1


def test_what_the_teacher_says_keeps_its_lines() -> None:
    seen = page(ALL_EARNED, comment="Well done.\n<b>再试试</b>")
    assert "Well done. <b>再试试</b>" in seen.text("en")
    assert "b" not in {tag for tag, _ in seen.tags}


@pytest.mark.parametrize("lang", LANGS)
def test_a_strangers_words_are_shown_and_do_nothing(lang: Lang) -> None:
    text = student_page(everywhere(HOSTILE), lang=lang, student=HOSTILE, comment=HOSTILE)
    seen = Seen(text)
    assert not set(text) & set("\u202e\x00\x1b")
    assert "<script>alert(1)</script></style><img src=x" in seen.text("en")
    assert "{{ 7*7 }}" in seen.text("en")
    assert sum(tag == "script" for tag, _ in seen.tags) == 1
    assert not [tag for tag, _ in seen.tags if tag in ("img", "iframe", "object", "form", "base")]
    assert len(text) < 400_000


@pytest.mark.parametrize("report", [WITH_EVIDENCE, everywhere(HOSTILE)])
def test_nothing_is_fetched_and_only_our_own_style_and_script_count(report: Report) -> None:
    text = student_page(report, lang="zh")
    seen = Seen(text)
    for _, facts in seen.tags:
        assert not [name for name in facts if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action", "data", "srcset"):
            assert (facts.get(name) or "#").startswith(("#", "data:"))
    [policy] = [facts["content"] for tag, facts in seen.tags if facts.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'; img-src data:; ")
    for tag in ("style", "script"):
        [content] = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in policy
        assert not re.search(r"https?:|@import|url\(", content)


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_says_which_language_it_begins_in(lang: Lang, tag: str) -> None:
    text = student_page(WITH_EVIDENCE, lang=lang, student="李")
    assert f'<html lang="{tag}" data-lang="{lang}"' in text
    title = Text("李 · 第一次训练", "李 · First training run")
    assert f"<title>{title.in_lang(lang)}</title>" in text


def test_ids_are_used_once_and_what_refers_to_them_finds_them() -> None:
    seen = page(SEVERAL)
    ids = [facts["id"] for _, facts in seen.tags if "id" in facts]
    assert len(ids) == len(set(ids))
    for _, facts in seen.tags:
        named = (facts.get("aria-labelledby") or "").split()
        anchor = facts.get("href") or ""
        assert set(named) | ({anchor[1:]} if anchor.startswith("#") else set()) <= set(ids)
