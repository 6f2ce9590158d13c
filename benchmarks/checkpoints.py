"""陌生权重的代价 | What it takes to judge a checkpoint: time and memory of a process that reads it, honest or hostile.

    python benchmarks/checkpoints.py [--rounds 5]

Each file is read in a fresh process; medians of the time, the largest growth of its memory beyond what Python and the
kit take before. The last rows are the whole look with the weights: a process of its own that imports torch and sees
the pictures of shapes3, and the same from the cache.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pytest_mmedu.cache import RunCache  # noqa: E402
from pytest_mmedu.dataset import read_dataset  # noqa: E402
from pytest_mmedu.submission.evaluating import Evaluator  # noqa: E402
from pytest_mmedu.submission.isolation.boxes import Boxes  # noqa: E402
from pytest_mmedu.submission.plain_files import LARGEST_FILE  # noqa: E402
from tests.handmade import pickled, tensor, write_checkpoint, write_zip  # noqa: E402
from tests.robustness.cases_weights import BOMBS, CODE, WIDE, lenet  # noqa: E402
from tests.robustness.reading_alone import read  # noqa: E402

MB = 10**6


def large(megabytes: int) -> Callable[[Path, Path], object]:
    """As of a ResNet with its optimizer: weights, and twice as many numbers beside them."""
    count = megabytes * MB // 12
    root = {"state_dict": {"w": tensor("0", count, (count,))}, "optimizer": {"m": tensor("1", 2 * count, (2 * count,))}}
    return lambda path, _: write_zip(path, pickled(root), [bytes(4 * count), bytes(8 * count)])


FILES: Mapping[str, Callable[[Path, Path], object]] = {
    "honest LeNet": lambda path, _: write_checkpoint(path, lenet()),
    "honest, 100 MB": large(100),
    "honest, 300 MB": large(300),
    **{name: sent.make for name, sent in {**CODE, **BOMBS, **WIDE}.items()},
}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=5)
    rounds = asked.parse_args().rounds
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pth"
        for name, make in FILES.items():
            make(path, Path(folder) / "marker")
            took = [read(path) for _ in range(rounds)]
            grown = max(one.grown for one in took)
            worst = max(worst, grown)
            seconds = statistics.median(one.seconds for one in took)
            size, said = path.stat().st_size / MB, "read" if took[0].said.endswith(" numbers") else "refused"
            print(f"  {name:<34}{size:8.1f} MB  {said:<8}{seconds * 1000:8.1f} ms  +{grown / MB:6.1f} MB")
        print(f"largest growth / size cap of {LARGEST_FILE // MB} MB: {worst / LARGEST_FILE:.2f} (at most 1.20)")
        look(Path(folder))
    if worst > 1.2 * LARGEST_FILE:
        sys.exit("too much memory")


def look(folder: Path) -> None:
    """The judge's own evaluation, in the strongest box that holds here."""
    boxes = Boxes()
    boxes.strongest_box()
    weights = write_checkpoint(folder / "lenet.pth", lenet())
    evaluate = Evaluator(read_dataset("shapes3"), RunCache(folder / "cache"), boxes.strongest_box)
    for name in ("the look itself", "from the cache"):
        began = time.perf_counter()
        evaluate(weights, networks=["LeNet"], image_size=None, split="val_set")
        print(f"  {name:<34}{boxes.strongest().level:>11}  {(time.perf_counter() - began) * 1000:16.1f} ms")


if __name__ == "__main__":
    main()
