"""交上来的作业 | What was handed in, as the checks see it: found, run and read, each step when it is first needed.

Modules that only some exercises and submissions need are imported where they do: most runs come from the cache, and
imports are then most of their time.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.asked import Asked
from pytest_mmedu.cache import RunCache, default_cache
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.errors import LogError, MMEduError, SubmissionError, TrainingError
from pytest_mmedu.exercise.load import Exercise, load_exercise
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.run import Run
from pytest_mmedu.submission.find import Submission, find_submission
from pytest_mmedu.submission.opened import open_submission
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.answered import Answers
    from pytest_mmedu.options import Options
    from pytest_mmedu.report.build import Facts
    from pytest_mmedu.submission.evaluating import Evaluator
    from pytest_mmedu.submission.functions import Called, Calls
    from pytest_mmedu.submission.interpreter import Interpreter
    from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
    from pytest_mmedu.submission.process import Confinement
    from pytest_mmedu.submission.remembering import Remembering
    from pytest_mmedu.submission.running import SubmissionRun

NO_TRAINING = Text("程序运行完了，但没有调用 train()", "the program ran to its end without calling train()")
CALL_TRAIN = Text(
    "训练是由 train() 开始的：它写在程序里了吗？", "A training begins with train(): is it in the program?"
)


class HandedIn:
    """The submission to one exercise. What the student did wrong becomes a NoRun; only what is ours raises."""

    def __init__(self, folder: Path, options: Options, scratch: Path, boxes: Boxes) -> None:
        self.path = options.submission or folder
        self.folder, self._scratch = folder, scratch
        self.cache = cache_of(options, scratch)
        self._isolation, self._boxes, self._python = options.isolation, boxes, options.python
        self.called: list[Called] = []

    @cached_property
    def exercise(self) -> Exercise:
        return load_exercise(self.folder)

    @cached_property
    def submission(self) -> Submission | NoRun:
        """What lies in the folder; nothing is run for this."""
        try:
            if self.path == self.folder:  # the student's own folder: whatever is packed there is no homework
                return self._found(self.path)
            opened = open_submission(self.path, lambda: fresh_folder(self._scratch))
            found = self._found(opened.path)
            return found._replace(notes=(*opened.notes, *found.notes))
        except SubmissionError as error:
            return because(error)

    def _found(self, path: Path) -> Submission:
        if self.exercise.own_data is not None:
            from pytest_mmedu.submission.own_data import find_own_data

            return find_own_data(path)
        if self.exercise.answers_only:
            from pytest_mmedu.submission.answers_file import find_answers_only

            return find_answers_only(path)
        return find_submission(path, script=self.exercise.script)

    @cached_property
    def images(self) -> ImageFolder | None:
        """The exercise's data set, by its shipped name or a path from the exercise's folder."""
        name = self.exercise.dataset
        if name is None:
            return None
        beside = self.folder / name
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
        from pytest_mmedu.submission.isolation.boxes import Refused
        from pytest_mmedu.submission.running import run_submission

        try:
            if "artefacts" in (self._isolation, self.exercise.min_isolation):
                self._box()  # also where there is no program at all
            return run_submission(submission, **self._how)
        except Refused as refused:
            from pytest_mmedu.submission.artefacts import judge_artefacts

            return judge_artefacts(submission, refused, fresh_folder(self._scratch))

    def _box(self) -> Confinement:
        if self.level.box is None:
            assert self.level.refused is not None
            raise self.level.refused
        return self.level.box

    @cached_property
    def level(self) -> Tried:
        """The level of isolation for this exercise on this machine."""
        return self._boxes.choose(self._isolation, self.exercise.min_isolation)

    @cached_property
    def answers(self) -> Answers | None:
        """What the student answered; None where the exercise asks for no answers."""
        wanted = self.exercise.answers
        if wanted is None:
            return None
        from pytest_mmedu.submission.answers_file import answers_of_submission

        in_program = wanted == self.exercise.script
        return answers_of_submission(self.submission, wanted, self.folder / wanted, in_program=in_program)

    @cached_property
    def subject(self) -> Subject:
        """What the checks judge: the answers, and the last training of the program. Without a program none is run."""
        if self.exercise.own_data is not None:
            return self._own_data(self.exercise.own_data)
        if self.exercise.answers_only:
            folder = self.submission.folder if isinstance(self.submission, Submission) else None
            return Subject(images=self.images, submission=folder, answers=self.answers)
        return replace(self._trained, answers=self.answers, call=self.call)

    def _own_data(self, name: str) -> Subject:
        """The data set that the student made, which is all that the exercise asks for."""
        if isinstance(self.submission, NoRun):
            return Subject(no_run=self.submission, no_images=self.submission)
        from pytest_mmedu.submission.own_data import read_own_data

        found = read_own_data(self.submission, name, fresh_folder(self._scratch))
        if isinstance(found, NoRun):
            return Subject(submission=self.submission.folder, no_run=found, no_images=found)
        return Subject(submission=self.submission.folder, images=found)

    @property
    def untrained(self) -> Subject:
        """For checks that need no training: nothing is run before a function is called."""
        folder = self.submission.folder if isinstance(self.submission, Submission) else None
        return Subject(submission=folder, call=self.call)

    def call(self, calls: Calls) -> Called:
        """What a function of the program gives, at the level that holds here."""
        from pytest_mmedu.submission.functions import called_or_why_not

        called = called_or_why_not(self.submission, calls, **self._how)
        self.called.append(called)
        return called

    @property
    def _how(self) -> dict[str, Any]:
        """How the program is run here, whatever it is run for."""
        from pytest_mmedu.submission.isolation.levels import would_do

        return {
            "images": self.images,
            "budget": self.exercise.budget,
            "cache": self.cache,
            "confinement": self._box,
            "levels": would_do(self._isolation, self.exercise.min_isolation),
            "held_out": self.exercise.held_out,
            "interpreter": self._interpreter,
        }

    @cached_property
    def _interpreter(self) -> Interpreter | None:
        """The Python that was asked for, None for this one."""
        from pytest_mmedu.submission.interpreter import describe

        return None if self._python is None else describe(self._python)

    @property
    def _trained(self) -> Subject:
        folder = self.submission.folder if isinstance(self.submission, Submission) else None
        if isinstance(self.done, NoRun):
            return Subject(no_run=self.done, images=self._looked_at, submission=folder)
        asked = self.done.asked[-1] if self.done.asked else Asked()
        run = self.done.runs[-1] if self.done.runs and self.done.no_run is None else None
        no_run = self.done.no_run or (None if run else NoRun("failed", NO_TRAINING, CALL_TRAIN))
        each = self.done.trainings if len(self.done.trainings) > 1 else ()
        trainings = tuple(self._seen(one.asked, one.run, one.no_run) for one in each)
        return replace(self._seen(asked, run, no_run), trainings=trainings)

    def _seen(self, asked: Asked, run: Run | None, no_run: NoRun | None) -> Subject:
        folder = self.submission.folder if isinstance(self.submission, Submission) else None
        if run is not None and run.frozen is not None:
            run.frozen.changed()  # from now on nothing that is read goes unwatched
        log = log_of(run) if run else None
        sent = isinstance(self.done, NoRun) or self.done.isolation == "artefacts"
        return Subject(asked, run, no_run, log, self._looked_at, folder, evaluate=self.looker, handed_in=sent)

    @property
    def _looked_at(self) -> ImageFolder | None:
        """The pictures that the training had: a run in the box has no more than the budget, one handed in has all."""
        if self.images is None or isinstance(self.done, NoRun) or self.done.isolation == "artefacts":
            return self.images
        return self.images.at_most(self.exercise.budget.images, apart=self.exercise.held_out)

    @cached_property
    def looker(self) -> Remembering | None:
        """Also where the student's program may not be run: no code of his takes part."""
        from pytest_mmedu.submission.remembering import Remembering

        images = self._looked_at
        return None if images is None else Remembering(lambda: self._evaluator(images))

    def _evaluator(self, images: ImageFolder) -> Evaluator:
        from pytest_mmedu.submission.evaluating import Evaluator

        return Evaluator(images, self.cache, self._boxes.strongest_box)

    @cached_property
    def without_part(self) -> tuple[Text, ...]:
        """Files that configure others. In the exercise's own folder they are the teacher's and do their work."""
        from pytest_mmedu.exercise.load import PYTEST_INI, PYTEST_INI_TEXT
        from pytest_mmedu.submission.configuring import takes_no_part

        found = self.submission
        if isinstance(found, NoRun) or found.alone or found.folder == self.folder.resolve():
            return ()
        return takes_no_part(found.folder, {PYTEST_INI: PYTEST_INI_TEXT})

    @property
    def facts(self) -> Facts:
        """What the report says about the submission, as far as it is known by now."""
        from pytest_mmedu.submission_facts import facts_of

        return facts_of(self)


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
