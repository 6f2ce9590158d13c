"""Virtual environments that tests make: where things lie in them."""

from __future__ import annotations

import os
import sysconfig
from pathlib import Path

# Python 3.10 has no name of its own for it.
_SCHEME = "venv" if "venv" in sysconfig.get_scheme_names() else {"nt": "nt"}.get(os.name, "posix_prefix")


def paths_in(environment: Path) -> dict[str, str]:
    """As `sysconfig` of its own Python would say: purelib, scripts, ..."""
    return sysconfig.get_paths(_SCHEME, {"base": str(environment), "platbase": str(environment)})
