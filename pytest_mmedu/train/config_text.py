"""配置写成文字 | A config as Python source, laid out like mmcls's own: `model = dict(`, one argument per line.

mmcv writes it through yapf, which takes longer than a short training and reads a pickle from the user's cache folder.
"""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import Any

WIDTH = 79
_INDENT = 4


def config_text(config: Mapping[str, Any]) -> str:
    """Source that mmcv reads back as an equal config."""
    return "".join(f"{name} = {_source(value, len(name) + 3, 0)}\n" for name, value in config.items())


def _source(value: Any, column: int, depth: int) -> str:
    """On one line where it fits behind `column`, else one item per line."""
    flat = _flat(value)
    if column + len(flat) <= WIDTH or not isinstance(value, (dict, list, tuple)) or not value:
        return flat
    opening, closing = _brackets(value)
    inner = " " * _INDENT * (depth + 1)
    lines = [f"{inner}{key}{_source(item, len(inner) + len(key), depth + 1)}" for key, item in _items(value)]
    tail = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return f"{opening}\n" + ",\n".join(lines) + tail + closing


def _flat(value: Any) -> str:
    if not isinstance(value, (dict, list, tuple)):
        return repr(value)
    opening, closing = _brackets(value)
    tail = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return opening + ", ".join(f"{key}{_flat(item)}" for key, item in _items(value)) + tail + closing


def _brackets(value: Any) -> tuple[str, str]:
    if isinstance(value, dict):
        return ("dict(", ")") if _keywords(value) else ("{", "}")
    return ("[", "]") if isinstance(value, list) else ("(", ")")


def _items(value: Any) -> list[tuple[str, Any]]:
    if not isinstance(value, dict):
        return [("", item) for item in value]
    if _keywords(value):
        return [(f"{key}=", item) for key, item in value.items()]
    return [(f"{key!r}: ", item) for key, item in value.items()]


def _keywords(value: dict[Any, Any]) -> bool:
    return all(isinstance(key, str) and key.isidentifier() and not keyword.iskeyword(key) for key in value)
