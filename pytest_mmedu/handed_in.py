"""交上来的作业 | What was handed in, as the checks see it: found, run and read, each step when it is first needed."""

from __future__ import annotations

import hashlib
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.cache import RunCache, default_cache
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.errors import LogError, MMEduError, SubmissionError, TrainingError
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.report.build import Facts
from pytest_mmedu.report.report import SubmissionName
from pytest_mmedu.run import Run
from pytest_mmedu.submission.find import Submission, find_submission
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.options import Options
    from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
    from pytest_mmedu.submission.process import Confinement
    from pytest_mmedu.submission.running import SubmissionRun

NO_TRAINING = Text("程序运行完了，但没有调用 train()", "the program ran to its end without calling train()")
CALL_TRAIN = Text(
    "训练是由 train() 开始的：它写在程序里了吗？", "A training begins with train(): is it in the program?"
)


class HandedIn:
    """The submission to one exercise. What the student did wrong becomes a NoRun; only what is ours raises."""

    def __init__(self, folder: Path, options: Options, scratch: Path, boxes: Boxes) -> None:
        self.path = options.submission or folder
        self._folder, self._scratch = folder, scratch
        self._cache = cache_of(options, scratch)
        self._isolation, self._boxes = options.isolation, boxes

    @cached_property
    def exercise(self) -> Exercise:
        return load_exercise(self._folder)

    @cached_property
    def submission(self) -> Submission | NoRun:
        """What lies in the folder; nothing is run for this."""
        try:
            return find_submission(self.path, script=self.exercise.script)
        except SubmissionError as error:
            return because(error)

    @cached_property
    def images(self) -> ImageFolder | None:
        """The exercise's data set, by its shipped name or a path from the exercise's folder."""
        name = self.exercise.dataset
        if name is None:
            return None
        beside = self._folder / name
        return read_dataset(beside if beside.is_dir() else find_dataset(name))

    @cached_property
    def done(self) -> SubmissionRun | NoRun:
        """The student's program, run in a process of its own, or taken from the cache."""
        if isinstance(self.submission, NoRun):
            return self.submission
        try:
            return self._done(self.submission)
        except (SubmissionError, TrainingError) as error:
            return because(error)

    def _done(self, submission: Submission) -> SubmissionRun:
        """Run at the level that holds here, or judge what was handed in beside the program."""
        from pytest_mmedu.submission.artefacts import judge_artefacts
        from pytest_mmedu.submission.isolation.boxes import Refused
        from pytest_mmedu.submission.isolation.levels import would_do
        from pytest_mmedu.submission.running import run_submission

        budget, images = self.exercise.budget, self.images
        try:
            if "artefacts" in (self._isolation, self.exercise.min_isolation):
                self._box()  # also where there is no program at all
            return run_submission(
                submission,
                images=images,
                budget=budget,
                cache=self._cache,
                confinement=self._box,
                levels=would_do(self._isolation, self.exercise.min_isolation),
            )
        except Refused as refused:
            return judge_artefacts(submission, refused, fresh_folder(self._scratch))

    def _box(self) -> Confinement:
        if self._level.box is None:
            assert self._level.refused is not None
            raise self._level.refused
        return self._level.box

    @cached_property
    def _level(self) -> Tried:
        return self._boxes.choose(self._isolation, self.exercise.min_isolation)

    @cached_property
    def subject(self) -> Subject:
        """What the checks judge: the last training of the program."""
        folder = self.submission.folder if isinstance(self.submission, Submission) else None
        if isinstance(self.done, NoRun):
            return Subject(no_run=self.done, images=self.images, submission=folder)
        asked = {"asked": self.done.asked[-1]} if self.done.asked else {}
        run = self.done.runs[-1] if self.done.runs and self.done.no_run is None else None
        no_run = self.done.no_run or (None if run else NoRun("failed", NO_TRAINING, CALL_TRAIN))
        log = log_of(run) if run else None
        return Subject(run=run, no_run=no_run, log=log, images=self.images, submission=folder, **asked)

    @property
    def facts(self) -> Facts:
        """What the report says about the submission, as far as it is known by now."""
        found = self.submission if isinstance(self.submission, Submission) else None
        source = found.source_file if found else None
        about = Facts(
            exercise_id=self.exercise.id,
            exercise_title=self.exercise.title,
            submission=SubmissionName(self.path.name, sha256_of(source) if source else None),
            notes=found.notes if found else (),
        )
        return about.and_(self._facts_of_run())

    def _facts_of_run(self) -> Facts:
        done = self.__dict__.get("done")
        if done is None or isinstance(done, NoRun):
            return Facts()
        versions = {name: str(value) for run in done.runs for name, value in run.environment.items()}
        # What a level holds on this machine is known where it was tried: not for a run from the cache.
        tried = not done.from_cache and done.isolation and done.isolation == self._level.level
        held = self._level.guarantees if tried else {}
        if held and self._level.tool:
            tool, _, version = self._level.tool.partition(" ")
            versions[tool] = version
        return Facts(
            isolation=done.isolation,
            guarantees=held,
            refused=done.refused,
            from_cache=done.from_cache if done.runs else None,
            notes=(*done.notes, *self._cache.notes),
            versions=versions,
        )


def because(error: MMEduError) -> NoRun:
    """The student's mistake as the reason why there is no run."""
    seen = error.seen if error.allowed is None else error.seen + error.allowed
    return NoRun("failed", seen, error.todo, error.place)


def cache_of(options: Options, scratch: Path) -> RunCache:
    """The cache that was asked for; "off" is one that lasts for this session."""
    if options.cache == "off":
        return RunCache(scratch / "runs")
    return RunCache(Path(options.cache) if options.cache else default_cache())


def log_of(run: Run) -> TrainLog | None:
    """The run's log; None where there is none that can be read, which the check `log_exists` tells."""
    try:
        return read_log(run.log) if run.log else None
    except LogError:
        return None


def fresh_folder(scratch: Path) -> Path:
    """One of its own for each exercise of the session."""
    return Path(tempfile.mkdtemp(dir=scratch))


def sha256_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
