"""One checkpoint read by a process of its own, and what that took: for the tests and for the benchmark."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# VmHWM and not getrusage: the latter hands a parent's peak on to its children, and would hide a smaller one.
READ = """\
import json, sys, time
from pathlib import Path
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError

def peak():
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))

path, before, began = Path(sys.argv[1]), peak(), time.perf_counter()
try:
    held = eval(sys.argv[2])
    said = f"{getattr(held, 'parameters', 0)} numbers"
except CheckpointError as error:
    said = error.seen.en
print(json.dumps([said, time.perf_counter() - began, peak() - before]))
"""


@dataclass(frozen=True)
class Reading:
    """`grown`: by how many bytes the peak of the process rose."""

    said: str
    seconds: float
    grown: int


def read(path: Path, how: str = "read_checkpoint(path)") -> Reading:
    """Linux only."""
    command = [sys.executable, "-c", READ, str(path), how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Reading(*json.loads(done.stdout))
