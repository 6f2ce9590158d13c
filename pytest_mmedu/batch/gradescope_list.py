"""Gradescope 的名单 | submission_metadata.yml of Gradescope's export: who handed in each submission, and when.

A narrow reading of the few lines of YAML that say so. The rest of the file, among it the names of tests and the output
of programs, is passed by: what a student can write there is indented further.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pytest_mmedu.batch.hand_in_times import read_time

METADATA = "submission_metadata.yml"
_SUBMISSION = re.compile(r"(submission_\d+):\s*")
_PART = re.compile(r"  :(?P<part>[a-z_]+):\s*(?P<told>.*?)\s*")
_NAME = re.compile(r"\s+(?:- )?:?name:\s*(?P<name>.+?)\s*")


@dataclass
class Handed:
    """What the list says of one submission; `handed_in` is ISO with its zone, "" where it has none."""

    names: list[str] = field(default_factory=list)
    handed_in: str = ""


def read_metadata(path: Path) -> dict[str, Handed]:
    """By the name of the submission's folder."""
    found: dict[str, Handed] = {}
    current, part = Handed(), ""
    for line in _lines(path):
        if match := _SUBMISSION.fullmatch(line):
            current, part = found.setdefault(match[1], Handed()), ""
        elif match := _PART.fullmatch(line):
            part = match["part"]
            if part == "created_at":
                current.handed_in = read_time(_scalar(match["told"]))
        elif part == "submitters" and (match := _NAME.fullmatch(line)):
            current.names.append(_scalar(match["name"]))
    return found


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for line in file:
            yield line.rstrip("\n")


def _scalar(text: str) -> str:
    """A YAML scalar on one line: in double quotes as in JSON, in single ones with the quote doubled, or bare."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text
