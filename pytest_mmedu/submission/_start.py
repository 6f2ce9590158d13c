"""启动 | Starts one module of this package in a process of its own: `python -I -B _start.py module argument …`.

The package is made known by its own place and not by the folder around it, which stays off the path: in a checkout
that holds the exercises, and a box does not even let it be listed.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def main(module: str, *arguments: str) -> None:
    """The module's own `main` with the arguments as they are."""
    spec = importlib.util.spec_from_file_location(
        _PACKAGE.name, _PACKAGE / "__init__.py", submodule_search_locations=[str(_PACKAGE)]
    )
    assert spec is not None
    assert spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE.name] = package
    spec.loader.exec_module(package)
    importlib.import_module(module).main(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
