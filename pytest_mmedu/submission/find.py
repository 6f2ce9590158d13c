"""找出交上来的程序 | Which file of an untidy folder is the student's program.

Names are only a hint; what a file holds decides. The exercise's own files are never taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.plain_files import Entry, belongs_to_exercise, list_files
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import LARGEST_NOTEBOOK, LARGEST_SCRIPT, read_source
from pytest_mmedu.submission.stubs import count_stubs
from pytest_mmedu.text import Text, listing, printable

if TYPE_CHECKING:
    from pytest_mmedu.submission.config.choosing import ConfigFacts

Kind = Literal["script", "notebook", "config"]
_KINDS: dict[str, Kind] = {".py": "script", ".ipynb": "notebook"}
_DATA_FORMS = (".json", ".yaml", ".yml")
_LARGEST: dict[Kind, int] = {"script": LARGEST_SCRIPT, "notebook": LARGEST_NOTEBOOK}
_MOST_READ = 50  # candidates whose content is looked at


class Submission(NamedTuple):
    """What was handed in. `source_file` is None where no program was found; `alone`: one file, not a folder."""

    folder: Path
    source_file: Path | None = None
    kind: Kind | None = None
    notes: tuple[Text, ...] = ()
    alone: bool = False

    @property
    def source_name(self) -> str:
        """`code/homework.py`: the path in the folder, as it is shown in places."""
        if self.source_file is None:
            return ""
        return printable(self.source_file.relative_to(self.folder).as_posix())


class _Candidate(NamedTuple):
    """A program that may be the one. `state`: 3 filled in, 2 does not compile, 1 something left open, 0 no train().

    `stubs`: functions of which only the first line is there.
    """

    entry: Entry
    kind: Kind
    named: bool
    state: int
    left_open: int
    stubs: int = 0

    @property
    def trains(self) -> bool:
        """It calls train(), or is to."""
        return self.state in (1, 3)

    def rank(self) -> tuple[object, ...]:
        """The smallest is taken."""
        path = self.entry.path
        return (not self.named, -self.state, self.left_open, self.stubs, len(path.parts), path.as_posix())

    def beats(self, other: _Candidate) -> bool:
        """Of script and notebook the one that is filled in; the script if both are, or neither."""
        return (-self.state, self.left_open, self.stubs) <= (-other.state, other.left_open, other.stubs)


def find_submission(path: Path, *, script: str | None = None) -> Submission:
    """The program in `path`, a file or a folder. `script` is the name that the exercise gave it.

    Raises:
        SubmissionError: there is no such path, or it is neither a folder nor a Python file nor a notebook.
    """
    existing(path)
    if path.is_dir():
        return _in_folder(path.resolve(), script)
    return _single_file(path.resolve())


def existing(path: Path) -> None:
    """Raises SubmissionError where there is nothing, or a link, which leads nobody knows where."""
    if path.is_symlink() or not path.exists():
        seen = Text(f"没有 {printable(str(path))}。", f"There is no {printable(str(path))}.")
        if path.is_symlink():
            seen = Text(f"{printable(str(path))} 是链接，不读。", f"{printable(str(path))} is a link and is not read.")
        raise SubmissionError(seen, Text("请核对作业的路径。", "Check the path of the submission."))


def _single_file(path: Path) -> Submission:
    kind = _KINDS.get(path.suffix.lower())
    if kind != "notebook" and path.is_file() and _config_at(path.parent, PurePosixPath(path.name)):
        kind = "config"
    if kind is None or not path.is_file():
        name = printable(path.name)
        seen = Text(f"{name} 不是脚本或笔记本。", f"{name} is neither a script nor a notebook.")
        allowed = Text("应为 .py 或 .ipynb 文件，或一个文件夹。", "It takes a .py or .ipynb file, or a folder.")
        raise SubmissionError(seen, Text("请核对作业的路径。", "Check the path of the submission."), allowed=allowed)
    return Submission(path.parent, path, kind, alone=True)


def _in_folder(folder: Path, script: str | None) -> Submission:
    files, notes = list_files(folder)
    found, too_large = _candidates(folder, files, script)
    scripts = sorted((one for one in found if one.kind == "script"), key=_Candidate.rank)
    notebooks = sorted((one for one in found if one.kind == "notebook"), key=_Candidate.rank)
    notes += too_large
    taken = _one_of(scripts[:1], notebooks[:1])
    if taken is None or not taken.named:
        config = _config(folder, files, script, tuple(notes))
        named = config is not None and Path(config.source_name).name == script
        if config is not None and (named or taken is None or not taken.trains):
            return config
    if taken is None:
        return Submission(folder, notes=(*notes, _nothing(files)))
    notes += _choice_notes(taken, scripts, notebooks)
    return Submission(folder, folder / taken.entry.path, taken.kind, tuple(notes))


def _config(folder: Path, files: Sequence[Entry], script: str | None, notes: tuple[Text, ...]) -> Submission | None:
    """The config to judge where nothing trains by itself."""
    from pytest_mmedu.submission.config.choosing import config_notes, ranked

    found = [*_configs(folder, files, (".py",)), *_configs(folder, files, _DATA_FORMS)]
    if not found:
        return None
    ordered = ranked(found, {script} if script else set(), [entry.path for entry in files])
    return Submission(folder, folder / ordered[0].path, "config", (*notes, *config_notes(ordered)))


def _configs(folder: Path, files: Iterable[Entry], forms: Sequence[str]) -> Iterator[ConfigFacts]:
    from pytest_mmedu.submission.config.choosing import config_at

    fitting = (one for one in files if one.path.suffix.lower() in forms and not belongs_to_exercise(one.path))
    for entry in itertools.islice((one for one in fitting if one.size <= LARGEST_SCRIPT), _MOST_READ):
        found = config_at(folder, entry.path)
        if found is not None:
            yield found


def _config_at(folder: Path, path: PurePosixPath) -> bool:
    from pytest_mmedu.submission.config.choosing import config_at

    return config_at(folder, path) is not None


def _candidates(folder: Path, files: Iterable[Entry], script: str | None) -> tuple[list[_Candidate], tuple[Text, ...]]:
    wanted = {script, f"{Path(script).stem}.ipynb"} if script else set()
    programs = [entry for entry in files if entry.path.suffix.lower() in _KINDS and not belongs_to_exercise(entry.path)]
    programs.sort(key=lambda entry: (entry.path.name not in wanted, len(entry.path.parts), entry.path.as_posix()))
    notes, found = [], []
    for entry in programs[:_MOST_READ]:
        kind = _KINDS[entry.path.suffix.lower()]
        if entry.size > _LARGEST[kind]:
            notes.append(_too_large(entry))
        else:
            named = entry.path.name in wanted
            one = _Candidate(entry, kind, named, *_state(folder / entry.path))
            if one.trains or kind == "notebook" or not _config_at(folder, entry.path):
                found.append(one)
    return found, tuple(notes)


def _state(path: Path) -> tuple[int, int, int]:
    try:
        source = read_source(path)
        read, stubs = written(source), count_stubs(source)
    except SubmissionError:
        return 2, 0, 0
    left_open = sum(len(call.blanks) for call in read.calls) or len(read.blank_places)
    if left_open:
        return 1, left_open, stubs
    return (3 if read.calls else 0), 0, stubs


def _one_of(scripts: Sequence[_Candidate], notebooks: Sequence[_Candidate]) -> _Candidate | None:
    if scripts and notebooks:
        # A file that the exercise does not name must not push the named one aside.
        if scripts[0].named != notebooks[0].named:
            return scripts[0] if scripts[0].named else notebooks[0]
        return scripts[0] if scripts[0].beats(notebooks[0]) else notebooks[0]
    return next(iter((*scripts, *notebooks)), None)


def _choice_notes(
    taken: _Candidate, scripts: Sequence[_Candidate], notebooks: Sequence[_Candidate]
) -> tuple[Text, ...]:
    """Which of several programs is judged, and why; files without a train() are no rivals."""
    name = printable(taken.entry.path.as_posix())
    others = [one for one in (*scripts, *notebooks) if one is not taken and one.state]
    if not others:
        return ()
    names = listing(printable(one.entry.path.as_posix()) for one in others[:5])
    why = Text("只有它填好了", "it alone is filled in")
    if any(one.state == 3 for one in others) or taken.state != 3:
        why = _WHY_NAMED if taken.named else _WHY_FIRST
        if taken.kind == "script" and {one.kind for one in others} == {"notebook"}:
            why = Text("脚本优先", "a script comes before a notebook")
    return (
        Text(
            f"批改的是 {name}（{why.zh}），没有看 {names.zh}。",
            f"{name} is graded ({why.en}); not looked at: {names.en}.",
        ),
    )


_WHY_NAMED = Text("文件名与练习一致", "it has the name that the exercise asks for")
_WHY_FIRST = Text("它最先找到", "it was found first")


def _nothing(files: Sequence[Entry]) -> Text:
    if any(belongs_to_exercise(entry.path) and _STARTS_LIKE_TEST.match(entry.path.name) for entry in files):
        return Text(
            "没有找到脚本或笔记本；test_*.py 是练习的测试文件，不算作业。",
            "There is no script or notebook; test_*.py belongs to the exercise and is not taken for homework.",
        )
    others = [entry.path.as_posix() for entry in files if entry.path.suffix.lower() in _WRITTEN_ELSEWHERE]
    if others:
        names = listing(printable(each) for each in others[:3])
        return Text(
            f"没有找到脚本或笔记本；{names.zh} 不能运行：程序的文件名以 .py 或 .ipynb 结尾。",
            f"There is no script or notebook; {names.en} cannot be run: the name of a program ends in .py or .ipynb.",
        )
    return Text("没有找到脚本或笔记本。", "There is no script or notebook.")


_WRITTEN_ELSEWHERE = (".txt", ".doc", ".docx", ".wps", ".rtf", ".pdf")  # not saved as a program
_STARTS_LIKE_TEST = re.compile(r"test_", re.IGNORECASE)


def _too_large(entry: Entry) -> Text:
    name, size = printable(entry.path.as_posix()), entry.size // 1_000_000
    return Text(f"{name} 太大（{size} MB），没有读。", f"{name} is too large ({size} MB) and was not read.")
