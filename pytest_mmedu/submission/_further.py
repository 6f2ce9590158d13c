"""又一个进程 | Another process of a student's program that wants MMEdu: it gets the one that the program itself has.

Never imported by the judging process. Written in Python 3.8, as `_child.py` is.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

_FOLDER = str(Path(__file__).with_name("own_processes"))


def main(talk_folder: str) -> None:
    from pytest_mmedu.submission import _child

    talk = Path(talk_folder)
    job = json.loads((talk / "job.json").read_text("utf-8"))
    _child.make_ready(talk, job)


def make_known(talk: Path) -> None:
    """Whatever Python this process starts finds MMEdu, and "python" is this one."""
    os.environ.update(MMEDU_TALK=str(talk), PYTHONPATH=_FOLDER)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    sys.path.append(_FOLDER)  # what multiprocessing starts is handed this path, and reads no environment
