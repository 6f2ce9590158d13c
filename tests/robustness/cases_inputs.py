"""Archives and folders as they are handed in: what each is worth, and what its student is told.

The honest work is a program with one right answer in it, which leaves a training when it is run: an archive that is
refused earns nothing, one that is read without its bad parts earns everything. Whatever a case holds beside it says
EVIL, and nobody may find that outside.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from .conftest import HONEST

FULL, NOTHING = 100.0, 0.0
WORK, RIGHT, EVIL = "homework.py", b"q = 7\n" + HONEST.encode(), b"q = 666\n"
Name = str | bytes


@dataclass(frozen=True)
class Case:
    """`make` writes the submission into an empty folder; `notes` are words of each note, `says` of the refusal."""

    make: Callable[[Path], Path]
    score: float = FULL
    notes: tuple[str, ...] = ()
    says: str = ""


def zipped(
    *files: tuple[Name, bytes], name: str = "hw.zip", kind: int = 0o100644, **how: int
) -> Callable[[Path], Path]:
    """A zip of these files; a name of bytes is written as it is, without the mark for UTF-8."""

    def make(folder: Path) -> Path:
        (folder / name).write_bytes(zip_bytes(files, kind, **how))
        return folder / name

    return make


def zip_bytes(files: Iterable[tuple[Name, bytes]], kind: int = 0o100644, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    raw: list[tuple[bytes, bytes]] = []
    with zipfile.ZipFile(out, "w", method) as archive:
        for number, (name, data) in enumerate(files):
            plain = name if isinstance(name, str) else f"raw{number:02}".ljust(len(name), "_")[: len(name)]
            if isinstance(name, bytes):
                raw.append((plain.encode(), name))
            info = zipfile.ZipInfo(plain)
            info.filename = plain  # the constructor would mend it
            # Only what comes after the honest work is odd.
            info.external_attr = (kind if number else 0o100644) << 16
            info.compress_type = method
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # one name twice: that is the case
                archive.writestr(info, data)
    found = out.getvalue()
    for plain_name, name_bytes in raw:
        found = found.replace(plain_name, name_bytes)
    return found


def tarred(
    *members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "", name: str = "hw.tar.gz"
) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(tar_bytes(members, kind, link, packed=not name.endswith(".tar")))
        return folder / name

    return make


def tar_bytes(members: Iterable[tuple[str, bytes]], kind: bytes, link: str, *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz" if packed else "w") as archive:
        for number, (name, data) in enumerate(members):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            if number:  # only what comes after the honest work is odd
                info.type, info.linkname = kind, link
                info.size = len(data) if kind == tarfile.REGTYPE else 0
                info.mode, info.uid = 0o7777, 0
            archive.addfile(info, io.BytesIO(data[: info.size]))
    return out.getvalue()


def changed(make: Callable[[Path], Path], change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def again(folder: Path) -> Path:
        path = make(folder)
        path.write_bytes(change(path.read_bytes()))
        return path

    return again


def written(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def folder_of(**files: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        for name, data in files.items():
            path = folder / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder / "in"

    return make


def claims_ten_gigabytes(data: bytes) -> bytes:
    """The sizes in both headers of every file, changed."""
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = 0
        while (start := data.find(mark, start)) >= 0:
            data = data[: start + at] + struct.pack("<I", 0xFFFFFFF0) + data[start + at + 4 :]
            start += at
    return data


def encrypted(data: bytes) -> bytes:
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = data.find(mark)
        data = data[: start + at] + bytes([data[start + at] | 1]) + data[start + at + 1 :]
    return data


def huge_header(folder: Path) -> Path:
    """A tar whose first header says that a gigabyte of names follows."""
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 30
    (folder / "hw.tar.gz").write_bytes(gzip.compress(info.tobuf() + bytes(1 << 20)))
    return folder / "hw.tar.gz"


GOOD = (WORK, RIGHT)
INNER = zip_bytes([GOOD])
NO_PROGRAM = ("There is no script or notebook",)
OUTSIDE = ("leads out of the folder",)
CHINESE = "张三的 作业/homework.py"

ARCHIVES: dict[str, Case] = {
    "a zip": Case(zipped(GOOD)),
    "a zip that is not packed": Case(zipped(GOOD, method=zipfile.ZIP_STORED)),
    "a tar": Case(tarred(GOOD, name="hw.tar")),
    "a tar.gz": Case(tarred(GOOD)),
    "a tgz named in capitals": Case(tarred(GOOD, name="HW.TGZ")),
    "a tar.bz2": Case(written("hw.tar.bz2", bz2.compress(tar_bytes([GOOD], b"0", "", packed=False)))),
    "in sub-folders": Case(zipped(("a/b c/作业/homework.py", RIGHT))),
    "Chinese names in UTF-8": Case(zipped((CHINESE, RIGHT))),
    "Chinese names as Windows writes them": Case(zipped((CHINESE.encode("gbk"), RIGHT))),
    "UTF-8 without the mark": Case(zipped((CHINESE.encode(), RIGHT))),
    "names of bytes that are nothing": Case(zipped(GOOD, (b"\xff\xfe\x80.txt", EVIL))),
    "Chinese names in a tar": Case(tarred((CHINESE, RIGHT))),
    "backslashes": Case(zipped(("work\\hw\\homework.py", RIGHT))),
    "what systems add": Case(zipped(GOOD, ("__MACOSX/._homework.py", EVIL), (".DS_Store", EVIL), ("Thumbs.db", EVIL))),
    "a zip in a zip": Case(zipped(("inner.zip", INNER))),
    "a tar in a zip": Case(zipped(("inner.tar.gz", tar_bytes([GOOD], b"0", "")))),
    "three deep": Case(zipped(("a.zip", zip_bytes([("b.zip", INNER)]))), NOTHING, NO_PROGRAM),
    "S24 dots": Case(zipped(GOOD, ("../../homework.py", EVIL)), notes=OUTSIDE),
    "S24 dots with backslashes": Case(zipped(GOOD, ("..\\..\\homework.py", EVIL)), notes=OUTSIDE),
    "S24 dots in the middle": Case(zipped(GOOD, ("a/../../homework.py", EVIL)), notes=OUTSIDE),
    "S24 absolute": Case(zipped(GOOD, ("/tmp/homework.py", EVIL)), notes=OUTSIDE),
    "S24 a drive": Case(zipped(GOOD, ("C:\\homework.py", EVIL)), notes=OUTSIDE),
    "S24 a share": Case(zipped(GOOD, ("\\\\server\\homework.py", EVIL)), notes=OUTSIDE),
    "S24 dots in a tar": Case(tarred(GOOD, ("../homework.py", EVIL)), notes=OUTSIDE),
    "S24 absolute in a tar": Case(tarred(GOOD, ("/tmp/homework.py", EVIL)), notes=OUTSIDE),
    "S24 a link in a zip": Case(zipped(GOOD, ("run.log.json", b"/etc/passwd"), kind=0o120777), notes=("a link",)),
    "S24 a device in a zip": Case(zipped(GOOD, ("sda", b""), kind=0o060666), notes=("not a plain file",)),
    "S24 a link in a tar": Case(tarred(GOOD, ("l", b""), kind=tarfile.SYMTYPE, link="/etc/passwd"), notes=("a link",)),
    "S24 a hard link": Case(tarred(GOOD, ("l", b""), kind=tarfile.LNKTYPE, link="../homework.py"), notes=("a link",)),
    "S24 a pipe": Case(tarred(GOOD, ("p", b""), kind=tarfile.FIFOTYPE), notes=("not a plain file",)),
    "S24 a device in a tar": Case(tarred(GOOD, ("d", b""), kind=tarfile.CHRTYPE), notes=("not a plain file",)),
    "S24 a link, then a file through it": Case(
        tarred(GOOD, ("x", b""), ("x/homework.py", b""), kind=tarfile.SYMTYPE, link="/tmp"), notes=("a link",)
    ),
    "S24 10 000 entries": Case(zipped(GOOD, *((f"n{n}", b"") for n in range(10_000)))),
    "S24 30 000 entries": Case(zipped(GOOD, *((f"n{n}", b"") for n in range(30_000))), NOTHING, says="too many or too"),
    "S24 10 GB claimed": Case(
        changed(zipped(GOOD, ("a", b"1"), ("b", b"1")), claims_ten_gigabytes), NOTHING, says="too many or too large"
    ),
    "S24 10 GB claimed in a tar": Case(
        changed(tarred(GOOD, name="hw.tar"), lambda data: sized("big", 10 * 10**9).tobuf() + data),
        NOTHING,
        says="too many or too large",
    ),
    "S24 a bomb": Case(zipped(GOOD, ("zero", bytes(110_000_000))), NOTHING, says="would grow enormously"),
    "S24 case twins": Case(zipped(GOOD, ("Homework.PY", EVIL)), notes=("another file has this name",)),
    "S24 one name twice": Case(zipped(GOOD, (WORK, EVIL)), notes=("another file has this name",)),
    "S24 a file where a folder is": Case(
        zipped(GOOD, ("a/b", b""), ("a", EVIL), ("homework.py/x", EVIL)), notes=("another file has this name",)
    ),
    "S24 names that Windows keeps": Case(zipped(GOOD, ("CON", EVIL), ("nul.py", EVIL), ("com1.toml", EVIL))),
    "S24 dots and spaces at the end": Case(zipped(GOOD, ("notes. . .", EVIL), ("dir. /x", EVIL))),
    "S24 signs that Windows forbids": Case(zipped(GOOD, ('a*b:c?"<>|', EVIL))),
    "names with line ends": Case(zipped(GOOD, ("a\nb\r\x1b[2J", EVIL))),
    "a name of 5000 letters": Case(zipped(GOOD, ("x" * 5000, EVIL))),
    "a hundred folders deep": Case(zipped(GOOD, ("a/" * 100 + "x", EVIL)), notes=OUTSIDE),
    "a name that is only dots": Case(zipped(GOOD, ("...", EVIL), ("./.", EVIL)), notes=OUTSIDE),
    "a password": Case(changed(zipped(GOOD), encrypted), NOTHING, says="has a password"),
    "cut off": Case(changed(zipped(GOOD), lambda data: data[:-30]), NOTHING, says="is not a whole archive"),
    "a tar cut off": Case(changed(tarred(GOOD), lambda data: data[:60]), NOTHING, says="is not a whole archive"),
    "a changed byte": Case(
        changed(zipped(GOOD, method=zipfile.ZIP_STORED), lambda data: data.replace(b"q = 7", b"q = 8")),
        NOTHING,
        says="is not a whole archive",
    ),
    "a page that was downloaded": Case(written("hw.zip", b"<!DOCTYPE html>"), NOTHING, says="is not a whole archive"),
    "an empty file": Case(written("hw.zip", b""), NOTHING, says="is not a whole archive"),
    "an empty zip": Case(zipped(), NOTHING, NO_PROGRAM),
    "a rar": Case(written("hw.rar", b"Rar!\x1a\x07\x01\x00"), NOTHING, says="is a RAR archive"),
    "a 7z": Case(written("hw.7z", b"7z\xbc\xaf\x27\x1c"), NOTHING, says="is a 7z archive"),
    "a 7z called zip": Case(written("hw.zip", b"7z\xbc\xaf\x27\x1c"), NOTHING, says="is a 7z archive"),
    "an xz": Case(written("hw.tar.xz", lzma.compress(b"x")), NOTHING, says="is a xz archive"),
    "a zip called rar": Case(zipped(GOOD, name="hw.rar")),
    "a gigabyte of name": Case(huge_header, NOTHING, says="is not a whole archive"),
    "a directory of a gigabyte": Case(
        changed(zipped(GOOD), lambda data: data[:-10] + struct.pack("<I", 1 << 30) + data[-6:]),
        NOTHING,
        says="too many or too large",
    ),
    "a broken archive beside the work": Case(
        folder_of(**{WORK: RIGHT, "data.zip": b"PK\x03\x04", "x.rar": b"Rar!\x1a\x07"}),
        notes=("is not a whole archive", "is a RAR archive"),
    ),
    "an archive in an untidy folder": Case(folder_of(**{"说明.txt": b"-", "final/作业.zip": INNER})),
    "two archives": Case(folder_of(**{"old.zip": zip_bytes([("x.txt", b"-")]), "new.zip": INNER})),
    "an archive beside a folder of its name": Case(folder_of(**{"hw/x.txt": b"-", "hw.zip": INNER})),
}


def sized(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    return info


def odd_names(folder: Path) -> Path:
    """Names that a Linux file system takes and others do not."""
    inside = folder / "in"
    inside.mkdir()
    (inside / WORK).write_bytes(RIGHT)
    for name in (b"a\nb.txt", b"\xff\xfe.toml", b"\x1b[2J.json", b"-rf", b" ", b"CON", "\u202etxt.exe".encode()):
        fd = os.open(os.fsencode(inside) + b"/" + name, os.O_CREAT | os.O_WRONLY)
        os.write(fd, EVIL)
        os.close(fd)
    return inside


def many_files(folder: Path) -> Path:
    """More than are ever read; a hundred thousand behave alike and take seconds to make."""
    inside = folder / "in"
    (inside / "many").mkdir(parents=True)
    (inside / WORK).write_bytes(RIGHT)
    place = os.open(inside / "many", os.O_RDONLY)
    for number in range(20_001):
        os.mknod(str(number), dir_fd=place)
    os.close(place)
    return inside


def links(folder: Path) -> Path:
    inside = folder / "in"
    inside.mkdir()
    (inside / WORK).write_bytes(RIGHT)
    (inside / "zip.zip").symlink_to("/etc/passwd")
    (inside / "loop").symlink_to(inside)
    os.mkfifo(inside / "homework.ipynb")
    return inside


FOLDERS: dict[str, Case] = {
    "odd names": Case(odd_names, notes=("it has a name that is not text",)),
    "more files than are read": Case(many_files, notes=("Too many or too large files",)),
    "links and pipes": Case(links, notes=("it is not a plain file", "it is a link", "it is a link")),
    "an empty folder": Case(folder_of(**{"x/y.txt": b""}), NOTHING, NO_PROGRAM),
}
