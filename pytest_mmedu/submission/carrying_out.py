"""做一次运行 | Carrying out a job: the program runs in an area of its own, and what is to be kept is collected."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.dataset.shipped import copies, shipped_dataset, shipped_datasets, shipped_name
from pytest_mmedu.submission.area import Area, fresh_area, written_here
from pytest_mmedu.submission.claims import as_written, read_end, read_events, to_be_kept
from pytest_mmedu.submission.collect import Found, collect, stamps
from pytest_mmedu.submission.isolation.places import site_folders
from pytest_mmedu.submission.job import FACTS, RUNS, Job, NotKept
from pytest_mmedu.submission.limits import Ended, Limits, of_each_process
from pytest_mmedu.submission.material import asked_elsewhere, copy_at_most, copy_without, data_of_config, lay_out
from pytest_mmedu.submission.process import Confinement, python
from pytest_mmedu.text import Text
from pytest_mmedu.train.versions import versions

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

_LARGEST_WRITE = 1 << 30
_LEAST_ROOM = 1 << 14  # bytes; what the child has to say at its end is less
_CHILD = "pytest_mmedu.submission._child"


def carry_out(job: Job, confinement: Confinement, out: Path) -> None:
    """Run the program and put into `out` what is to be kept.

    Raises:
        NotKept: another try may end differently.
        OutputError: there is no room, or no permission, for the files of the run.
    """
    with written_here():
        _Attempt(job, confinement).make(out)


@dataclass(frozen=True)
class _Attempt:
    job: Job
    confinement: Confinement

    def make(self, out: Path) -> None:
        facts = self._try(out / RUNS)
        if facts["ended"]["how"] == "not started" and (facts["claim"] or {}).get("how") != "not started":
            # The box itself broke: once more.
            facts = self._try(out / RUNS)
        if not to_be_kept(Ended(**facts["ended"]), facts["claim"]):
            raise NotKept(facts)
        (out / FACTS).write_text(json.dumps(facts), "utf-8")

    def _try(self, out: Path) -> dict[str, Any]:
        with fresh_area(self._hidden(), () if self.job.interpreter is None else self.job.interpreter.places) as area:
            self.job.snapshot.copy_to(area.submission)
            if self.job.images is not None:
                self._lay_out(self.job.images, area)
            return self._run(area, out)

    def _lay_out(self, images: ImageFolder, area: Area) -> None:
        name = images.root.name
        if self.job.submission.kind == "config":
            copy_without(images.root, data_of_config(area.work, images.root), self.job.held_out)
            return
        lay_out(self.job.program, self._file_in(area), area.work, name, self._copy_of(images))
        by_name = self._shipped() and (self.job.held_out or self.job.interpreter is not None)
        if by_name or asked_elsewhere(self.job.program, name):
            self._copy_of(images)(area.given / name)

    def _copy_of(self, images: ImageFolder) -> Callable[[Path], None]:
        """The real MMEdu reads what is there: it gets no more pictures than the budget allows."""
        if self.job.interpreter is None:
            return partial(copy_without, images.root, held_out=self.job.held_out)
        return partial(copy_at_most, images, held_out=self.job.held_out, most=self.job.budget.images)

    def _run(self, area: Area, out: Path) -> dict[str, Any]:
        before = stamps(area.work)
        told = self._told(area)
        (area.talk / "job.json").write_text(json.dumps(told), "utf-8")
        files = Limits.files + len(self.job.snapshot.digests)  # beside those that were handed in
        limits = Limits(self.job.budget.seconds, self.job.budget.most_memory_mb, files=files)
        other = {} if self.job.interpreter is None else {"program": self.job.interpreter.program}
        command = python(_CHILD, str(area.talk), **other)
        ended = self.confinement.run(command, area, limits, started=area.talk / "started", heavy=told["heavy"])
        folder = self._file_in(area).parent
        events = [as_written(event, area.work, folder) for event in read_events(area.talk / "events.jsonl")]
        finished = [event["folder"] for event in events if event["event"] == "finished"]
        claim = read_end(area.talk / "ended.json") or _full(area)
        found = collect(area.work, before, finished, out) if ended.how == "exited" else []
        return {
            "ended": asdict(ended),
            "claim": claim,
            "events": events,
            "outside": any(not Path(folder).is_relative_to(area.work) for folder in finished),
            "runs": [_plain(run) for run in found],
            **self.job.further_facts(area.talk),
        }

    def _told(self, area: Area) -> dict[str, Any]:
        """What the child needs to know; nothing of it is a secret."""
        return {
            "file": str(self._file_in(area)),
            "folder": str(area.submission),
            "source": self.job.program.to_run(self._data_for_config(area)),
            "notebook": self.job.submission.kind == "notebook",
            "heavy": self.job.snapshot.heavy or self.job.submission.kind == "config",
            "epochs": self.job.budget.epochs,
            "images": self.job.budget.images,
            "limits": self._limits(),
            **self._software(area),
            **self.job.further_orders(area),
        }

    def _software(self, area: Area) -> dict[str, Any]:
        """Where libraries and data sets lie, in which versions."""
        other = self.job.interpreter
        instead = {}
        for path in area.given.iterdir():
            instead.update(dict.fromkeys((path.name, *asked_elsewhere(self.job.program, path.name)), str(path)))
        return {
            "elsewhere": other is not None,
            "config": self.job.submission.kind == "config",
            "site_folders": site_folders() if other is None else other.site_folders,
            "versions": versions() if other is None else dict(other.versions),
            "datasets": instead,
            "places": {**{name: str(shipped_dataset(name)) for name in shipped_datasets()}, **instead},
        }

    def _limits(self) -> dict[str, int]:
        own = self.confinement.counts_own_processes
        most = self.job.budget.most_memory_mb
        return of_each_process(self.job.budget.seconds, most, largest_file=_LARGEST_WRITE, counts_own=own)

    def _file_in(self, area: Area) -> Path:
        assert self.job.submission.source_file is not None
        return area.submission / self.job.submission.source_file.relative_to(self.job.submission.folder)

    def _data_for_config(self, area: Area) -> Path | None:
        return None if self.job.images is None else data_of_config(area.work, self.job.images.root)

    def _shipped(self) -> bool:
        """Whether a program finds the data by a name alone, and a box shows them with the kit's own files."""
        return self.job.images is not None and shipped_name(self.job.images.root) is not None

    def _hidden(self) -> tuple[Path, ...]:
        """The whole data set where a part of it is held out: a copy without that part takes its place."""
        if self.job.images is None or not self.job.held_out:
            return ()
        elsewhere = () if self.job.interpreter is None else self.job.interpreter.site_folders
        return copies(self.job.images.root, (*site_folders(), *elsewhere))


def _full(area: Area) -> dict[str, Any] | None:
    """A program whose last words found no room on the disk was not stopped by the student."""
    if shutil.disk_usage(area.talk).free >= _LEAST_ROOM:
        return None
    seen = Text("批改用的磁盘满了。", "The disk that grading works on is full.")
    todo = Text("请清理临时文件夹所在的磁盘，再批改一次。", "Free space for temporary files and grade again.")
    return {"how": "not started", "seen": seen.to_json(), "todo": todo.to_json()}


def _plain(run: Found) -> dict[str, Any]:
    return {**asdict(run), "notes": [note.to_json() for note in run.notes]}
