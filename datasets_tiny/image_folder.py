"""写出数据集 | Writes an ImageNet-style folder: PNG files and the text files that MMEdu expects.

The same bytes on every machine: the pixels are stored uncompressed, because two zlib versions compress differently.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from pathlib import Path


def png(rows: Sequence[bytes], *, colour: bool = False) -> bytes:
    """A square 8-bit PNG, grey or RGB, from its rows of pixels. Below 65536 bytes: one stored block."""
    data = b"".join(b"\0" + row for row in rows)
    stored = b"\x78\x01\x01" + struct.pack("<HH", len(data), len(data) ^ 0xFFFF) + data
    stored += struct.pack(">I", zlib.adler32(data))
    head = struct.pack(">IIBBBBB", len(rows), len(rows), 8, 2 if colour else 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", stored) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def write_picture(root: Path, split: str, name: str, number: int, picture: bytes) -> None:
    """`root/split/name/0042.png`"""
    folder = root / split / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{number:04}.png").write_bytes(picture)


def write_texts(root: Path, classes: Sequence[str]) -> None:
    """classes.txt, val.txt and test.txt as MMEdu writes them: relative path and class number."""
    _write_lines(root / "classes.txt", classes)
    for split in ("val", "test"):
        lines = [
            f"{name}/{path.name} {label}"
            for label, name in enumerate(classes)
            for path in sorted((root / f"{split}_set" / name).glob("*.png"))
        ]
        _write_lines(root / f"{split}.txt", lines)


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
