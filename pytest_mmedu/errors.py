"""本工具的所有错误 | All errors of this kit.

    MMEduError
    ├── InputError               what somebody gave us cannot be used: theirs to mend
    │   ├── ParameterError       an argument of train() or of the model      (-202, -301, -302, -303, -501)
    │   ├── DatasetError         the image folder                            (-101, -201)
    │   ├── CheckpointError      a .pth file                                 (-102, -202)
    │   ├── ImageError           a picture given to inference                (-103, -203, -304)
    │   ├── StepError            a step before the one that it needs         (-601, -602)
    │   ├── LogError             a training log
    │   ├── SubmissionError      what a student handed in
    │   ├── ExerciseError        what a teacher wrote: exercise.toml, the test file
    │   └── OptionError          a setting of the command line, pytest.ini or the environment
    ├── TrainingError            a training that began and could not go on
    └── MachineError             ours or the machine's: never the student's fault
        ├── OutputError          a path that cannot be written, a full disk
        ├── CacheError           a run cache that cannot be used
        └── MissingPackageError  torch, mmcv, mmcls or another optional package is not installed

Each says what was seen, what is allowed, and what to do next, in both languages. `code` is the number
that the real MMEdu prints (`Error Code: -301. ...`), which students look up.
"""

from __future__ import annotations

from typing import Any

from pytest_mmedu.text import Text


class MMEduError(Exception):
    """`seen`: what was found. `todo`: the next step. `allowed`: what would be right. `place`: file:line."""

    def __init__(
        self,
        seen: Text,
        todo: Text,
        *,
        allowed: Text | None = None,
        code: int | None = None,
        place: str | None = None,
    ) -> None:
        self.seen, self.todo, self.allowed, self.code, self.place = seen, todo, allowed, code, place
        super().__init__(str(self))

    @property
    def text(self) -> Text:
        """The whole message, each part a sentence of its own."""
        parts = (self.seen, self.allowed, self.todo)
        whole = Text("", "")
        for part in parts:
            if part is not None:
                whole = _apart(whole) + part
        return whole

    def __str__(self) -> str:
        number = "" if self.code is None else f"Error Code: {self.code}. "
        place = "" if self.place is None else f"{self.place}: "
        return f"{place}{number}{self.text}"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.seen, self.todo, self.allowed, self.code, self.place)


def _apart(before: Text) -> Text:
    """What ends with code and not with a full stop is kept apart from what follows it, in Chinese as well."""
    return Text(f"{before.zh} ", before.en) if before.zh and before.zh[-1] not in "。？！：；" else before


def _rebuild(
    kind: type[MMEduError],
    seen: Text,
    todo: Text,
    allowed: Text | None,
    code: int | None,
    place: str | None,
) -> MMEduError:
    return kind(seen, todo, allowed=allowed, code=code, place=place)


class InputError(MMEduError):
    """给的东西不能用 | What was given cannot be used."""


class ParameterError(InputError):
    """参数不对 | An argument of train() or of the model is wrong."""


class DatasetError(InputError):
    """数据集不对 | The image folder is wrong."""


class CheckpointError(InputError):
    """权重文件不对 | The checkpoint is wrong."""


class ImageError(InputError):
    """图片不对 | The picture is wrong."""


class StepError(InputError):
    """少了前一步 | A step before the one that it needs."""


class LogError(InputError):
    """日志读不了 | The training log cannot be read."""


class SubmissionError(InputError):
    """作业不对 | The submission cannot be used."""


class ExerciseError(InputError):
    """练习不对 | The exercise is wrong."""


class OptionError(InputError):
    """设置不对 | A setting is wrong."""


class TrainingError(MMEduError):
    """训练中断 | The training could not go on."""


class MachineError(MMEduError):
    """机器或本工具的问题 | The machine's or the kit's own fault."""


class OutputError(MachineError):
    """写不进去 | A path cannot be written."""


class CacheError(MachineError):
    """缓存不能用 | The run cache cannot be used."""


class MissingPackageError(MachineError):
    """缺少软件包 | A package is not installed."""
