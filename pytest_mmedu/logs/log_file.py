"""打开日志文件 | The file as numbered blocks of whole lines, whatever its encoding, in bounded memory.

Lines are physical: ended by a line feed. (A file that has carriage returns only is an old Mac's; there they end lines.)
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pytest_mmedu.logs import note_texts, refusals
from pytest_mmedu.logs.notes import Notes

CHUNK = 1 << 17
LONGEST_LINE = 8 << 20
_HEAD = 1 << 13
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Block(NamedTuple):
    """Some whole lines; `whole` is False where the last one is the file's last and has no line end."""

    line: int
    text: str
    whole: bool = True


class Source:
    """Reads one file once. After the last block `encoding` and `lines` are known."""

    def __init__(self, path: Path, seen: Notes) -> None:
        self.path, self._notes = path, seen
        self.encoding, self.lines = "utf-8", 0
        self._foreign: int | None = None  # the first line that is not UTF-8
        self._native = False  # whether some line is UTF-8 beyond ASCII
        self._line_end = b"\n"

    def blocks(self) -> Iterator[Block]:
        """Raises LogError for what is no text file."""
        refusals.check_file(self.path)
        try:
            with self.path.open("rb") as file:
                yield from self._numbered(file)
        except OSError as error:
            raise refusals.unreadable(self.path, error) from None
        if self._foreign is not None and self._native:
            self._notes.add("mixed encodings", self._foreign, note_texts.mixed_encodings(self._foreign))

    def _numbered(self, file: BinaryIO) -> Iterator[Block]:
        pending, skipping, size = [b""], False, 0
        for chunk in self._utf8(file):
            cut = chunk.rfind(self._line_end) + 1
            if not cut:
                size += len(chunk)
                skipping = skipping or size > LONGEST_LINE
                pending = [b""] if skipping else [*pending, chunk]
                continue
            head, rest = chunk[:cut], chunk[cut:]
            if skipping:
                head = self._after_long_line(head)
            yield from self._block(b"".join([*pending, head])[:-1], skipping and not head)
            pending, skipping, size = [rest], False, len(rest)
        if skipping:
            self._after_long_line(b"")
        elif any(pending):
            yield from self._block(b"".join(pending), whole=False)

    def _after_long_line(self, chunk: bytes) -> bytes:
        """Counts the line that was too long; what follows it in the chunk."""
        self.lines += 1
        self._notes.add("long line", self.lines, note_texts.long_line(LONGEST_LINE))
        return chunk.partition(self._line_end)[2]

    def _block(self, data: bytes, nothing: bool = False, whole: bool = True) -> Iterator[Block]:
        if nothing:
            return
        if self._line_end != b"\n":
            data = data.replace(self._line_end, b"\n")
        first = self.lines + 1
        self.lines += data.count(b"\n") + 1
        yield Block(first, self._decode(data, first, whole), whole)

    def _utf8(self, file: BinaryIO) -> Iterator[bytes]:
        """The file's bytes, UTF-16 turned into UTF-8, byte order marks removed."""
        head = file.read(_HEAD)
        for bom, name in _BOMS:
            if head.startswith(bom):
                self.encoding, head = name, head[len(bom) if name == "utf-8-sig" else 0 :]
        wide = self._wide(head)
        if wide:
            self.encoding = "utf-16"
        elif not _is_text(head.rstrip(b"\0") or head):  # a power cut leaves zeros behind what was written
            raise refusals.binary(self.path, head)
        recode = codecs.getincrementaldecoder(wide)("replace") if wide else None
        chunk = head
        while chunk:
            data = recode.decode(chunk).encode("utf-8", "replace") if recode else chunk
            if self.lines == 0 and chunk is head and b"\n" not in data and data.count(b"\r") > 1:
                self._line_end = b"\r"
            yield data
            chunk = file.read(CHUNK)

    def _wide(self, head: bytes) -> str | None:
        """The name of a two-byte encoding: by its mark, else because every other byte is NUL."""
        if self.encoding == "utf-16":
            return "utf-16"
        pairs = len(head) // 2
        for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = head[offset::2].count(0), head[1 - offset :: 2].count(0)
            if pairs > 1 and zeros > 0.6 * pairs and others < 0.1 * pairs:
                return name
        return None

    def _decode(self, data: bytes, first: int, whole: bool) -> str:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            lines = data.split(b"\n")
            last = len(lines) - 1
            return "\n".join(
                self._decode_line(line, first + i, cut=not whole and i == last) for i, line in enumerate(lines)
            )
        self._native = self._native or not text.isascii()
        return text

    def _decode_line(self, data: bytes, line: int, cut: bool) -> str:
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            if cut and error.reason == "unexpected end of data":
                return data[: error.start].decode("utf-8")
            return self._decode_foreign(data, line)
        self._native = self._native or not text.isascii()
        return text

    def _decode_foreign(self, data: bytes, line: int) -> str:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            self._notes.add("undecodable", line, note_texts.undecodable())
            return data.decode("utf-8", "replace")
        if self._foreign is None:
            self._foreign, self.encoding = line, "gbk"
        return text


def _is_text(head: bytes) -> bool:
    """No control characters but those that a console writes; single NULs come from interrupted writing."""
    if head.startswith((b"PK\x03\x04", b"\x80")):
        return False
    control = sum(head.count(code) for code in range(32) if code not in b"\b\t\n\r\f\x1b\0")
    return control <= len(head) // 50 and head.count(0) <= len(head) // 2
