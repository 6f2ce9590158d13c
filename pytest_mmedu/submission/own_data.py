"""学生自己做的数据集 | The data set that a student made: found in the folder, copied as plain files, and read.

Nothing about it is trusted: no link is followed, and what is too much to be looked at is not looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from pytest_mmedu.checks.figures import clause
from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.dataset.contents import SPLITS
from pytest_mmedu.dataset.pictures import size_of
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.submission.answers_file import find_answers_only
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.plain_files import Entry, list_files
from pytest_mmedu.text import Text, printable

MOST_FILES = 2000
MOST_BYTES = 200_000_000
MOST_PIXELS = 1_000_000_000  # of all pictures together: half a minute of decoding


def find_own_data(path: Path) -> Submission:
    """The submission to an exercise that asks for a data set: no program is looked for.

    Raises:
        SubmissionError: there is no such path, or it is a link.
    """
    found = find_answers_only(path)
    return found if found.alone else found._replace(notes=list_files(found.folder)[1])


def read_own_data(submission: Submission, name: str, place: Path) -> ImageFolder | NoRun:
    """The data set of the submission, copied to `place`; or why there is none to judge, with MMEdu's error code.

    `name` is the folder that the exercise asks for. In an untidy submission any folder with a training_set will do.
    """
    files = [] if submission.alone else list_files(submission.folder)[0]
    root = _root_of([one.path for one in files], name)
    if root is None:
        return NoRun("failed", NOT_FILLED_IN, _make_it(name))
    inside = [one for one in files if one.path.is_relative_to(root)]
    if len(inside) > MOST_FILES or sum(one.size for one in inside) > MOST_BYTES:
        return _too_much(inside)
    copied = place / (root.name or name)
    for one in inside:
        target = copied / one.path.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(submission.folder / one.path, target, follow_symlinks=False)
    return _read(copied, inside)


def _read(folder: Path, inside: Sequence[Entry]) -> ImageFolder | NoRun:
    try:
        images = read_dataset(folder)
    except DatasetError as error:
        return _refused(error, folder)
    pictures = (sample.path for samples in images.splits.values() for sample in samples)
    if sum(width * height for width, height in filter(None, map(size_of, pictures))) > MOST_PIXELS:
        return _too_much(inside)
    return images


def _root_of(paths: Iterable[PurePosixPath], name: str) -> PurePosixPath | None:
    """The folder of the data set: the named one first, then that which lies highest. None where nothing was made."""
    found = {PurePosixPath(*path.parts[:at]) for path in paths for at, part in _folders(path) if part in SPLITS}
    if not found:
        found = {PurePosixPath(*path.parts[: at + 1]) for path in paths for at, part in _folders(path) if part == name}
    return min(found, key=lambda one: (one.name != name, len(one.parts), one.as_posix()), default=None)


def _folders(path: PurePosixPath) -> Iterable[tuple[int, str]]:
    return enumerate(path.parts[:-1])


def _refused(error: DatasetError, folder: Path) -> NoRun:
    """As MMEdu's load_dataset() would: students look the number up."""
    code = "" if error.code is None else f"Error Code: {error.code}. "
    seen = clause(error.seen)
    here = printable(str(folder))
    said = Text(*(f"{code}{text.replace(here, folder.name)}" for text in (seen.zh, seen.en)))
    return NoRun("failed", said, error.todo, error.place)


def _too_much(inside: Sequence[Entry]) -> NoRun:
    size = sum(one.size for one in inside) // 1_000_000
    return NoRun(
        "failed",
        Text(
            f"图片太多或太大（{len(inside)} 个文件，{size} MB），没有看",
            f"too many or too large pictures ({len(inside)} files, {size} MB): they were not looked at",
        ),
        Text("把图片缩小，或少放一些。", "Make the pictures smaller, or take fewer."),
    )


def _make_it(name: str) -> Text:
    return Text(
        f"建一个文件夹 {name}，在里面建 training_set、val_set、test_set，再把图片放进各类的文件夹。",
        f"Make a folder {name} with training_set, val_set and test_set in it,"
        " and put the pictures into a folder for each class.",
    )


NOT_FILLED_IN = Text("还没有填写：没有找到你的数据集", "not filled in: there is no data set of yours")
