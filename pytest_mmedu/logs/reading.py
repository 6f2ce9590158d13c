"""读一份日志 | Reading one log: every line goes to the reader whose form it has, whatever the file is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.logs import bulk_json, json_lines, mmcv_json, note_texts, refusals
from pytest_mmedu.logs.builder import Builder
from pytest_mmedu.logs.dumped_config import DumpedConfig
from pytest_mmedu.logs.finish import finished
from pytest_mmedu.logs.log_file import Block, Source
from pytest_mmedu.logs.mmengine_json import MmengineJson
from pytest_mmedu.logs.spread_json import SpreadObject
from pytest_mmedu.logs.train_log import Format, TrainLog

if TYPE_CHECKING:
    from pytest_mmedu.logs.console_text import ConsoleText


def read_log(path: Path | str) -> TrainLog:
    """The log in a file. Raises LogError for what is no log: nothing there, a folder, a picture, other text."""
    path = Path(path)
    reading = _Reading()
    source = Source(path, reading.into.notes)
    for block in source.blocks():
        reading.block(block)
    reading.end()
    if not reading.is_log:
        raise refusals.no_log(path, *reading.first_text)
    return finished(reading.into, path.name, encoding=source.encoding, lines=source.lines, otherwise="mmcv text")


def from_records(records: Iterable[Mapping[str, Any]]) -> TrainLog:
    """The log that MMEdu's train() returned, a list of dicts; a record's line is its place in the list, from 1."""
    if isinstance(records, (str, bytes, Mapping)) or not isinstance(records, Iterable):
        raise refusals.no_list(records)
    reading, number = _Reading(), 0
    for number, record in enumerate(records, 1):
        reading.record(record if isinstance(record, Mapping) else {"": record}, number, "records")
    return finished(reading.into, "train()", encoding="", lines=number, otherwise="records")


class _Reading:
    """The readers of all formats side by side; what spans several lines is kept in the three gatherers."""

    def __init__(self) -> None:
        self.into = Builder()
        self.first_text = (1, "")
        self._mmengine, self._config, self._spread = MmengineJson(), DumpedConfig(), SpreadObject()

    @property
    def is_log(self) -> bool:
        """A dumped config alone is none: that is a config file."""
        return bool(self.into.formats)

    def block(self, block: Block) -> None:
        text = block.text.replace("\r\n", "\n").removesuffix("\r") if "\r" in block.text else block.text
        rest = None
        if block.whole and not (self._spread.inside or "\r" in text):
            rest = bulk_json.take(text, block.line, self.into)
            rest = self._bulk_text(text, block.line) if rest is None else rest
        lines = list(enumerate(text.split("\n"), block.line)) if rest is None else rest
        for number, line in lines:
            self.line(line, number, whole=block.whole or number < lines[-1][0])

    def _bulk_text(self, text: str, line: int) -> bulk_json.Rest | None:
        if text.startswith("{"):
            return None
        from pytest_mmedu.logs import bulk_text

        return bulk_text.take(text, line, self.into)

    def end(self) -> None:
        if self._spread.inside:
            self.into.notes.add("cut off", self._spread.line, note_texts.cut_off(self._spread.first))
        self.into.dumped = self._config.found

    def line(self, text: str, line: int, *, whole: bool = True) -> None:
        if "\0" in text:
            self.into.notes.add("nul bytes", line, note_texts.nul_bytes())
            text = text.replace("\0", "")
        if "\x1b" in text:
            from pytest_mmedu.logs.console_line import without_colours

            text = without_colours(text)
        parts = text.split("\r") if "\r" in text else [text]
        for i, part in enumerate(parts, 1):
            if part := part.strip("\ufeff \t\b\f"):
                self._note_start(line, part)
                self._part(part, line, whole or i < len(parts))

    def _note_start(self, line: int, text: str) -> None:
        if not self.first_text[1]:
            self.first_text = (line, text)

    def _part(self, text: str, line: int, whole: bool) -> None:
        if self._spread.inside and self._goes_on(text):
            return
        if text[0] in "{[" and json_lines.begins(text):
            if not self._spread.begin(text, line):
                self._json(text, line, whole)
        elif text[0] == '"' and (inner := _text_of(text)) is not None:
            for piece in inner.split("\n"):
                self.line(piece, line)
        else:
            self._console.take(text, line, whole)

    def _goes_on(self, text: str) -> bool:
        """Takes a line of an object that is spread over several."""
        first, began = self._spread.first, self._spread.line
        if not self._spread.goes_on(text):
            if first != "{":
                self.into.notes.add("not json", began, note_texts.not_json(note_texts.NEVER_CLOSED))
            return False
        if self._spread.closed:
            found = self._spread.whole()
            if found is None:
                self.into.notes.add("not json", began, note_texts.not_json(note_texts.NEVER_CLOSED))
            else:
                self.record(found, began, "records")
        return True

    def _json(self, text: str, line: int, whole: bool) -> None:
        for record in json_lines.objects(text, line, self.into.notes, whole=whole):
            self.record(record, line, "records" if text[0] == "[" else "mmcv json")

    def record(self, record: Mapping[str, Any], line: int, format_: Format = "mmcv json") -> None:
        """Takes one JSON object of any of the formats; a printed dict may have keys that are no text."""
        into, record = self.into, {key: value for key, value in record.items() if isinstance(key, str)}
        if mmcv_json.read(record, line, into, format_) or self._mmengine.read(record, line, into):
            return
        if isinstance(record.get("cells"), list):
            self._notebook(record, line)
        elif mmcv_json.is_meta(record):
            into.add_meta(record, line)
            for text in str(record.get("config", "")).split("\n"):
                self._config.feed(text)
            self._config.give_up()
        else:
            self._result(record, line)

    def _notebook(self, document: Mapping[str, Any], line: int) -> None:
        from pytest_mmedu.logs import notebook_text

        for text in notebook_text.outputs(document):
            self.line(text, line)

    def _result(self, record: Mapping[str, Any], line: int) -> None:
        from pytest_mmedu.logs import result_json

        if not result_json.read(record, line, self.into):
            self.into.notes.add("not a record", line, note_texts.not_a_record())

    @cached_property
    def _console(self) -> ConsoleText:
        """Half of the readers, and a JSON log needs none of them."""
        from pytest_mmedu.logs.console_text import ConsoleText

        return ConsoleText(self.into, self._config, self._json)


def _text_of(line: str) -> str | None:
    """What a line of a notebook's file prints, None where it is no such line."""
    from pytest_mmedu.logs import notebook_text

    return notebook_text.text_of(line)
