"""When work was handed in: what people, Excel and course systems write; a guess is never one of them."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.batch.hand_in_times import read_time, read_times
from pytest_mmedu.batch.layouts import find_students
from pytest_mmedu.errors import ExerciseError

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T22:30:00+08:00", "2026-11-20T22:30:00+08:00"),
        ("2026-11-20T14:30:00Z", "2026-11-20T14:30:00+00:00"),
        ("2026-11-20 22:30", "2026-11-20T22:30:00+08:00"),
        ("2026/11/20 9:05", "2026-11-20T09:05:00+08:00"),
        ("2026-11-20 14:30:05.325946000 Z", "2026-11-20T14:30:05+00:00"),
        ("2026-11-20 06:30:05 -0800", "2026-11-20T06:30:05-08:00"),
        ("2026-11-20 06:30:05 UTC", "2026-11-20T06:30:05+00:00"),
        ("Friday, 20 November 2026, 10:30 PM", "2026-11-20T22:30:00+08:00"),
        ("Friday, November 20, 2026, 12:05 AM", "2026-11-20T00:05:00+08:00"),
        ("Friday, 20 November 2026, 22:30", "2026-11-20T22:30:00+08:00"),
        ("2026年11月20日 星期五 22:30", "2026-11-20T22:30:00+08:00"),
        ("2026年11月2日 星期一 下午 12:30", "2026-11-02T12:30:00+08:00"),
        ("2026年11月20日 22:30", "2026-11-20T22:30:00+08:00"),
        ("2026-02-31 10:00", ""),
        ("2026-11-20 10:00 +99:00", ""),
        ("2026-11-20", ""),
        ("11/20/26 10:00", ""),
        ("viernes, 20 de noviembre de 2026, 22:30", ""),
        ("Friday, 20 Brumaire 2026, 22:30", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_time(text: str, expected: str) -> None:
    assert read_time(text, CHINA) == expected


@pytest.mark.parametrize("text", ["2026-11-20 22:30", "Friday, 20 November 2026, 10:30 PM", "2026年11月20日 22:30"])
def test_a_time_without_a_zone_is_not_known(text: str) -> None:
    assert read_time(text) == ""


@given(when=st.datetimes(timezones=st.just(CHINA)))
def test_what_python_writes_is_read(when: object) -> None:
    assert read_time(str(when)).startswith(str(when)[:10])


def test_a_line_that_cannot_be_understood(tmp_path: Path) -> None:
    (tmp_path / "handed_in.csv").write_text("张三,2026-11-20 22:30\n李四,昨天\n", "utf-8")
    with pytest.raises(ExerciseError) as caught:
        read_times(tmp_path, CHINA)
    assert caught.value.place == "handed_in.csv:2"
    assert caught.value.text.zh == (
        "handed_in.csv 第 2 行读不懂：李四 昨天。每行写文件夹（或学生）和时间，用逗号隔开，如 张三,2026-11-20 22:30。"
    )
    assert caught.value.text.en == (
        "Line 2 of handed_in.csv says 李四 昨天. Each line takes a folder or student and a time with a comma between "
        "them, as in li,2026-11-20 22:30."
    )


def test_of_two_lines_for_one_student_the_later_counts(tmp_path: Path) -> None:
    (tmp_path / "handed_in.csv").write_text("Li,2026-11-20 22:30\nli,2026-11-21 22:30\n", "utf-8")
    assert [line.handed_in for line in read_times(tmp_path, CHINA)] == ["2026-11-21T22:30:00+08:00"]


GRADESCOPE = r"""---
submission_101:
  :submitters:
  - :name: 张三
    :sid: '2020'
    :email: a@example.org
  :created_at: 2026-11-20 14:30:05.32 Z
  :score: 1.0
  :results:
    output: |
      submission_102:
      :created_at: 2020-01-01 00:00:00 Z
    tests:
    - name: test_parameters
      score: 1.0
    - :name: test_learning
  :history:
  - :created_at: 2026-11-19 10:00:00 Z
    :results:
      tests:
      - name: test_parameters
submission_102:
  :created_at: 2026-11-20 14:30:05
  :submitters:
  - :name: "Anna \"A\" M\u00fcller"
  - :name: 'O''Brien'
  :history:
  - :created_at: 2026-11-19 10:00:00 Z
"""


def test_gradescope_knows_who_and_when_whatever_else_stands_in_its_list(tmp_path: Path) -> None:
    for number in (101, 102, 103):
        (tmp_path / f"submission_{number}").mkdir()
        (tmp_path / f"submission_{number}" / "homework.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "submission_metadata.yml").write_text(GRADESCOPE, "utf-8")
    found = {one.name: one.handed_in for one in find_students([tmp_path], lambda: tmp_path / "unpacked")}
    assert found == {"张三": "2026-11-20T14:30:05+00:00", "Anna _A_ Müller、O'Brien": "", "submission_103": ""}
