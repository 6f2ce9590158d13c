"""读日志时的说明 | What was odd while a log was read, in a list that cannot grow without end."""

from __future__ import annotations

from typing import NamedTuple

from pytest_mmedu.text import Text

MOST_OF_A_KIND = 5


class Note(NamedTuple):
    """`kind` for a program ("cut off", "conflict markers", ...), `text` for a person, `line` where, if anywhere."""

    line: int | None
    kind: str
    text: Text


class Notes:
    """Collects notes; of one kind the first few are kept and the rest counted."""

    def __init__(self) -> None:
        self._kept: list[Note] = []
        self._counts: dict[str, int] = {}

    def add(self, kind: str, line: int | None, text: Text) -> None:
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count <= MOST_OF_A_KIND:
            self._kept.append(Note(line, kind, text))

    def count(self, kind: str) -> int:
        return self._counts.get(kind, 0)

    def all(self) -> tuple[Note, ...]:
        """First those about the whole file, then in the order of lines, at the end how many more there were."""
        more = [
            Note(None, kind, _more(kind, count - MOST_OF_A_KIND))
            for kind, count in self._counts.items()
            if count > MOST_OF_A_KIND
        ]
        return (*sorted(self._kept, key=lambda note: note.line or 0), *more)


def _more(kind: str, count: int) -> Text:
    name = _KINDS.get(kind, Text.same(kind))
    return Text(f"这类问题（{name.zh}）还有 {count} 处。", f"{count} more of this kind ({name.en}).")


_KINDS = {
    "not json": Text("不是 JSON 的行", "not JSON"),
    "not a record": Text("不是训练记录的 JSON", "JSON that is no record"),
    "duplicate key": Text("重复的键", "a key twice"),
    "unusable value": Text("不能用的值", "a value that cannot be used"),
    "no loss": Text("没有损失的记录", "records without a loss"),
    "long line": Text("过长的行", "lines too long"),
    "undecodable": Text("无法解码的字节", "bytes that cannot be decoded"),
    "conflict markers": Text("合并冲突标记", "merge conflict markers"),
    "traceback": Text("报错信息", "error messages"),
    "resumed": Text("接着训练", "resumed"),
    "nul bytes": Text("空字节", "NUL bytes"),
    "extra metric": Text("过多的指标", "too many metrics"),
    "lr groups": Text("多组学习率", "several learning rates"),
}
