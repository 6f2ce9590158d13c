'''老师写的 variant.py | The teacher's variant.py: what is made for one student, and what that student has to answer.

    """12 号练习的变式 | Variants of exercise 12"""

    def files(variant):
        """Name -> content (text or bytes) of the files that this student gets besides those that all get."""
        return {"run.log.json": made_log(epochs=variant.integer("epochs", 8, 15))}

    def answers(variant):
        """Name -> value: what `pytest-mmedu variant` prints for the teacher, and tests in hidden/ may ask for."""
        return {"epochs": variant.integer("epochs", 8, 15)}

Both may be missing. It is the teacher's own code: the judge runs it, students never get it.
'''

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from pytest_mmedu.errors import ExerciseError, MMEduError
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.text import Text, printable

VARIANT_FILE = "variant.py"
# Names that every system takes, and that cannot lead out of the folder.
_NAME = re.compile(r'[^\s./\\:*?"<>|\0][^/\\:*?"<>|\0\r\n]*')
T = TypeVar("T")


@dataclass(frozen=True)
class VariantFile:
    """variant.py of the exercise in `folder`."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / VARIANT_FILE

    @property
    def exists(self) -> bool:
        return self.path.is_file()

    def files(self, variant: Variant) -> dict[str, bytes]:
        """The student's own files; none without variant.py or without its `files`.

        Raises:
            ExerciseError: variant.py cannot be run, or gives something that is no file.
        """
        made = self._call("files", variant)
        return {self._name(name): self._content(name, content) for name, content in made.items()}

    def answers(self, variant: Variant) -> dict[str, Any]:
        """What the student has to answer; nothing without variant.py or without its `answers`.

        Raises:
            ExerciseError: variant.py cannot be run, or gives no mapping.
        """
        return {str(name): value for name, value in self._call("answers", variant).items()}

    def _call(self, name: str, variant: Variant) -> Mapping[str, Any]:
        if not self.exists:
            return {}
        written: Callable[[Variant], Any] | None = self._run(lambda: getattr(self._module(), name, None))
        made = self._run(lambda: written(variant)) if written else {}
        if not isinstance(made, Mapping):
            shown = printable(repr(made), 60)
            raise self._mistake(
                Text(f"{name} 返回了 {shown}。", f"{name} returned {shown}."),
                Text("应返回一个字典：名字和内容。", "It returns a dict of names and contents."),
            )
        return made

    def _module(self) -> ModuleType:
        """Run anew each time, and nothing is left beside it: no __pycache__ in an exercise that is handed out."""
        module = ModuleType(f"mmedu_variant_of_{self.folder.name}")
        module.__file__ = str(self.path)
        sys.modules[module.__name__] = module  # dataclasses look their module up
        exec(compile(self.path.read_bytes(), str(self.path), "exec"), module.__dict__)
        return module

    def _run(self, work: Callable[[], T]) -> T:
        """The teacher's code; whatever it raises names its line in variant.py."""
        try:
            return work()
        except MMEduError:
            raise
        except Exception as error:
            lines = [one.lineno for one in traceback.extract_tb(error.__traceback__) if one.filename == str(self.path)]
            line = lines[-1] if lines else getattr(error, "lineno", None)
            what = printable(f"{type(error).__name__}: {error}")
            raise self._mistake(
                Text(f"{VARIANT_FILE} 出错：{what}。", f"{VARIANT_FILE} failed: {what}."),
                Text("请先让它能运行。", "Make it run first."),
                line,
            ) from error

    def _name(self, name: Any) -> str:
        """`run.log.json` or `logs/run.log.json`."""
        parts = str(name).split("/")
        if not isinstance(name, str) or not all(_NAME.fullmatch(part) for part in parts):
            shown = printable(repr(name), 60)
            raise self._mistake(
                Text(f"files 给出的文件名是 {shown}。", f"files gives a file the name {shown}."),
                Text("请用相对的名字，如 logs/run.log.json。", "Use a relative name such as logs/run.log.json."),
            )
        return name

    def _content(self, name: str, content: Any) -> bytes:
        if isinstance(content, str):
            return content.encode("utf-8")
        if isinstance(content, bytes):
            return content
        shown = printable(type(content).__name__, 40)
        raise self._mistake(
            Text(f"files 给 {name} 的内容是 {shown}。", f"files gives {name} the content {shown}."),
            Text("内容应为 str 或 bytes。", "The content is a str or bytes."),
        )

    def _mistake(self, seen: Text, todo: Text, line: int | None = None) -> ExerciseError:
        place = f"{self.folder.name}/{VARIANT_FILE}"
        return ExerciseError(seen, todo, place=place if line is None else f"{place}:{line}")
