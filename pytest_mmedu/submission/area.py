"""一次运行的地方 | Where one submission runs: a fresh folder with a copy of it, a home, and nothing of the teacher's.

<area>/work/submission/    the copy; `../checkpoints/cls_model`, MMEdu's default, stays inside `work`
<area>/home, <area>/tmp    empty at the start: no cache of an earlier run can be planted or found
<area>/talk/               what the child is told (job.json) and what it says about itself
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = "MMEDU_RUN_TOKEN"
SUPERVISED = "MMEDU_SUPERVISED"  # set where something else sees to it that no process is left

# What a program needs of its surroundings to start at all; everything else stays outside.
_ALLOWED = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "CONDA_PREFIX",
    "CUDA_VISIBLE_DEVICES",
    "TZ",
    # Windows starts no program without these
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "COMSPEC",
    "PATHEXT",
    "NUMBER_OF_PROCESSORS",
    "PROCESSOR_ARCHITECTURE",
)
_PREFIX, _ALIVE = "mmedu-run-", ".alive"
_ABANDONED_AFTER = 60  # seconds: a lock that is just being taken is not looked at
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Area:
    root: Path
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def submission(self) -> Path:
        return self.work / "submission"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def talk(self) -> Path:
        return self.root / "talk"

    @property
    def written_to(self) -> tuple[Path, ...]:
        """All that the program may write to."""
        return self.work, self.home, self.tmp, self.talk

    def environment(self, outside: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The child's environment: what is needed, one thread, and folders of its own."""
        home, tmp = str(self.home), str(self.tmp)
        environment = {name: outside[name] for name in _ALLOWED if name in outside}
        environment.update(dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), home))
        environment.update(dict.fromkeys(("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), home))
        environment.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), tmp))
        environment.update(dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "student"))
        environment.update(dict.fromkeys(_THREADS, "1"))
        environment.update(MPLCONFIGDIR=home, MPLBACKEND="Agg", LANG="C.UTF-8", PYTHONUTF8="1")
        environment[TOKEN] = self.token
        return environment


@contextmanager
def fresh_area() -> Iterator[Area]:
    """An area that is gone afterwards, whatever the program did in it."""
    import filelock

    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        area = Area(Path(folder).resolve())
        for path in (area.submission, area.home, area.tmp, area.talk):
            path.mkdir(parents=True)
        try:
            with filelock.FileLock(area.root / _ALIVE):
                yield area
        finally:
            _make_removable(area.root)


def _remove_abandoned() -> None:
    """Areas of graders that were killed: nobody holds their lock any more."""
    import filelock

    for old in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError, filelock.Timeout):
            if time.time() - (old / _ALIVE).stat().st_mtime > _ABANDONED_AFTER:
                with filelock.FileLock(old / _ALIVE, timeout=0):
                    _make_removable(old)
                shutil.rmtree(old, ignore_errors=True)


def _make_removable(root: Path) -> None:
    """A program may take its own folders' rights away; without them they could not be removed."""
    for folder, _, _ in os.walk(root):
        with suppress(OSError):  # gone meanwhile
            Path(folder).chmod(0o700)
