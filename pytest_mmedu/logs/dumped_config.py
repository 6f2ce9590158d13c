"""日志里的配置 | The config that a log dumps: `model = dict(...)` over many lines, gathered and read as plain data."""

from __future__ import annotations

import re
from typing import Any

from pytest_mmedu.logs import literals

_NAMES = frozenset(
    "model data optimizer optimizer_config lr_config runner evaluation log_config checkpoint_config load_from "
    "resume_from resume work_dir seed total_epochs train_cfg val_cfg val_evaluator test_evaluator param_scheduler "
    "default_hooks custom_hooks optim_wrapper auto_scale_lr train_dataloader val_dataloader test_dataloader "
    "dataset_type data_preprocessor device gpu_ids randomness workflow work_dirs".split()
)
_START = re.compile(r"([a-z_]{2,20}) = (?=\S)")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*(?:'|$)|\"(?:[^\"\\]|\\.)*(?:\"|$)")  # also one that is never closed
_LONGEST = 1 << 17


class DumpedConfig:
    """Takes line after line; `found` holds the statements read so far, the last of each name."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self._name = ""
        self._lines: list[str] = []
        self._open = self._size = 0

    @property
    def inside(self) -> bool:
        return bool(self._lines)

    def feed(self, text: str) -> bool:
        """Takes a line of the dump; False if it is none."""
        if not self.inside:
            start = _START.match(text)
            if start is None or start[1] not in _NAMES:
                return False
            self._name, text = start[1], text[start.end() :]
        self._size += len(text)
        if self._size > _LONGEST:
            self.give_up()
            return True
        plain = _STRING.sub("", text)
        self._open += sum(map(plain.count, "([{")) - sum(map(plain.count, ")]}"))
        self._lines.append(text)
        if self._open <= 0:
            self._read("\n".join(self._lines))
            self.give_up()
        return True

    def give_up(self) -> None:
        """Forgets an unfinished statement."""
        self._lines, self._open, self._size = [], 0, 0

    def _read(self, text: str) -> None:
        try:
            self.found[self._name] = literals.parse(text)
        except literals.NotLiteral:
            return
