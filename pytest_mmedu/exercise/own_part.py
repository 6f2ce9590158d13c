"""学生自己的那一份 | The part of an exercise that one student got alone, as the tests ask for it while they judge."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VARIANT_FILE, VariantFile
from pytest_mmedu.text import Text, listing, printable


class OwnPart:
    """Of the exercise in `folder`, for `student` ("": the neutral one). Files are made once, below `scratch`.

    Where there is no variant.py, as in the folder that a student works in, the files are those that lie there.
    """

    def __init__(self, folder: Path, student: str, scratch: Path) -> None:
        self._folder, self._student, self._scratch = folder, student, scratch
        self._teachers = VariantFile(folder)

    @cached_property
    def variant(self) -> Variant:
        return Variant(load_exercise(self._folder).id, self._student)

    def file(self, name: str) -> Path:
        """The file that this student was given, whatever became of it since: made anew, where we can make it.

        Raises:
            ExerciseError: no such file is handed out.
        """
        path = self._made / name if self._teachers.exists else self._folder / name
        if path.is_file():
            return path
        names = listing(sorted(self._content)) if self._teachers.exists else Text("", "")
        shown = printable(name, 60)
        seen = Text(f"没有发给学生的文件 {shown}。", f"No file {shown} is handed out.")
        allowed = Text(f"有 {names.zh}。", f"There is {names.en}.") if names.zh else None
        raise ExerciseError(
            seen, Text("请核对名字。", "Check the name."), allowed=allowed, place=f"{self._folder.name}/{VARIANT_FILE}"
        )

    @cached_property
    def answers(self) -> Mapping[str, Any]:
        """What this student has to answer, as variant.py says.

        Raises:
            ExerciseError: there is no variant.py: a test that needs it belongs into hidden/.
        """
        if not self._teachers.exists:
            seen = Text("正确答案只在老师那里。", "The right answers are with the teacher alone.")
            todo = Text(
                "需要它的测试请放进 hidden 文件夹，不发给学生。",
                "A test that needs them belongs into the folder hidden, which students do not get.",
            )
            raise ExerciseError(seen, todo)
        return self._teachers.answers(self.variant)

    @cached_property
    def _content(self) -> Mapping[str, bytes]:
        return self._teachers.files(self.variant)

    @cached_property
    def _made(self) -> Path:
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        for name, content in self._content.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return folder
