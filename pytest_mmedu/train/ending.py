"""训练中断 | How a training ends that could not go on: whatever mmcls raises, told in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pytest_mmedu.errors import MMEduError, ParameterError, TrainingError
from pytest_mmedu.text import Text, printable


@contextmanager
def said_in_a_sentence() -> Iterator[None]:
    """Errors of this kit and of the system go through; every other one becomes a TrainingError with it as its cause."""
    try:
        yield
    except (MMEduError, OSError):
        raise
    except Exception as error:
        raise _ended(error) from error


def _ended(error: Exception) -> MMEduError:
    why = printable(f"{type(error).__name__}: {error}".partition("\n")[0], 200)
    if "more than 1 value per channel" in why:
        seen = Text("这种网络一步至少要两张图。", "This network needs at least two pictures per step.")
        return ParameterError(seen, Text("请用大一些的批大小。", "Use a larger batch."))
    if "allocate memory" in why or "out of memory" in why:
        seen = Text("内存不够，训练中断。", "Out of memory; the training ended.")
        return TrainingError(seen, Text("请用小一些的批大小。", "Use a smaller batch."))
    return TrainingError(
        Text(f"训练中断（{why}）。", f"The training ended ({why})."),
        Text("请核对参数和数据集。", "Check the parameters and the data set."),
    )
