"""介绍自己 | Which Python this is, where it keeps its libraries, and which versions of some it has. Run by itself.

    <any Python from 3.8> -E -B -X utf8 _describe.py '["torch", "mmcv-full", ...]'

Nothing of the libraries is imported.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_SITES = ("site-packages", "dist-packages")


def main(names: str) -> None:
    sys.path.pop(0)  # the folder of this file
    sys.stdout.write("\n" + json.dumps(_facts(json.loads(names))) + "\n")


def _facts(names: list[str]) -> dict[str, Any]:
    return {
        "version": ".".join(map(str, sys.version_info[:3])),
        "kind": sys.implementation.name,
        "program": sys.executable,
        "prefixes": [sys.prefix, sys.base_prefix, sys.exec_prefix],
        "site_folders": [place for place in sys.path if Path(place).name in _SITES],
        "found": _versions(names),
    }


def _versions(names: list[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    main(sys.argv[1])
