"""重新评估的进程 | The process that looks at pictures with a stranger's weights. Never imported by the judging process.

    python -I -B -X utf8 _start.py pytest_mmedu.submission._evaluate <talk folder>

No code of the student's is in it, only his numbers. It is not told the labels: what it answers is which classes the
network sees in each picture and how sure it is; whether that is right only the judge can tell.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_TOP = 5


def main(talk_folder: str) -> None:
    talk = Path(talk_folder)
    job = json.loads((talk / "job.json").read_text("utf-8"))
    sys.path.extend(place for place in job["site_folders"] if place not in sys.path)
    from pytest_mmedu.submission._resources import set_limits
    from pytest_mmedu.submission._supervise import supervise

    set_limits(job["limits"])
    supervise()
    from pytest_mmedu.train import assembly, runner  # noqa: F401 - loading them is not on the evaluation's clock

    (talk / "started").touch()
    part = talk / "answer.part"
    part.write_text(json.dumps(_answer(job), allow_nan=False), "utf-8")
    part.replace(talk / "answer.json")


def _answer(job: dict[str, Any]) -> dict[str, Any]:
    """The first of the networks that these weights fit, and its ranking for each picture; None where none fits."""
    from pytest_mmedu.errors import CheckpointError
    from pytest_mmedu.params import TrainParams
    from pytest_mmedu.train.evaluation import load_network
    from pytest_mmedu.train.plain_weights import plain_weights
    from pytest_mmedu.train.settings import Settings

    weights, classes = Path(job["weights"]), [str(number) for number in range(job["classes"])]
    state, settings = plain_weights(weights), Settings(image_size=job["image_size"], cache_pictures=False)
    for name in job["networks"]:
        try:
            params = TrainParams(backbone=name)
            network = load_network(weights, classes, params=params, settings=settings, state=state)
        except CheckpointError:
            continue
        rows = network.scores([Path(picture) for picture in job["pictures"]])
        ranked = [_ranked(row) for row in rows]
        likely = [[min(row[one], 1.0) for one in first] for row, first in zip(rows, ranked)]  # noqa: B905 - same length
        return {"network": name, "ranked": ranked, "likely": likely}
    return {"network": None, "ranked": [], "likely": []}


def _ranked(row: tuple[float, ...]) -> list[int]:
    """The likeliest classes, the first one first; nothing where the network answers NaN."""
    if not all(value == value for value in row):
        return []
    return sorted(range(len(row)), key=lambda place: -row[place])[:_TOP]
