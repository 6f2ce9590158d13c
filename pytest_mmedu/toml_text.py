"""TOML：Python 3.10 还没有自带 | TOML, which Python 3.10 does not have yet."""

from __future__ import annotations

import sys
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOMLDecodeError = tomllib.TOMLDecodeError


def parse(text: str) -> dict[str, Any]:
    """The table in the text. Raises TOMLDecodeError, a ValueError that says where."""
    return tomllib.loads(text)
