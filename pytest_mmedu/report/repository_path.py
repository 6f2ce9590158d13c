"""仓库里的路径 | Where a file of the submission lies in the student's repository, for marks on files and lines."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


def finder(submission: Path) -> Callable[[str], str | None]:
    """Looks up a name that a place begins with: `homework.py` is `exercises/01/homework.py` in the repository.

    None for a file that was not handed in, a log of the training that has just run, for example. The repository is the
    one that GitHub Actions checked out, elsewhere the folder we are in.
    """
    folder = submission if submission.is_dir() else submission.parent
    repository = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()

    def find(name: str) -> str | None:
        try:
            path = (folder / name).resolve()
            return path.relative_to(repository).as_posix() if path.is_file() else None
        except (OSError, ValueError):  # a name that no file can have, or one outside
            return None

    return find
