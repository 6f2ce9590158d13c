"""When work was handed in: what people, Excel and Gradescope write; a guess is never one of them."""

from __future__ import annotations

from datetime import timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.batch.hand_in_times import HandInTimes, read_time, read_times
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
        ("2026-02-31 10:00", ""),
        ("2026-11-20 10:00 +99:00", ""),
        ("2026-11-20", ""),
        ("11/20/26 10:00", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_time(text: str, expected: str) -> None:
    assert read_time(text, CHINA) == expected


def test_a_time_without_a_zone_is_not_known() -> None:
    assert read_time("2026-11-20 22:30") == ""


@given(when=st.datetimes(timezones=st.just(CHINA)))
def test_what_python_writes_is_read(when: object) -> None:
    assert read_time(str(when)).startswith(str(when)[:10])


@pytest.mark.parametrize("text", ["姓名,时间\n张三,2026-11-20 22:30\n", "\ufeff张三;2026/11/20 22:30\r\n\r\n"])
def test_the_list_beside_the_submissions(tmp_path: Path, text: str) -> None:
    (tmp_path / "handed_in.csv").write_bytes(text.encode())
    times = HandInTimes([tmp_path], CHINA)
    for path in ("张三", "张三.zip", "张三.py", "张三_12_assignsubmission_file_"):
        assert times.of(tmp_path / path, "张三") == "2026-11-20T22:30:00+08:00"
    assert times.of(tmp_path / "李四", "李四") == ""
    assert HandInTimes([tmp_path], None).of(tmp_path / "张三", "张三") == ""


def test_the_list_may_lie_beside_the_zip_of_the_class(tmp_path: Path) -> None:
    (tmp_path / "handed_in.csv").write_text("张三,2026-11-20 22:30\n李四,2026-11-20 22:31\n", "utf-8")
    (tmp_path / "unpacked").mkdir()
    (tmp_path / "unpacked" / "handed_in.csv").write_text("李四,2026-11-21 08:00\n", "utf-8")
    times = HandInTimes([tmp_path / "class.zip"], CHINA)
    assert times.of(tmp_path / "unpacked" / "张三", "张三") == "2026-11-20T22:30:00+08:00"
    assert times.of(tmp_path / "unpacked" / "李四", "李四") == "2026-11-21T08:00:00+08:00"


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


def test_gradescope_knows_when(tmp_path: Path) -> None:
    for number in (101, 102, 103):
        (tmp_path / f"submission_{number}").mkdir()
        (tmp_path / f"submission_{number}" / "homework.py").write_text("x = 1\n", "utf-8")
    (tmp_path / "submission_metadata.yml").write_text(
        "---\nsubmission_101:\n  :submitters:\n  - :name: 张三\n  :created_at: 2026-11-20 14:30:05.32 Z\n"
        "  :history:\n  - :created_at: 2026-11-19 10:00:00 Z\n"
        "submission_102:\n  :created_at: 2026-11-20 14:30:05\n  :submitters:\n  - :name: 李四\n",
        "utf-8",
    )
    found = {one.name: one.handed_in for one in find_students([tmp_path], lambda: tmp_path / "unpacked")}
    assert found == {"张三": "2026-11-20T14:30:05+00:00", "李四": "", "submission_103": ""}
