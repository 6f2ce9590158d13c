"""另一个 Python | Another Python in which students' programs are run: what is asked of it, once, before anything else.

The real MMEdu lives in an old one, with its own torch; grading goes on in today's. Nothing of this kit need be there.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import MachineError
from pytest_mmedu.text import Text, printable

MMEDU = "MMEdu"
_SECONDS = 60.0  # an interpreter on a network drive of a classroom starts slowly
_DESCRIBE = Path(__file__).with_name("_describe.py")
_TODO = Text(
    "请用 --mmedu-python 指定 Python 3.8 以上的解释器，或它的环境所在的文件夹。",
    "Name an interpreter of Python 3.8 or newer with --mmedu-python, or the folder of its environment.",
)


@dataclass(frozen=True)
class Interpreter:
    """`version` is "3.8.18", `program` what starts it, `versions` those of what takes part in a training."""

    version: str
    kind: str
    program: str
    prefixes: tuple[str, ...]
    site_folders: tuple[str, ...]
    versions: Mapping[str, str]

    @property
    def key(self) -> tuple[Any, ...]:
        """What decides the numbers of a training in it."""
        return self.program, self.kind, self.version, dict(self.versions)

    @cached_property
    def places(self) -> tuple[Path, ...]:
        """All that a box has to show of it.

        Raises:
            MachineError: that would be the home of whoever grades.
        """
        found = (*self.prefixes, *self.site_folders)
        places = tuple(dict.fromkeys(each for place in found for each in (Path(place), Path(place).resolve())))
        home = Path.home().resolve()
        wide = next((place for place in places if home.is_relative_to(place)), None)
        if wide is not None:
            shown = printable(str(wide))
            raise MachineError(
                Text(f"{shown} 整个文件夹都会给学生的程序看到。", f"Students' programs would see all of {shown}."),
                Text("请把这个 Python 装到一个单独的文件夹里。", "Install that Python into a folder of its own."),
            )
        return places


def describe(program: Path) -> Interpreter:
    """Ask the interpreter about itself; it runs nothing but a short script of this kit's.

    Raises:
        MachineError: it does not start, or is none of 3.8 or newer.
    """
    from pytest_mmedu.train.versions import DISTRIBUTIONS, by_import_name

    names = [MMEDU, *(name for names in DISTRIBUTIONS.values() for name in names)]
    program = program.absolute()
    command = [str(program), "-E", "-B", "-X", "utf8", str(_DESCRIBE), json.dumps(names)]
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False, cwd=program.parent
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise _does_not_start(program, str(error)) from error
    facts = _last_json(done.stdout)
    if done.returncode != 0 or facts is None:
        raise _does_not_start(program, done.stderr.decode("utf-8", "replace"))
    found = facts["found"]
    versions = {"python": facts["version"], **by_import_name(found.get)}
    return Interpreter(
        version=facts["version"],
        kind=facts["kind"],
        program=facts["program"],
        prefixes=tuple(facts["prefixes"]),
        site_folders=tuple(facts["site_folders"]),
        versions={**versions, **({MMEDU: found[MMEDU]} if MMEDU in found else {})},
    )


def _last_json(printed: bytes) -> dict[str, Any] | None:
    """The last line: an interpreter's own start-up files may print as well."""
    try:
        facts = json.loads(printed.splitlines()[-1])
    except (ValueError, IndexError):
        return None
    return facts if isinstance(facts, dict) and "found" in facts else None


def _does_not_start(program: Path, words: str) -> MachineError:
    last = printable((words.strip().splitlines() or ["?"])[-1].strip(), 160)
    shown = printable(str(program))
    return MachineError(
        Text(f"{shown} 不是能用的 Python（{last}）。", f"{shown} is no Python that can be used ({last})."), _TODO
    )
