"""笔记本里的输出 | Text inside a notebook: the strings of an .ipynb, one physical line each, or all in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_KEY = re.compile(r'"text(?:/plain)?":\s*\[?\s*(?=")')


def text_of(line: str) -> str | None:
    """What a line of an .ipynb such as `   "06/08 ... loss: 1.0\\n",` says; None if it is no such line."""
    line = line.strip().rstrip(",]")
    key = _KEY.match(line)
    try:
        text = json.loads(line[key.end() :] if key else line)
    except (ValueError, RecursionError):
        return None
    return text if isinstance(text, str) else None


def outputs(notebook: Mapping[str, Any]) -> Iterator[str]:
    """The printed lines of a whole notebook, cell after cell."""
    for cell in _dicts(notebook.get("cells")):
        for output in _dicts(cell.get("outputs")):
            data = output.get("data")
            shown = output.get("text", data.get("text/plain") if isinstance(data, dict) else None)
            parts = shown if isinstance(shown, list) else [shown]
            yield from "".join(part for part in parts if isinstance(part, str)).split("\n")


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (item for item in value if isinstance(item, dict)) if isinstance(value, list) else iter(())
