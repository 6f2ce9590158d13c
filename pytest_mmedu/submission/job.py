"""一次要做的运行 | One run of a submission: its key in the cache, and how it is made."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.cache import key_of
from pytest_mmedu.submission.area import Area, fresh_area, written_here
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.claims import read_end, read_events, to_be_kept
from pytest_mmedu.submission.collect import Found, collect, stamps
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.interpreter import Interpreter
from pytest_mmedu.submission.isolation.places import graphics_cards, site_folders
from pytest_mmedu.submission.limits import of_each_process
from pytest_mmedu.submission.material import asked_elsewhere, copy_at_most, copy_without, data_of_config, lay_out
from pytest_mmedu.submission.process import Confinement, Ended, Limits, ProcessLevel, python
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.snapshot import Snapshot
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

FORMAT = 6  # of what is kept in the cache: a new number makes old entries misses
FACTS = "submission_run.json"
RUNS = "runs"
_LARGEST_WRITE = 1 << 30
_LEAST_ROOM = 1 << 14  # bytes; what the child has to say at its end is less
_CHILD = "pytest_mmedu.submission._child"


class NotKept(Exception):
    """Leaves the cache without an entry, with the facts in hand."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__()
        self.facts = facts


@dataclass(frozen=True)
class Job:
    """One run that may have to be made."""

    submission: Submission
    program: Written
    snapshot: Snapshot
    images: ImageFolder | None
    budget: Budget
    confinement: Confinement = field(default_factory=ProcessLevel)
    held_out: str | None = None
    interpreter: Interpreter | None = None  # another Python than the judge's, to run the program in
    _found: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)  # takes long: once

    def key(self, level: str) -> str:
        """Content, not times and places: the submission's files, the budget, the data, the software."""
        from pytest_mmedu.train.versions import versions

        program = (self.submission.source_name, self.program.source.text)
        other = () if self.interpreter is None else self.interpreter.key
        software = (versions(), sys.platform, sys.implementation.cache_tag, graphics_cards(), *other)
        files = self.snapshot.digests
        data = (self._data(), self.held_out)
        return key_of("submission", FORMAT, level, program, files, self.budget, data, software)

    def make(self, out: Path) -> None:
        """Run the program and put into `out` what is to be kept.

        Raises:
            NotKept: another try may end differently.
            OutputError: there is no room, or no permission, for the files of the run.
        """
        with written_here():
            self._make(out)

    def _make(self, out: Path) -> None:
        facts = self._try(out / RUNS)
        if facts["ended"]["how"] == "not started" and (facts["claim"] or {}).get("how") != "not started":
            # The box itself broke: once more.
            facts = self._try(out / RUNS)
        if not to_be_kept(Ended(**facts["ended"]), facts["claim"]):
            raise NotKept(facts)
        (out / FACTS).write_text(json.dumps(facts), "utf-8")

    def _try(self, out: Path) -> dict[str, Any]:
        with fresh_area(self._hidden(), () if self.interpreter is None else self.interpreter.places) as area:
            self.snapshot.copy_to(area.submission)
            if self.images is not None:
                self._lay_out(self.images, area)
            return self._run(area, out)

    def _lay_out(self, images: ImageFolder, area: Area) -> None:
        name = images.root.name
        if self.submission.kind == "config":
            copy_without(images.root, data_of_config(area.work, images.root), self.held_out)
            return
        lay_out(self.program, self._file_in(area), area.work, name, self._copy_of(images))
        by_name = self._shipped() and (self.held_out or self.interpreter is not None)
        if by_name or asked_elsewhere(self.program, name):
            self._copy_of(images)(area.given / name)

    def _copy_of(self, images: ImageFolder) -> Callable[[Path], None]:
        """The real MMEdu reads what is there: it gets no more pictures than the budget allows."""
        if self.interpreter is None:
            return partial(copy_without, images.root, held_out=self.held_out)
        return partial(copy_at_most, images, held_out=self.held_out, most=self.budget.images)

    def _run(self, area: Area, out: Path) -> dict[str, Any]:
        before = stamps(area.work)
        told = self._told(area)
        (area.talk / "job.json").write_text(json.dumps(told), "utf-8")
        files = Limits.files + len(self.snapshot.digests)  # beside those that were handed in
        limits = Limits(self.budget.seconds, self.budget.most_memory_mb, files=files)
        other = {} if self.interpreter is None else {"program": self.interpreter.program}
        command = python(_CHILD, str(area.talk), **other)
        ended = self.confinement.run(command, area, limits, started=area.talk / "started", heavy=told["heavy"])
        events = read_events(area.talk / "events.jsonl")
        finished = [event["folder"] for event in events if event["event"] == "finished"]
        claim = read_end(area.talk / "ended.json") or _full(area)
        found = collect(area.work, before, finished, out) if ended.how == "exited" else []
        return {
            "ended": asdict(ended),
            "claim": claim,
            "events": events,
            "outside": any(not Path(folder).is_relative_to(area.work) for folder in finished),
            "runs": [_plain(run) for run in found],
        }

    def _told(self, area: Area) -> dict[str, Any]:
        """What the child needs to know; nothing of it is a secret."""
        return {
            "file": str(self._file_in(area)),
            "folder": str(area.submission),
            "source": self.program.to_run(self._data_for_config(area)),
            "notebook": self.submission.kind == "notebook",
            "heavy": self.snapshot.heavy or self.submission.kind == "config",
            "epochs": self.budget.epochs,
            "images": self.budget.images,
            "limits": self._limits(),
            **self._software(area),
        }

    def _software(self, area: Area) -> dict[str, Any]:
        """Where libraries and data sets lie, in which versions."""
        from pytest_mmedu.dataset.shipped import shipped_dataset, shipped_datasets
        from pytest_mmedu.train.versions import versions

        other = self.interpreter
        instead = {}
        for path in area.given.iterdir():
            instead.update(dict.fromkeys((path.name, *asked_elsewhere(self.program, path.name)), str(path)))
        return {
            "elsewhere": other is not None,
            "config": self.submission.kind == "config",
            "site_folders": site_folders() if other is None else other.site_folders,
            "versions": versions() if other is None else dict(other.versions),
            "datasets": instead,
            "places": {**{name: str(shipped_dataset(name)) for name in shipped_datasets()}, **instead},
        }

    def _limits(self) -> dict[str, int]:
        own = self.confinement.counts_own_processes
        most = self.budget.most_memory_mb
        return of_each_process(self.budget.seconds, most, largest_file=_LARGEST_WRITE, counts_own=own)

    def _file_in(self, area: Area) -> Path:
        assert self.submission.source_file is not None
        return area.submission / self.submission.source_file.relative_to(self.submission.folder)

    def _data_for_config(self, area: Area) -> Path | None:
        return None if self.images is None else data_of_config(area.work, self.images.root)

    def _shipped(self) -> bool:
        """Whether a program finds the data by a name alone, and a box shows them with the kit's own files."""
        from pytest_mmedu.dataset.shipped import shipped_name

        return self.images is not None and shipped_name(self.images.root) is not None

    def _hidden(self) -> tuple[Path, ...]:
        """The whole data set where a part of it is held out: a copy without that part takes its place."""
        from pytest_mmedu.dataset.shipped import copies

        if self.images is None or not self.held_out:
            return ()
        elsewhere = () if self.interpreter is None else self.interpreter.site_folders
        return copies(self.images.root, (*site_folders(), *elsewhere))

    def _data(self) -> str | None:
        if "data" not in self._found:
            from pytest_mmedu.dataset import fingerprint

            self._found["data"] = None if self.images is None else fingerprint(self.images.root)
        return self._found["data"]


def _full(area: Area) -> dict[str, Any] | None:
    """A program whose last words found no room on the disk was not stopped by the student."""
    if shutil.disk_usage(area.talk).free >= _LEAST_ROOM:
        return None
    seen = Text("批改用的磁盘满了。", "The disk that grading works on is full.")
    todo = Text("请清理临时文件夹所在的磁盘，再批改一次。", "Free space for temporary files and grade again.")
    return {"how": "not started", "seen": seen.to_json(), "todo": todo.to_json()}


def _plain(run: Found) -> dict[str, Any]:
    return {**asdict(run), "notes": [note.to_json() for note in run.notes]}
