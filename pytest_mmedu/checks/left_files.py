"""训练留下了什么 | Checks of what a student says about the files of a training: where they are, what each one is."""

from __future__ import annotations

import posixpath
from pathlib import Path, PureWindowsPath

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks.answers import answered
from pytest_mmedu.checks.facts import chosen, chosen_value, run_of
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.files import HAND_IN_UNTOUCHED, LOOK_IN_SAVE_FOLD
from pytest_mmedu.checks.readings import A_FILE_OF_THE_RUN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, because, check, no, yes
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text

# Seen from the folder of the program. The page that students read leaves out the step up.
_DEFAULT = "../checkpoints/cls_model"


@check("asked")
def default_folder_named(subject: Subject, name: str) -> Verdict:
    """默认的保存位置 | The default folder

    The answer `name`: where a training without save_fold saves, as a path from the student's own folder.
    """
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return found
    written = chosen_value(subject, "save_fold")
    if isinstance(written, str):
        seen = Text.same(f'save_fold = "{shown(written)}"')
        return no(seen, hint=LEAVE_OUT, place=chosen(subject, "save_fold").place)
    if subject.no_run is not None:
        return because(subject.no_run)
    seen = Text.same(shown(found.value))
    if not isinstance(found.value, str):
        return no(seen, hint=IN_QUOTES, place=found.place)
    path = found.value.strip().replace("\\", "/")
    if path.startswith(("/", "~")) or PureWindowsPath(path).drive:
        return no(seen, hint=FROM_HERE, place=found.place)
    if posixpath.normpath(path) != _DEFAULT:
        return no(seen, hint=LOOK_ABOVE, place=found.place)
    return yes(seen, place=found.place)


@check("run")
def log_named(subject: Subject, name: str) -> Verdict:
    """哪个是日志 | Which one is the log

    The answer `name`: a file of this training, or the end of its name, since the rest of it is the time.
    """
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return found
    if run_of(subject).log is None:
        return no(Text("没有 *.log.json 文件", "there is no *.log.json"), hint=LOOK_IN_SAVE_FOLD)
    seen = Text.same(shown(found.value))
    if isinstance(found.value, str) and f".{found.value.strip()}".lower().endswith(".log.json"):
        return yes(seen, place=found.place)
    return no(seen, hint=LOOK_INSIDE, place=found.place)


@check("run")
def same_weights_named(subject: Subject, name: str) -> Verdict:
    """和 latest.pth 相同的权重 | The weights of latest.pth

    The answer `name`: another file of this training with the very same weights. They are compared, not the names.
    """
    found = answered(subject.answers, name)
    if isinstance(found, Verdict):
        return found
    run = run_of(subject)
    seen = Text.same(shown(found.value))
    if run.latest is None:
        return no(Text("没有 latest.pth", "there is no latest.pth"), hint=HAND_IN_UNTOUCHED)
    other = _file_of(run, found.value)
    if other is None:
        return no(seen, hint=A_FILE_OF_THE_RUN, place=found.place)
    if other.name == run.latest.name:
        return no(seen, hint=ANOTHER_FILE, place=found.place)
    if read_checkpoint(other).fingerprint != read_checkpoint(run.latest).fingerprint:
        return no(seen, hint=WHEN_WRITTEN, place=found.place)
    return yes(seen, place=found.place)


def _file_of(run: Run, value: object) -> Path | None:
    """The checkpoint that the training left under this name, whatever folder stands before it."""
    if not isinstance(value, str):
        return None
    path = run.folder / value.strip().replace("\\", "/").rpartition("/")[2]
    return path if path.suffix == ".pth" and path.is_file() else None


LEAVE_OUT = Text(
    "这次训练要用默认位置：把 save_fold 去掉，训练一次，再找文件在哪里。",
    "This training is to use the default: take save_fold away, train, and look where the files are.",
)
IN_QUOTES = Text("写文件夹的路径，加引号。", "Write the path of the folder, in quotes.")
FROM_HERE = Text(
    "别人的电脑上没有这个位置：从作业文件夹开始写，.. 表示上一级文件夹。",
    "Other computers have no such place: begin at your own folder, where .. means the folder above.",
)
LOOK_ABOVE = Text(
    "作业文件夹里找不到？到上一级文件夹里找，再写出从作业文件夹到那里的路径；.. 表示上一级。",
    "Not in your folder? Look in the folder above, and write the way there from your own folder; .. means one up.",
)
LOOK_INSIDE = Text(
    "用记事本打开看看：要找的文件每行一条记录，写在一对花括号里。",
    "Open the files in an editor: the one asked for has a record in curly brackets on each line.",
)
ANOTHER_FILE = Text(
    "问的是另一个文件：它的名字不同，权重却一样。",
    "Another file is asked for: of another name, with the same weights.",
)
WHEN_WRITTEN = Text(
    "latest 的意思是“最新的”：训练结束时，最后写下的是哪一轮的权重？",
    "latest means the newest: the weights of which epoch were written last, when the training ended?",
)
