"""控制台里的文字 | Lines of console text and of prose, each to the reader whose form it has."""

from __future__ import annotations

import re
from collections.abc import Callable

from pytest_mmedu.logs import console_line, mmcv_text, mmengine_text, note_texts, torn
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.dumped_config import DumpedConfig

_LOGGER = re.compile(r" - (mmcls|mmcv|mmengine|mmpretrain) - \S{0,12}(?:INFO|WARNING|ERROR)", re.IGNORECASE)
_ERROR = re.compile(r"[A-Za-z_][\w.]{0,100}(?:Error|Exception|Interrupt|Exit)\b")
_QUOTED_RECORD = re.compile(r"""[\[{]\s*(?:'mode'|"mode"|'step'|"step"|"accuracy)""")
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")

TakeJson = Callable[[str, int, bool], None]  # the text, the number of its line, whether the line is whole


class ConsoleText:
    """What spans several lines is kept here; `take_json` gets the records that somebody printed."""

    def __init__(self, into: Builder, config: DumpedConfig, take_json: TakeJson) -> None:
        self._into, self._config, self._json = into, config, take_json
        self._best = mmcv_text.BestLines()
        self._in_traceback = False

    def take(self, text: str, line: int, whole: bool) -> None:
        """Takes a line of console text or of prose."""
        if not whole and self._into.formats and torn.is_torn(text):
            self._into.notes.add("cut off", line, note_texts.cut_off(text))
        elif ("Epoch" in text or "Iter" in text) and self._records(text, line, whole):
            self._config.give_up()
        elif self._config.inside and _LOGGER.search(text) is None:
            self._config.feed(text)
        elif "est" in text and self._best_line(text, line):
            return
        elif "{" in text and (found := _QUOTED_RECORD.search(text)):
            self._json(text[found.start() :], line, whole)
        elif not self._config.feed(text):
            self._prose(text, line)

    def _records(self, text: str, line: int, whole: bool) -> bool:
        """Takes the records of a line; False if it has none."""
        taken = False
        for record in console_line.records(text, line, whole=whole):
            taken = mmcv_text.read(record, self._into) or mmengine_text.read(record, self._into) or taken
            if record.cut:
                self._into.notes.add("cut off", line, note_texts.cut_off(text))
        if not whole and console_line.is_unfinished(text):
            self._into.notes.add("cut off", line, note_texts.cut_off(text))
        return taken

    def _best_line(self, text: str, line: int) -> bool:
        return self._best.read(text, line, self._into) or mmengine_text.best_line(text, line, self._into)

    def _prose(self, text: str, line: int) -> None:
        """Lines that hold no record but say something about the file."""
        if text.startswith(_CONFLICT):
            self._into.notes.add("conflict markers", line, note_texts.conflict(text))
        elif text.startswith("Traceback (most recent call last)"):
            self._in_traceback = True
        elif self._in_traceback and _ERROR.match(text):
            self._into.notes.add("traceback", line, note_texts.traceback(text))
            self._in_traceback = False
        elif not self._into.formats and (logger := _LOGGER.search(text)):
            self._into.hint("mmcv text" if logger[1].lower() in ("mmcls", "mmcv") else "mmengine text")
