"""classes.txt、val.txt、test.txt | The text files of an image folder against the folders themselves.

The folders decide. Students save these files with Notepad, so GBK, UTF-16 and byte order marks are read, too.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu.dataset.contents import Listing, unreadable
from pytest_mmedu.dataset.finding import Finding
from pytest_mmedu.errors import DatasetError
from pytest_mmedu.text import Text, listing, printable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 BOM"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CODECS = (("utf-8", "UTF-8"), ("gb18030", "GBK"))


def same_name(name: str) -> str:
    """A name in one spelling: a Mac writes é and many other letters as two characters, others as one."""
    return unicodedata.normalize("NFC", name)


def decode(data: bytes, names: Iterable[str] = ()) -> tuple[str, str]:
    """The text and the name of its encoding, "UTF-8" where all is well.

    Some Chinese words in GBK are valid UTF-8 by chance (猫头鹰); then the encoding in which more `names` occur wins.
    """
    for mark, codec, shown in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace"), shown
    possible = [(text, shown) for codec, shown in _CODECS if (text := _decoded(data, codec)) is not None]
    if possible:
        return max(possible, key=lambda pair: sum(name in pair[0] for name in names))
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return (str(best), best.encoding) if best else (data.decode("utf-8", "replace"), "?")


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def read_lines(path: Path, names: Iterable[str]) -> tuple[list[tuple[int, str]], list[Finding]]:
    """The lines that are not empty, with their numbers from 1; a finding where the file is not plain UTF-8."""
    try:
        text, encoding = decode(path.read_bytes(), names)
    except OSError as error:
        raise unreadable(path, error) from error
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if encoding == "UTF-8":
        return lines, []
    text_of = Text(
        f"{path.name} 的编码是 {encoding}，MMEdu 读不对；请另存为 UTF-8。",
        f"{path.name} is in {encoding}, which MMEdu does not read right: save it as UTF-8.",
    )
    return lines, [Finding("encoding", text_of, path.name)]


def class_order(root: Path, train: Listing) -> tuple[tuple[str, ...], list[Finding]]:
    """The class folders in the order of their labels: as classes.txt has them where it agrees, else sorted by name."""
    path = root / "classes.txt"
    folders = sorted(train.by_class)
    if not path.is_file():
        return tuple(folders), []
    lines, findings = read_lines(path, train.by_class)
    written = [same_name(line) for _, line in lines]
    by_name = {same_name(name): name for name in folders if train.by_class[name] or same_name(name) in written}
    if sorted(written) != sorted(by_name):
        return tuple(folders), [*findings, _disagree(written, list(by_name))]
    ordered = tuple(by_name[name] for name in written)
    if written != sorted(written):
        findings.append(Finding("class order", _ORDER, path.name))
    return ordered, findings


_ORDER = Text(
    "classes.txt 没有按名称排序；MMEdu 按文件夹名排序编号，推理时会显示错的类名。",
    "classes.txt is not sorted; MMEdu numbers the folders by their sorted names and shows wrong names at inference.",
)


def _disagree(written: Sequence[str], folders: Sequence[str]) -> Finding:
    parts = [Text("classes.txt 与 training_set 的文件夹不一致", "classes.txt and the folders of training_set disagree")]
    for names, where in (
        (set(written) - set(folders), Text("只在 classes.txt 里", "only in classes.txt")),
        (set(folders) - set(written), Text("只在 training_set 里", "only in training_set")),
        ({name for name in written if written.count(name) > 1}, Text("写了两次", "written twice")),
    ):
        if names:
            few = some(sorted(names))
            parts.append(Text(f"{where.zh}：{few.zh}", f"{where.en}: {few.en}"))
    zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
    return Finding("classes.txt", Text(f"{zh}。", f"{en}.") + _FOLDERS_COUNT, "classes.txt")


def some(names: Sequence[str], limit: int = 5) -> Text:
    """The first few names, and how many there are in all where that is more."""
    shown = listing(printable(name, 60) for name in names[:limit])
    if len(names) <= limit:
        return shown
    return Text(f"{shown.zh} 等 {len(names)} 个", f"{shown.en} and others, {len(names)} in all")


def check_annotations(
    root: Path, listings: Mapping[str, Listing], classes: Sequence[str]
) -> tuple[list[Finding], list[str]]:
    """Findings about val.txt and test.txt, and the names of those that are missing.

    MMEdu refuses a val.txt that does not fit val_set (-201); test.txt it does not look at, so that is a finding.
    """
    findings: list[Finding] = []
    missing: list[str] = []
    for split, name in (("val_set", "val.txt"), ("test_set", "test.txt")):
        if not (root / name).is_file():
            missing += [name] if listings[split].exists else []
            continue
        lines, about = read_lines(root / name, classes)
        annotation = _Annotation(name, [_line(number, text, split) for number, text in lines], listings[split], classes)
        problem = next(annotation.problems(), None)
        if problem and split == "val_set":
            raise _wrong(name, problem)
        findings += [*about, *([Finding("annotation", *problem)] if problem else annotation.shifted())]
    return findings, missing


Problem = tuple[Text, str]


class _Line(NamedTuple):
    number: int
    path: str
    label: int | None


@dataclass
class _Annotation:
    """val.txt or test.txt, and the split that it is about."""

    name: str
    lines: Sequence[_Line]
    found: Listing
    classes: Sequence[str]

    def __post_init__(self) -> None:
        self.split = self.found.folder.name
        self.right = self._labels(self.classes)
        # What MMEdu writes when it generates the file: the folders of this split numbered by their sorted names.
        self.generated = self._labels(sorted(self.found.by_class))

    def _labels(self, folders: Sequence[str]) -> dict[str, int]:
        return {
            same_name(f"{folder}/{picture}"): label
            for label, folder in enumerate(folders)
            for picture in self.found.by_class.get(folder, ())
        }

    def problems(self) -> Iterator[Problem]:
        """Each place where file and split disagree: what, and where."""
        for line in self.lines:
            seen = self._line_problem(line)
            if seen is not None:
                yield seen, f"{self.name}:{line.number}"
        listed = {line.path for line in self.lines}
        if left := [path for path in self.right if path not in listed]:
            few = some(left, 3)
            yield (
                Text(
                    f"{self.split} 里的 {few.zh} 没有写进 {self.name}。", f"{self.name} lacks {few.en} of {self.split}."
                ),
                self.name,
            )

    def _line_problem(self, line: _Line) -> Text | None:
        shown, name = printable(line.path, 80), self.name
        if line.label is None:
            return Text(f"{name} 这一行没有类别编号。", f"This line of {name} has no class number.")
        if line.path not in self.generated:
            return Text(
                f"{name} 写了 {shown}，{self.split} 里没有它。",
                f"{name} names {shown}, which {self.split} does not have.",
            )
        right = self.right.get(line.path, line.label)  # a stray folder has no right label
        if line.label in (right, self.generated[line.path]):
            return None
        return Text(
            f"{name} 说 {shown} 是第 {line.label} 类，按文件夹应是第 {right} 类。",
            f"{name} says that {shown} is class {line.label}, its folder is class {right}.",
        )

    def shifted(self) -> Iterator[Finding]:
        """One finding where MMEdu generated the file from folders that are not those of training_set."""
        for line in self.lines:
            right = self.right.get(line.path, line.label)
            if line.label != right:
                shown = printable(line.path, 80)
                text = Text(
                    f"{self.name} 的编号错开了：{shown} 写成第 {line.label} 类，按 training_set 是第 {right} 类。",
                    f"The numbers in {self.name} are shifted: {shown} is given as class {line.label},"
                    f" in training_set it is class {right}.",
                )
                yield Finding("annotation", text + _FOLDERS_COUNT, f"{self.name}:{line.number}")
                return


_FOLDERS_COUNT = Text("按文件夹编号。", "The folders count.")


def _line(number: int, text: str, split: str) -> _Line:
    """`cat/1.png 0`; a generator on Windows writes a backslash, some put the split in front."""
    path, _, label = text.rpartition(" ")
    if not (label.isdecimal() and len(label) < 7):
        path, label = text, ""
    path = path.strip().replace("\\", "/").removeprefix("./").removeprefix(f"{split}/")
    return _Line(number, same_name(path), int(label) if label else None)


def _wrong(name: str, problem: Problem) -> DatasetError:
    todo = Text(
        f"增删过图片就把 {name} 删掉，MMEdu 会重新生成它。",
        f"After adding or removing pictures delete {name}: MMEdu writes it anew.",
    )
    return DatasetError(problem[0], todo, code=-201, place=problem[1])
