"""新练习的样子 | The skeleton of a new exercise: files that work, to be changed into one's own.

The files lie beside this one, each with `.txt` behind its name, so that nobody takes them for a part of the kit.
"""

from __future__ import annotations

import re
from pathlib import Path

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.release import write_starters
from pytest_mmedu.text import Text, printable

_FILES = Path(__file__).parent
_SUFFIX = ".txt"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def write_skeleton(folder: Path, title: str = "") -> tuple[Path, ...]:
    """Write a new exercise into `folder`, which must not exist yet or be empty; return its files.

    title  "中文 | English"; made from the folder's name where it is empty

    Raises:
        ExerciseError: the name is none for an exercise, the title has only one language, or there is something already.
    """
    name = folder.resolve().name
    if not _ID.fullmatch(name):
        raise _bad_name(name)
    words = _title(name, title)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        seen = Text(f"{name} 已经有了。", f"{name} is there already.")
        raise ExerciseError(seen, Text("请换一个名字。", "Choose another name."), place=str(folder))
    written = [_write(path, folder, {"@ID@": name, "@ZH@": words.zh, "@EN@": words.en}) for path in _sources()]
    return (*written, *write_starters(folder))


def _sources() -> list[Path]:
    return sorted(path for path in _FILES.rglob(f"*{_SUFFIX}") if path.is_file())


def _write(source: Path, folder: Path, words: dict[str, str]) -> Path:
    text = source.read_bytes().decode("utf-8").replace("\r\n", "\n")
    for mark, word in words.items():
        text = text.replace(mark, word)
    path = folder / source.relative_to(_FILES).as_posix().removesuffix(_SUFFIX)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def _title(name: str, title: str) -> Text:
    """Plain words in both languages: they stand within quotes in three kinds of files."""
    if not title.strip():
        plain = re.sub(r"^\d+[_-]*", "", name).replace("_", " ").replace("-", " ").strip() or name
        en = plain[:1].upper() + plain[1:] if re.search("[A-Za-z]{2}", plain) else f"Exercise {plain}"
        return Text(f"新练习 {plain}", en)
    words = Text.parse(title)
    if " | " in title and words.zh and words.en and title.isprintable() and not set('"\\') & set(title):
        return words
    shown = printable(title, 60)
    seen = Text(f"题目是 {shown}。", f"The title is {shown}.")
    allowed = Text(
        "应为“中文 | English”，不含双引号和反斜杠。", 'It takes "中文 | English", without quotes and backslashes.'
    )
    raise ExerciseError(seen, Text("请两种语言都写上。", "Write it in both languages."), allowed=allowed)


def _bad_name(name: str) -> ExerciseError:
    shown = printable(name, 60)
    return ExerciseError(
        Text(f"练习不能叫 {shown}。", f"An exercise cannot be called {shown}."),
        Text("请换一个名字，如 17_my_topic。", "Choose another name, such as 17_my_topic."),
        allowed=Text(
            "名字由字母、数字、下划线和短横线组成。",
            "A name consists of letters, digits, underscores and hyphens.",
        ),
    )
