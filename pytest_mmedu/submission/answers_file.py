"""找到并读答案文件 | The answers file of a submission: found by name, form and content, read, and never run."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pytest_mmedu.answered import Answer, Answers, plain_name
from pytest_mmedu.checks.figures import clause
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.answer_forms import answers_of
from pytest_mmedu.submission.find import Submission, existing
from pytest_mmedu.submission.plain_files import Entry, list_files
from pytest_mmedu.submission.source import decode, read_bytes, read_source
from pytest_mmedu.text import Text, listing, printable

ANSWER_SUFFIXES = (".toml", ".json", ".py", ".txt")
_LARGEST = 200_000  # bytes; a homework's answers have a few hundred
_MOST_READ = 30


def answers_of_submission(found: Submission | NoRun, wanted: str, starter: Path, *, in_program: bool) -> Answers:
    """The answers of what was handed in; `starter`: the file of the exercise, `in_program` where that is its script."""
    if isinstance(found, NoRun):
        return Answers(wanted, seen=clause(found.seen), todo=found.hint)
    if in_program:
        return answers_of_program(found, wanted)
    path = found.source_file if found.alone and found.source_file else found.folder
    return find_answers(path, wanted, answer_names(starter))


def find_answers(path: Path, wanted: str, names: Collection[str] = ()) -> Answers:
    """The answers in `path`, a file or a folder.

    wanted  the name that the exercise gave the file; another of its forms will do (answers.json for answers.toml)
    names   of the answers asked for: a file of another name that holds some of them is taken as well
    """
    asked = {plain_name(name) for name in names}
    skipped: tuple[Text, ...] = ()
    if path.is_dir():
        files, skipped = list_files(path)
        found = [read_answers(path / one.path, one.path.as_posix(), wanted) for one in _candidates(files, wanted)]
        found = [one for one in found if _named(one, wanted) or asked & set(one.values)]
    else:
        found = [read_answers(path, path.name, wanted)] if path.is_file() and not path.is_symlink() else []
    if not found:
        return replace(_none(wanted), notes=skipped)
    found.sort(key=lambda one: _rank(one, wanted, asked))
    return replace(found[0], notes=(*skipped, *_passed_over(found)))


def find_answers_only(path: Path) -> Submission:
    """The submission to an exercise that asks for answers alone: no program is looked for.

    Raises:
        SubmissionError: there is no such path, or it is a link.
    """
    existing(path)
    if path.is_dir():
        return Submission(path.resolve())
    return Submission(path.resolve().parent, path.resolve(), alone=True)


def answer_names(starter: Path) -> tuple[str, ...]:
    """The names of all answers that the exercise's own file asks for; none where it has no such file."""
    return tuple(read_answers(starter, starter.name, starter.name).values) if starter.is_file() else ()


def read_answers(path: Path, name: str, wanted: str) -> Answers:
    """The answers in one file; `name` is its path in the submission."""
    shown = printable(name)
    try:
        if path.stat().st_size > _LARGEST:
            return Answers(wanted, {}, shown, *_too_large(shown))
        data = read_bytes(path, _LARGEST)
        text, _ = decode(data, shown)
    except (SubmissionError, OSError) as error:
        return _unread(error, wanted, shown)
    values, digest = answers_of(text, shown), hashlib.sha256(data).hexdigest()
    if not values:
        seen = Text(f"{shown} 里没有“名字 = 值”这样的答案", f"{shown} holds no answer of the form name = value")
        return Answers(wanted, {}, shown, seen, _LIKE_THE_STARTER, sha256=digest)
    return Answers(wanted, values, shown, sha256=digest)


def answers_of_program(submission: Submission, wanted: str) -> Answers:
    """The answers that the program itself holds, whatever its name: what a script or notebook assigns at its top."""
    if submission.source_file is None:
        return _none(wanted)
    try:
        source = read_source(submission.source_file, submission.source_name)
    except SubmissionError as error:
        return _unread(error, wanted, submission.source_file.name)
    found = answers_of(source.text, _ANY_PROGRAM)
    values = {name: replace(one, place=source.place(_line(one))) for name, one in found.items()}
    return Answers(wanted, values, source.name)


def _line(one: Answer) -> int:
    return int((one.place or ":1").rpartition(":")[2])


_ANY_PROGRAM = "program.py"


def _candidates(files: Sequence[Entry], wanted: str) -> list[Entry]:
    """Files of a fitting form, the named ones first; a log or a program is not read as answers."""
    fitting = [one for one in files if one.path.suffix.lower() in ANSWER_SUFFIXES and _small_or_named(one, wanted)]
    fitting.sort(key=lambda one: (not _same_stem(one.path, wanted), len(one.path.parts), one.path.as_posix()))
    return fitting[:_MOST_READ]


def _small_or_named(one: Entry, wanted: str) -> bool:
    if _same_stem(one.path, wanted):
        return True
    name = one.path.name.lower()
    return one.size <= _LARGEST and not name.endswith((".log.json", ".py")) and name != "exercise.toml"


def _same_stem(path: PurePosixPath, wanted: str) -> bool:
    return plain_name(path.stem) == plain_name(PurePosixPath(wanted).stem)


def _named(one: Answers, wanted: str) -> bool:
    return _same_stem(PurePosixPath(one.place or ""), wanted)


def _rank(one: Answers, wanted: str, asked: Collection[str]) -> tuple[object, ...]:
    """The smallest is taken: named so, with most answers, of the very name, highest up."""
    path = PurePosixPath(one.place or "")
    fitting = len(set(asked) & set(one.values)) if asked else 0
    return (not _named(one, wanted), -one.filled_in, -fitting, path.name != wanted, len(path.parts), path.as_posix())


def _passed_over(found: Sequence[Answers]) -> tuple[Text, ...]:
    if len(found) < 2:
        return ()
    names = listing(one.place for one in found[1:6])
    return (
        Text(
            f"答案取自 {found[0].place}，没有看 {names.zh}。",
            f"The answers are those of {found[0].place}; not looked at: {names.en}.",
        ),
    )


def _none(wanted: str) -> Answers:
    seen = Text(f"没有找到答案文件 {wanted}", f"there is no answers file {wanted}")
    todo = Text(f"请把答案写进 {wanted}，和作业一起交上来。", f"Put your answers into {wanted} and hand it in.")
    return Answers(wanted, seen=seen, todo=todo)


def _unread(error: Exception, wanted: str, shown: str) -> Answers:
    seen = Text(f"打不开 {shown}", f"{shown} cannot be opened")
    if isinstance(error, SubmissionError):
        seen = clause(error.seen)
    return Answers(wanted, {}, shown, seen, _LIKE_THE_STARTER)


def _too_large(shown: str) -> tuple[Text, Text]:
    size = _LARGEST // 1000
    seen = Text(f"{shown} 太大（超过 {size} KB）", f"{shown} is too large (more than {size} KB)")
    return seen, _LIKE_THE_STARTER


_LIKE_THE_STARTER = Text(
    "请用老师给的文件，一行写一个答案，存成 UTF-8 文本。",
    "Use the file that you were given: one answer a line, saved as UTF-8 text.",
)
