"""一个训练进程 | A fresh process that trains together with others; its job comes from the one that started it.

python -I -B -X utf8 _start.py pytest_mmedu.train._rank
"""

from __future__ import annotations

import os
import pickle
import sys


def main() -> None:
    told = sys.stdin.buffer
    places, job = pickle.load(told)
    sys.path.extend(place for place in places if place not in sys.path)
    from pytest_mmedu.train.launching import stop_without
    from pytest_mmedu.train.processes import take_part

    stop_without(told.fileno())
    code = take_part(job)
    sys.stdout.flush()
    os._exit(code)
