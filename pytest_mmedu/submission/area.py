"""一次运行的地方 | Where one submission runs: a fresh folder with a copy of it, a home, and nothing of the teacher's.

<area>/work/submission/    the copy; `../checkpoints/cls_model`, MMEdu's default, stays inside `work`
<area>/home, <area>/tmp    empty at the start: no cache of an earlier run can be planted or found
<area>/talk/               what the child is told (job.json) and what it says about itself
<area>/given/              data that it may read and not change
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pytest_mmedu.errors import OutputError
from pytest_mmedu.submission.tokens import TOKEN
from pytest_mmedu.temporary import ALIVE, temporary
from pytest_mmedu.text import Text

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
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Area:
    root: Path
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    hidden: tuple[Path, ...] = ()  # folders that a box must not show, though they lie where it shows everything
    shown: tuple[Path, ...] = ()  # folders that a box shows beside the usual ones: those of another Python

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
    def given(self) -> Path:
        return self.root / "given"

    @property
    def alive(self) -> Path:
        """A file that the judge holds locked as long as he lives."""
        return self.root / ALIVE

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
def fresh_area(hidden: tuple[Path, ...] = (), shown: tuple[Path, ...] = ()) -> Iterator[Area]:
    """An area that is gone afterwards, whatever the program did in it."""
    with temporary("run") as folder:
        area = Area(folder, hidden=hidden, shown=shown)
        for path in (area.submission, area.home, area.tmp, area.talk, area.given):
            path.mkdir(parents=True)
        yield area


@contextmanager
def written_here() -> Iterator[None]:
    """Turns what the system says while a run is prepared and collected into an OutputError: no room, no permission."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(
            Text(f"批改要用的文件写不进去（{why}）。", f"The files for grading cannot be written ({why})."),
            Text("请检查缓存和临时文件夹所在的磁盘。", "Check the disks that hold the cache and the temporary files."),
        ) from error
