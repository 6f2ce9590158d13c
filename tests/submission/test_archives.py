"""Archives: what is said about each, in both languages, and where a name may lead."""

from __future__ import annotations

import errno
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.errors import OutputError, SubmissionError
from pytest_mmedu.exercise.personal import student_of
from pytest_mmedu.submission import archives
from pytest_mmedu.submission.archive_names import bare_name, decoded, fit_name, fit_path, is_archive
from pytest_mmedu.submission.archive_peek import peek
from pytest_mmedu.submission.archives import Allowance, unpack
from pytest_mmedu.submission.opened import open_submission
from pytest_mmedu.text import Text

ZIP_AGAIN = ("请改用 .zip 格式压缩后再交。", "Pack it as a .zip and hand it in again.")
ALONE = ("请只交作业本身。", "Hand in the homework alone.")


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_password(data: bytes) -> bytes:
    at = data.find(b"PK\x01\x02") + 8
    return data[:at] + b"\x01" + data[at + 1 :]


REFUSED = [
    ("x.rar", b"Rar!\x1a\x07\x00",
     ("x.rar 是 RAR 压缩包，打不开。", "x.rar is a RAR archive and cannot be opened."), ZIP_AGAIN),
    ("x.7z", b"7z\xbc\xaf\x27\x1c",
     ("x.7z 是 7z 压缩包，打不开。", "x.7z is a 7z archive and cannot be opened."), ZIP_AGAIN),
    (
        "x.zip",
        with_password(zipped(a=b"1")),
        ("x.zip 有密码，打不开。", "x.zip has a password and cannot be opened."),
        ("请不设密码，重新压缩后再交。", "Pack it again without a password."),
    ),
    (
        "x.zip",
        zipped(a=b"1")[:-5],
        ("x.zip 不是完整的压缩包。", "x.zip is not a whole archive."),
        ("请重新压缩或上传，自己先打开看看。", "Pack or upload it again, and open it first."),
    ),
    ("x\x1b[2J.zip", b"", ("x\\x1b[2J.zip 不是完整的压缩包。", "x\\x1b[2J.zip is not a whole archive."), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "seen", "todo"), REFUSED, ids=["rar", "7z", "password", "cut off", "empty"])
def test_refused_in_both_languages(
    tmp_path: Path, name: str, data: bytes, seen: tuple[str, str], todo: tuple[str, str] | None
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SubmissionError) as caught:
        unpack(tmp_path / name, tmp_path / "out")
    assert caught.value.seen == Text(*seen)
    assert todo is None or caught.value.todo == Text(*todo)


def test_more_than_is_left(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(zipped(a=b"1", b=b"2"))
    with pytest.raises(SubmissionError) as caught:
        unpack(tmp_path / "x.zip", tmp_path / "out", Allowance(files=1))
    assert caught.value.text == Text(
        "x.zip 里的文件太多或太大。最多 20000 个文件、2000 MB。请只交作业本身。",
        "x.zip holds too many or too large files. At most 20000 files and 2000 MB are unpacked. "
        "Hand in the homework alone.",
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_archives_share_what_they_may_give(tmp_path: Path) -> None:
    left = Allowance(files=3, bytes=10)
    (tmp_path / "x.zip").write_bytes(zipped(a=b"1", b=b"22"))
    unpack(tmp_path / "x.zip", tmp_path / "one", left)
    assert left == Allowance(1, 7)
    with pytest.raises(SubmissionError):
        unpack(tmp_path / "x.zip", tmp_path / "two", left)


def test_a_bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_BOMB_FROM", 1000)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zero", bytes(100_000))
    with pytest.raises(SubmissionError) as caught:
        unpack(tmp_path / "x.zip", tmp_path / "out")
    assert caught.value.text == Text(
        "x.zip 解压后会变得异常大，没有打开。请只交作业本身。",
        "x.zip would grow enormously and was not opened. Hand in the homework alone.",
    )


def test_what_is_left_out_is_said_once_for_each_reason(tmp_path: Path) -> None:
    names = {f"../{number}": b"" for number in range(5)} | {"a": b"1", "A": b"2"}
    (tmp_path / "x.zip").write_bytes(zipped(**names))
    outside, twin = unpack(tmp_path / "x.zip", tmp_path / "out")
    assert outside == Text(
        "没有解压 x.zip 里的 ../0、../1、../2 等 5 个：名字指向文件夹之外，或太长、太深。",
        "Not unpacked from x.zip: ../0, ../1, ../2 and 2 more: "
        "the name leads out of the folder, or is too long or too deep.",
    )
    assert twin == Text(
        "没有解压 x.zip 里的 A：与另一个文件重名。", "Not unpacked from x.zip: A: another file has this name."
    )
    assert [path.read_bytes() for path in (tmp_path / "out").iterdir()] == [b"1"]


def test_rights_and_owners_are_not_taken_over(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        info = tarfile.TarInfo("run.sh")
        info.mode, info.uid, info.size, info.mtime = 0o6777, 12345, 1, 0
        archive.addfile(info, io.BytesIO(b"x"))
    unpack(tmp_path / "x.tar", tmp_path / "out")
    facts = (tmp_path / "out" / "run.sh").stat()
    assert facts.st_mode & 0o7000 == 0
    assert facts.st_mtime > 0
    assert not hasattr(os, "getuid") or facts.st_uid == os.getuid()


def test_a_full_disk_is_not_the_students_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "x.zip").write_bytes(zipped(a=b"1"))
    monkeypatch.setattr(archives, "_copy", full)
    with pytest.raises(OutputError) as caught:
        unpack(tmp_path / "x.zip", tmp_path / "out")
    assert caught.value.text == Text(
        "磁盘满了，x.zip 没有解压完。请腾出空间后再批改一次。",
        "The disk is full: x.zip was not unpacked. Make room and grade again.",
    )


@given(st.text(max_size=60) | st.text(alphabet="./\\:aA \n中", max_size=30))
def test_no_name_leads_out(name: str) -> None:
    path = fit_path(name)
    if path is None:
        return
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert all(part and part == part.strip("\n") and not part.endswith((".", " ")) for part in path.parts)
    assert not set(path.as_posix()) & set('<>:"|?*\\\0')
    assert fit_path(path.as_posix()) == path


@given(st.text(max_size=30))
def test_a_shown_name_has_no_folders(name: str) -> None:
    assert len(PurePosixPath(fit_name(name)).parts) == 1


@pytest.mark.parametrize(
    ("name", "fit"),
    [
        ("CON", "_CON"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("console.py", "console.py"),
        ("a. . ", "a"),
        ("..\u3000", "_"),
        ("C:x.py", "C_x.py"),
        ("x" * 500 + ".py", "x" * 117 + ".py"),
        ("长" * 500, "长" * 40),
        ("e\u0301.py", "\u00e9.py"),
        ("./a//b/./c", "a/b/c"),
    ],
)
def test_names_that_some_system_does_not_take(name: str, fit: str) -> None:
    assert fit_path(name) == PurePosixPath(fit)


@pytest.mark.parametrize(("data", "name"), [("作业".encode("gbk"), "作业"), ("作业".encode(), "作业"), (b"hw", "hw")])
def test_names_without_a_mark_of_their_encoding(data: bytes, name: str) -> None:
    assert decoded(data) == name


@pytest.mark.parametrize("name", ["a.zip", "a.ZIP", "a.tar.gz", "a.tgz", "a.rar", "a.7z"])
def test_known_by_their_suffix(name: str) -> None:
    assert is_archive(PurePosixPath(name))
    assert bare_name(PurePosixPath(name)) == "a"


@pytest.mark.parametrize("name", ["best.pth", "a.gz", "zip", "homework.py", "a.npz", "a.docx"])
def test_other_files_that_may_be_zips_inside(name: str) -> None:
    assert not is_archive(PurePosixPath(name))


@pytest.fixture
def no_place() -> Callable[[], Path]:
    def place() -> Path:
        raise AssertionError("nothing is unpacked here")

    return place


def test_what_holds_no_archive_stays_where_it_is(tmp_path: Path, no_place: Callable[[], Path]) -> None:
    (tmp_path / "homework.py").write_text("x = 1\n", encoding="utf-8")
    for path in (tmp_path, tmp_path / "homework.py", tmp_path / "none"):
        assert open_submission(path, no_place).path == path


def test_more_archives_than_anybody_hands_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(12):
        (tmp_path / "in" / f"{number:02}.zip").write_bytes(zipped(a=b"1"))
    opened = open_submission(tmp_path / "in", lambda: tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 10
    assert opened.notes == (
        Text(
            "有 12 个压缩包，只打开了前 10 个（没有打开 10.zip 等）。",
            "There are 12 archives; only the first 10 were opened (not 10.zip and others).",
        ),
    )


def tarred(**files: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize("pack", [zipped, tarred])
@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"student.toml": b"x"}, b"x"),
        ({"a/b/student.toml": b"x", "student.toml": b"y"}, b"x"),
        ({"a/b/c/student.toml": b"x"}, None),
        ({"../student.toml": b"x"}, None),
        ({"student.toml": b"x" * 11}, None),
        ({}, None),
    ],
)
def test_one_small_file_without_the_rest(
    tmp_path: Path, pack: Callable[..., bytes], files: dict[str, bytes], found: bytes | None
) -> None:
    (tmp_path / "x").write_bytes(pack(**files))
    assert peek(tmp_path / "x", "student.toml", 10) == found


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"\x1f\x8b", with_password(zipped(**{"student.toml": b"x"}))],
    ids=["empty", "zip", "gzip", "password"],
)
def test_nothing_is_seen_in_what_is_damaged(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    assert peek(tmp_path / "x", "student.toml", 10) is None


def test_whose_work_an_archive_is(tmp_path: Path) -> None:
    """And a single file does not take the id from the folder of a classmate beside it."""
    (tmp_path / "a.zip").write_bytes(zipped(**{"hw/student.toml": b'student = "2024001"\n'}))
    (tmp_path / "classmate").mkdir()
    (tmp_path / "classmate" / "student.toml").write_bytes(b'student = "2024002"\n')
    (tmp_path / "b.py").write_bytes(b"x = 1\n")
    names = ("a.zip", "b.py", "classmate")
    assert [student_of(tmp_path / name).id for name in names] == ["2024001", "", "2024002"]
