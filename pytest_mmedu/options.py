"""设置 | One table of settings: pytest flags --mmedu-x, ini mmedu_x, environment MMEDU_X, the command line, the docs.

A flag wins over the environment, the environment over the ini file, the ini file over the default.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_mmedu.errors import OptionError
from pytest_mmedu.report.writers import WITH_EVIDENCE, WRITERS, ReportFile
from pytest_mmedu.text import LANGS, Lang, Text, choose_lang, printable

NO_FOLDER = ("", "off")
LEVELS = "auto|container|namespaces|landlock|process|artefacts"  # as in isolation/levels.py, which is not imported
_INTERPRETERS = ("", "bin/python", "bin/python3", "python.exe", "Scripts/python.exe")  # of a virtual environment
HELP_COLUMNS = 54  # beside the flags, on a terminal of 80
SEPARATOR = ";"  # between several values in one environment variable; ":" and spaces occur in paths


class Setting(NamedTuple):
    """One row. `reads` turns the written value into what it means (paths from `folder`); None means "not allowed"."""

    name: str
    metavar: str
    default: str
    reads: Callable[[str, Path], Any]
    allowed: Text
    meaning: Text
    repeatable: bool = False

    @property
    def flag(self) -> str:
        return f"--mmedu-{self.name}"

    @property
    def ini(self) -> str:
        return f"mmedu_{self.name}"

    @property
    def variable(self) -> str:
        return f"MMEDU_{self.name.upper()}"

    @property
    def help(self) -> str:
        """`%` doubled, as argparse wants it. What may be written stands beside the flag."""
        return f"{_in_lines(self.meaning.zh)}\n{self.meaning.en}".replace("%", "%%")

    @property
    def ini_help(self) -> str:
        """The flag's own help stands further up in the same list."""
        return f"同 {self.flag} | as {self.flag}"

    def read(self, written: str, folder: Path, source: str) -> Any:
        value = self.reads(written.strip(), folder)
        if value is not None:
            return value
        shown = printable(repr(written), 80)
        seen = Text(f"{source} 是 {shown}。", f"{source} is {shown}.")
        allowed = Text(f"应为{self.allowed.zh}。", f"It takes {self.allowed.en}.")
        raise OptionError(seen, Text("请改好这一项设置。", "Correct this setting."), allowed=allowed)


class Options(NamedTuple):
    """All settings, read. `submission` None: the exercise's folder. `cache`: a folder, "off", or "" for the usual."""

    lang: str = "auto"
    submission: Path | None = None
    device: str = "cpu"
    report: tuple[ReportFile, ...] = ()
    cache: Path | str = ""
    isolation: str = "auto"
    student: str = ""
    python: Path | None = None

    @property
    def language(self) -> Lang:
        return choose_lang(self.lang)

    @property
    def wants_evidence(self) -> bool:
        return any(file.kind in WITH_EVIDENCE for file in self.report)

    def to_json(self) -> dict[str, Any]:
        """Plain data for a worker process; paths are absolute already."""
        plain = {name: getattr(self, name) for name in ("lang", "device", "isolation", "student")}
        return plain | {name: str(getattr(self, name) or "") for name in ("submission", "cache", "python")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Options:
        submission, python = (Path(data[name]) if data[name] else None for name in ("submission", "python"))
        cache = data["cache"] if data["cache"] in NO_FOLDER else Path(data["cache"])
        return cls(data["lang"], submission, data["device"], (), cache, data["isolation"], data["student"], python)


def _in_lines(zh: str) -> str:
    """argparse breaks at spaces alone and counts Chinese characters as one column: broken here, behind punctuation."""
    lines = [""]
    for part in zh.replace("，", "，\n").replace("；", "；\n").replace("、", "、\n").splitlines():
        longer = lines[-1] + part
        columns = (len(longer) + len(longer.encode())) // 2  # 1 byte, 1 column; 3 bytes, 2 columns: no table needed
        lines[-1:] = [longer] if columns <= HELP_COLUMNS else [lines[-1], part]
    return "\n".join(lines)


def _lang(written: str, _: Path) -> str | None:
    return written if written in (*LANGS, "auto") else None


def _submission(written: str, folder: Path) -> Path | None:
    path = folder / Path(written).expanduser()
    return path.resolve() if written and path.exists() else None


def _device(written: str, _: Path) -> str | None:
    return written if re.fullmatch(r"auto|cpu|cuda(:\d{1,2})?", written) else None


def _report(written: str, folder: Path) -> ReportFile | None:
    kind, _, file = written.partition(":")
    path = folder / Path(file).expanduser()
    return ReportFile(kind, path.absolute()) if kind in WRITERS and file and not path.is_dir() else None


def _cache(written: str, folder: Path) -> Path | str | None:
    if written in NO_FOLDER:
        return written
    path = folder / Path(written).expanduser()
    return None if path.exists() and not path.is_dir() else path.absolute()


def _isolation(written: str, _: Path) -> str | None:
    return written if written in LEVELS.split("|") else None


def _student(written: str, _: Path) -> str | None:
    return written if len(written) <= 80 and written.isprintable() else None


def _python(written: str, folder: Path) -> Path | None:
    """By its path, its name, or the folder of its environment. A link is not followed: a venv is made of it."""
    places = (folder / Path(written).expanduser() / part for part in _INTERPRETERS)
    found = next((str(one) for one in places if one.is_file()), shutil.which(written))
    return Path(found).absolute() if found else None


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "lang",
        "zh|en|auto",
        "auto",
        _lang,
        Text(" zh、en 或 auto", "zh, en or auto"),
        Text("用哪种语言；auto 按系统的语言", "language of what is shown; auto takes the system's"),
    ),
    Setting(
        "submission",
        "PATH",
        "",
        _submission,
        Text("存在的文件夹、脚本或笔记本", "a folder, script or notebook that exists"),
        Text("要批改的作业；默认是练习文件夹本身", "what to grade; the exercise's own folder by default"),
    ),
    Setting(
        "device",
        "auto|cpu|cuda|cuda:N",
        "cpu",
        _device,
        Text(" auto、cpu、cuda 或 cuda:N", "auto, cpu, cuda or cuda:N"),
        Text(
            "测试自己训练时在哪里计算；auto 有显卡就用显卡",
            "where the tests' own trainings compute; auto takes a GPU where there is one",
        ),
    ),
    Setting(
        "report",
        "KIND:FILE",
        "",
        _report,
        Text(
            f"“类型:文件名”，如 json:report.json；类型有 {'、'.join(WRITERS)}",
            f"KIND:FILE as in json:report.json, where KIND is one of {', '.join(WRITERS)}",
        ),
        Text(
            f"把成绩报告写成文件，类型有 {'、'.join(WRITERS)}；可以写多次",
            f"write the report to a file, as {', '.join(WRITERS)}; may be given several times",
        ),
        repeatable=True,
    ),
    Setting(
        "cache",
        "FOLDER|off",
        "",
        _cache,
        Text("文件夹，或 off（不缓存）", "a folder, or off (no cache)"),
        Text("训练结果的缓存放在哪里", "where finished trainings are kept to be used again"),
    ),
    Setting(
        "isolation",
        LEVELS,
        "auto",
        _isolation,
        Text(
            " auto、container、namespaces、landlock、process 或 artefacts",
            "auto, container, namespaces, landlock, process or artefacts",
        ),
        Text(
            "学生的程序隔离到哪一级；auto 用这台电脑上最强的一级，artefacts 不运行程序",
            "how far the student's program is shut in; auto takes the strongest that holds, artefacts runs nothing",
        ),
    ),
    Setting(
        "student",
        "ID",
        "",
        _student,
        Text("一行文字，最多 80 个字", "a line of text, at most 80 characters"),
        Text(
            "这是谁的作业：按这个学号出题；默认看 students.csv 和 student.toml",
            "whose work it is: graded on that student's variant; by default as students.csv or student.toml say",
        ),
    ),
    Setting(
        "python",
        "PATH",
        "",
        _python,
        Text(
            "存在的 Python 解释器，或它的环境所在的文件夹",
            "a Python interpreter that exists, or its environment's folder",
        ),
        Text(
            "用另一个 Python 运行学生的程序，例如装有 MMEdu 的 Python 3.8；默认是批改用的这个",
            "run students' programs in another Python, as the 3.8 that has MMEdu; by default in the one that grades",
        ),
    ),
)
BY_NAME: Mapping[str, Setting] = {row.name: row for row in SETTINGS}


def add_to_pytest(parser: Any) -> None:
    """The flags and ini keys of pytest, from the table."""
    group = parser.getgroup("mmedu", "MMEdu 训练作业 | MMEdu training homework")
    for row in SETTINGS:
        action = "append" if row.repeatable else "store"
        group.addoption(row.flag, dest=row.ini, action=action, metavar=row.metavar, default=None, help=row.help)
        parser.addini(row.ini, row.ini_help, type="linelist" if row.repeatable else "string", default=None)


def read_options(config: Any, environ: Mapping[str, str] | None = None) -> Options:
    """The settings of this pytest run.

    Raises:
        OptionError: for the first value that is not allowed; it names where the value was written.
    """
    env = os.environ if environ is None else environ
    return Options(**{row.name: value for row in SETTINGS for value in _value(row, config, env)})


def _value(row: Setting, config: Any, env: Mapping[str, str]) -> Iterator[Any]:
    """One value, or none where the default of `Options` counts."""
    written, folder, source = _written(row, config, env)
    values = [row.read(one, folder, source) for one in written if one.strip()]
    if values:
        yield tuple(values) if row.repeatable else values[-1]


def _written(row: Setting, config: Any, env: Mapping[str, str]) -> tuple[Sequence[str], Path, str]:
    """What was written, the folder that relative paths start from, and where it was written."""
    here: Path = config.invocation_params.dir
    flag = config.getoption(row.ini)
    if flag is not None:
        return _several(flag), here, row.flag
    if env.get(row.variable):
        parts = env[row.variable].split(SEPARATOR) if row.repeatable else [env[row.variable]]
        return parts, here, row.variable
    ini = config.getini(row.ini)
    file: Path | None = config.inipath
    return _several(ini or ()), file.parent if file else config.rootpath, f"{file.name if file else 'ini'} {row.ini}"


def _several(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
