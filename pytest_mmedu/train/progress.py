"""进度条 | A progress bar for a person who watches."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pytest_mmedu.train.stack import Hook


class ProgressHook(Hook):  # type: ignore[misc]
    """One bar over all steps, with the epoch, the loss and the last validation beside it; on stderr."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True), transient=False)
        self._task = self._bar.add_task("", total=None)
        self._measured = ""

    def before_run(self, runner: Any) -> None:
        self._bar.update(self._task, total=runner.max_iters, completed=runner.iter)
        self._bar.start()

    def after_train_iter(self, runner: Any) -> None:
        loss = runner.outputs["log_vars"].get("loss", float("nan"))
        said = f"{runner.epoch + 1}/{runner.max_epochs}  loss {loss:.4f}{self._measured}"
        self._bar.update(self._task, advance=1, description=said)

    def after_train_epoch(self, runner: Any) -> None:
        """Runs after the evaluation: its numbers are in the buffer until the text logger empties it."""
        found = runner.log_buffer.output
        named = [name for name in found if name.startswith(("accuracy", "precision", "recall", "f1_score"))]
        if named:
            self._measured = f"  {named[0]} {found[named[0]]:.1f}"

    def after_run(self, runner: Any) -> None:
        self.close()

    def close(self) -> None:
        """Also called where the training ends early, so that the terminal gets its cursor back."""
        self._bar.stop()
