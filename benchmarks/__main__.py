"""所有测速，一条命令 | Every benchmark, one command: `python -m benchmarks` from the project's folder.

Each runs in a process of its own, so that what one has imported does not make the next look faster.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """The exit code is the number of benchmarks that failed."""
    failed = 0
    for script in sorted(HERE.glob("*.py")):
        if script.name.startswith("__"):
            continue
        print(f"== benchmarks/{script.name}", flush=True)
        failed += subprocess.run([sys.executable, str(script)], cwd=HERE.parent, check=False).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main())
