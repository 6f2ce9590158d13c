"""压缩包里的名字 | The names of archives and of what is in them: every system can write them, none leads out."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PurePosixPath

ARCHIVE_SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
FOREIGN_SUFFIXES = (".rar", ".7z", ".tar.xz", ".txz")
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\..*)?", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:/")
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
# Windows drops dots and spaces there; and whatever blank is cut off, no ".." may be left.
_AT_THE_END = "." + "".join(sign for sign in map(chr, range(0x20, 0x3001)) if sign.isspace())
_LONGEST_NAME, _LONGEST_PART = 200, 120  # bytes; most systems take 255
_LONGEST_PATH = 150  # Windows takes 260, with the temporary folder before it and a training's files behind it
_DEEPEST = 12
_MADE = {"__macosx", ".ds_store", "thumbs.db", "desktop.ini"}


def is_archive(path: PurePosixPath | Path) -> bool:
    return path.name.lower().endswith((*ARCHIVE_SUFFIXES, *FOREIGN_SUFFIXES))


def bare_name(path: PurePosixPath | Path) -> str:
    """`作业` for `作业.tar.gz`."""
    suffixes = sorted((*ARCHIVE_SUFFIXES, *FOREIGN_SUFFIXES), key=len, reverse=True)
    suffix = next((one for one in suffixes if path.name.lower().endswith(one)), "")
    return path.name[: len(path.name) - len(suffix)]


def decoded(name: bytes) -> str:
    """A name without a mark of its encoding: UTF-8 where it is that, else what Windows writes in China."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("cp437")


def fit_path(name: str) -> PurePosixPath | None:
    """The path to write to; None for a name that leads out of the folder, and for one that is too long or too deep.

    Signs that some system forbids become `_`, names that Windows keeps for devices get one in front.
    """
    plain = name.replace("\\", "/")
    parts = [part for part in plain.split("/") if part not in ("", ".")]
    if plain.startswith("/") or _DRIVE.match(plain) or ".." in parts or not parts or len(parts) > _DEEPEST:
        return None
    path = PurePosixPath(*(_fit_part(part) for part in parts))
    return None if len(path.as_posix()) > _LONGEST_PATH else path


def is_made(path: PurePosixPath) -> bool:
    """What a system puts into archives and folders by itself."""
    return any(part.lower() in _MADE or part.startswith("._") for part in path.parts)


def twin_key(path: PurePosixPath) -> str:
    """Equal for two names that are one on Windows or macOS."""
    return unicodedata.normalize("NFC", path.as_posix()).casefold()


def fit_name(name: str) -> str:
    """One name, for a file or to be shown: it has no folders."""
    return _fit_part(name.replace("/", "_").strip(), _LONGEST_NAME)


def _fit_part(part: str, longest: int = _LONGEST_PART) -> str:
    text = unicodedata.normalize("NFC", part.encode("utf-8", "replace").decode("utf-8"))
    text = _UNFIT.sub("_", text).rstrip(_AT_THE_END) or "_"
    if _RESERVED.fullmatch(text):
        text = f"_{text}"
    if len(text.encode()) <= longest:
        return text
    stem, dot, suffix = text.rpartition(".")
    ending = f".{suffix}" if dot and len(suffix) < 20 else ""
    kept = (stem or text).encode()[: longest - len(ending.encode())].decode("utf-8", "ignore")
    return kept.rstrip(_AT_THE_END) + ending or "_"
