"""严格的 JSON | JSON from where anything may come: bounded, no NaN, no name twice, nothing too deep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn


def parse(text: str | bytes) -> Any:
    """What the text holds.

    Raises:
        ValueError: it is no JSON, or one of these; the message says which.
    """
    try:
        return json.loads(text, object_pairs_hook=_no_twins, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("too deep") from None


def plain_bytes(path: Path, most: int) -> bytes:
    """The beginning of a file that a stranger's process wrote; nothing of a link, a pipe, or what is not there.

    Raises:
        OSError: it is there and cannot be read.
    """
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(most)


def _no_twins(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, value in pairs:
        if name in data:
            raise ValueError(f"{name!r} twice")
        data[name] = value
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
