"""程序的输出 | The program's output, read as it comes: its head and its tail are kept, the middle is counted."""

from __future__ import annotations

import threading
from typing import IO

_BLOCK = 1 << 16


class Output:
    """Of `shown` bytes of the head and of the tail each; more than `limit` in all is a flood."""

    def __init__(self, stream: IO[bytes], limit: int, shown: int) -> None:
        self._stream, self._limit, self._shown = stream, limit, shown
        self._head, self._tail, self._total = b"", b"", 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def flooded(self) -> bool:
        return self._total > self._limit

    def close(self) -> None:
        """A process that got away may hold the pipe open: it is not waited for."""
        self._reader.join(timeout=5)
        if not self._reader.is_alive():
            self._stream.close()

    def text(self) -> str:
        left_out = self._total - len(self._head) - len(self._tail)
        middle = f"\n[… {left_out} bytes …]\n".encode() if left_out else b""
        return (self._head + middle + self._tail).decode("utf-8", "replace")

    def _read(self) -> None:
        while block := self._stream.read1(_BLOCK):  # type: ignore[attr-defined]
            room = self._shown - len(self._head)
            self._head += block[:room]
            self._tail = (self._tail + block[room:])[-self._shown :]
            self._total += len(block)
            if self.flooded:
                return
