"""一次训练的文件夹 | One training: a folder with its parameters, environment, log and weights.

`Run` only names what lies in the folder; reading the log is `logs`, reading weights is `checkpoint`.
A folder that a student's script wrote is untrusted: everything found in it is a claim.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_mmedu.frozen import Frozen

RUN_FILE = "run.json"
_EPOCH_FILE = re.compile(r"epoch_(\d+)\.pth")
_BEST_FILE = re.compile(r"best_(?P<metric>.+)_epoch_(?P<epoch>\d+)\.pth")


@dataclass(frozen=True)
class Run:
    """What a training left in `folder`; `params`, `environment`, `settings` and `seconds` come from its run.json.

    `frozen` knows the files as the student's program left them; None where no student's program was at work.
    """

    folder: Path
    params: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    from_cache: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    frozen: Frozen | None = field(default=None, compare=False)

    @property
    def log(self) -> Path | None:
        """The last `*.log.json`; mmcls names them by date, so the last name is the newest."""
        logs = sorted(self.folder.glob("*.log.json"))
        return logs[-1] if logs else None

    @property
    def checkpoints(self) -> dict[int, Path]:
        """`epoch_N.pth` by N, in order."""
        named = ((_EPOCH_FILE.fullmatch(path.name), path) for path in self.folder.glob("epoch_*.pth"))
        return dict(sorted((int(match[1]), path) for match, path in named if match))

    @property
    def latest(self) -> Path | None:
        path = self.folder / "latest.pth"
        return path if path.is_file() else None

    @property
    def best(self) -> Path | None:
        """`best_accuracy_top-1_epoch_4.pth`; the one of the latest epoch where several are left."""
        found = [path for path in self.folder.glob("best_*.pth") if _BEST_FILE.fullmatch(path.name)]
        return max(found, key=lambda path: best_epoch(path) or 0, default=None)


def best_epoch(path: Path) -> int | None:
    """The epoch in the name of a best checkpoint, None where the name has none."""
    match = _BEST_FILE.fullmatch(path.name)
    return int(match["epoch"]) if match else None


def read_run(folder: Path, *, from_cache: bool = False, digests: Mapping[str, str] | None = None) -> Run:
    """The Run in `folder`. A missing or damaged run.json leaves parameters and environment empty.

    `digests` are the sha256 of its files by their names, as they were when the program had ended.
    """
    try:
        facts = json.loads((folder / RUN_FILE).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        facts = {}
    if not isinstance(facts, dict):
        facts = {}
    return Run(
        folder=folder,
        params=_table(facts.get("params")),
        environment=_table(facts.get("environment")),
        seconds=facts.get("seconds"),
        from_cache=from_cache,
        settings=_table(facts.get("settings")),
        frozen=None if digests is None else Frozen(folder, digests),
    )


def _table(value: Any) -> dict[str, Any]:
    """run.json is a claim like everything else: what is no table counts as empty."""
    return value if isinstance(value, dict) else {}
