"""作业可以用多少 | How much a submission may use: the exercise sets it, the child process is held to it."""

from __future__ import annotations

from dataclasses import dataclass

_MOST_MEMORY_MB = 4096


@dataclass(frozen=True, slots=True)
class Budget:
    """None caps nothing.

    epochs     at most so many are trained; what was asked for is recorded as asked
    images     at most so many pictures of each split
    seconds    wall time of the student's program, counted from the moment the libraries are loaded
    memory_mb  resident memory of the program and all its children; without one, enough for any homework
    """

    epochs: int | None = None
    images: int | None = None
    seconds: float = 60.0
    memory_mb: int | None = None

    @property
    def most_memory_mb(self) -> int:
        """The machine is never given away whole."""
        return self.memory_mb or _MOST_MEMORY_MB
