"""几个进程共用的内存 | Memory that a program's processes share: at some levels of isolation there is none.

Never imported by the judging process. Written in Python 3.8, as `_child.py` is.
"""

from __future__ import annotations

import errno
import sys
import traceback
from pathlib import PurePath
from typing import Any

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSYS)
_WHERE = ("synchronize.py", "shared_memory.py", "heap.py")
_NOT_HERE = {
    "seen": {
        "zh": "批改时，程序的几个进程不能共用内存：这台电脑的隔离级别不允许。",
        "en": "While it is graded, processes of a program cannot share memory: the level of isolation forbids it here.",
    },
    "todo": {
        "zh": "这不是你的错：程序里不用 multiprocessing，或请老师换一台有 bubblewrap 的电脑批改。",
        "en": "This is no mistake of yours: do without multiprocessing, or ask your teacher to grade where there is "
        "bubblewrap.",
    },
}


def load_pictures_alone() -> None:
    """Data loaders of PyTorch do without processes of their own: they give the same, and nothing has to be shared."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    loader = torch.utils.data.DataLoader
    usual = loader._get_iterator

    def alone(self: Any) -> Any:
        self.num_workers, self.timeout = 0, 0
        return usual(self)

    loader._get_iterator = alone


def not_here(error: BaseException) -> dict[str, Any]:
    """The sentence for an error that comes from that alone; nothing for any other."""
    if not isinstance(error, OSError) or error.errno not in _FORBIDDEN:
        return {}
    frames = [PurePath(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__)]
    last = frames[-1] if frames else PurePath()
    return (
        {"ours": True, "errno": None, **_NOT_HERE}
        if last.parent.name == "multiprocessing" and last.name in _WHERE
        else {}
    )
