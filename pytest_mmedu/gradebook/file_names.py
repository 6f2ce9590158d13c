"""成绩册的文件名 | File names beside a gradebook: a student's name as one that every system can write, no two alike."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from pytest_mmedu.submission.archive_names import fit_name

GRADEBOOK = "gradebook.sqlite"

_MARKED = re.compile(r".*~[0-9a-f]{10}", re.DOTALL)
_LONGEST = 150  # bytes, so that what is added still fits


def same_name(student: str) -> str:
    """Equal for two names that would be one file on Windows or macOS: they are one student."""
    folded = unicodedata.normalize("NFC", student.encode("utf-8", "replace").decode("utf-8")).casefold()
    return unicodedata.normalize("NFC", folded)


def file_name(student: str) -> str:
    """Without a suffix. Different for names that `same_name` tells apart; most names stay as they are.

    A name that had to be changed gets a mark of its own behind it, so that `a/b` and `a:b` do not meet.
    """
    fitted = fit_name(student).lstrip(". ")
    short = fitted.encode()[:_LONGEST].decode("utf-8", "ignore")
    if short and same_name(short) == same_name(student) and not _MARKED.fullmatch(short):
        return short
    mark = hashlib.sha256(same_name(student).encode()).hexdigest()[:10]
    return f"{short.rstrip('. ') or '_'}~{mark}"
