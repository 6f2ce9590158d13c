"""训练速度 | How fast a training is: this kit, stock mmcls, and a bare torch loop, interleaved in one run.

    python benchmarks/training.py            all cases, about five minutes on two cores
    python benchmarks/training.py --rounds 1 --case "LeNet 3"

All three train the same layers on the same pictures with the same optimizer, one thread, and validate after each epoch.
Kit and mmcls also decode the pictures, write logs and save a checkpoint per epoch; the bare loop starts from tensors
in memory and keeps nothing. Each round runs all three one after another, so that other load on the machine hits all
alike; figures are medians over the rounds. On a loaded machine the seconds of the processor (cpu) tell more than
those of the clock; mmcls spends most of its clock time asleep.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_mmedu import TrainParams
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.train import Settings, assembly, train
from pytest_mmedu.train.config import build_config
from pytest_mmedu.train.stack import ConfigDict, set_random_seed, torch
from pytest_mmedu.train.versions import versions

CASES = {
    "LeNet 3": TrainParams(backbone="LeNet", epochs=3, batch_size=16),
    "LeNet 10": TrainParams(backbone="LeNet", epochs=10, batch_size=16),
    "ResNet18 3": TrainParams(backbone="ResNet18", epochs=3, batch_size=16),
}
# For each round of the slow stock training the two quick ones run this often.
QUICK_RUNS = 3


def bare(params: TrainParams, tensors: dict[str, tuple[Any, Any]], config: dict[str, Any]) -> None:
    """What a person writes who knows torch: shuffle, forward, backward, step; then the accuracy."""
    torch.set_num_threads(1)
    torch.manual_seed(params.random_seed)
    model = assembly.network(config)
    optimizer = torch.optim.SGD(model.parameters(), lr=params.lr, momentum=0.9, weight_decay=params.weight_decay)
    (pictures, labels), (val_pictures, val_labels) = tensors["train"], tensors["val"]
    for _ in range(params.epochs):
        model.train()
        order = torch.randperm(len(pictures))
        for rows in order.split(params.batch_size or 32):
            loss = torch.nn.functional.cross_entropy(scores(model, pictures[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            parts = [scores(model, part).argmax(1) for part in val_pictures.split(params.batch_size or 32)]
        (torch.cat(parts) == val_labels).float().mean().item()


def scores(model: Any, pictures: Any) -> Any:
    """The layers alone, without mmcls's steps around them."""
    found = model.extract_feat(pictures)[-1]
    return model.head.fc(found) if hasattr(model.head, "fc") else found


def stock(params: TrainParams, config: dict[str, Any], folder: Path) -> None:
    """mmcls as its own script uses it."""
    from mmcls.apis import train_model
    from mmcls.datasets import build_dataset
    from mmcls.models import build_classifier

    torch.set_num_threads(1)
    cfg = ConfigDict({**config, "work_dir": str(folder), "device": "cpu"})
    set_random_seed(params.random_seed)
    model = build_classifier(cfg.model)
    model.init_weights()
    train_model(model, [build_dataset(cfg.data.train)], cfg, validate=True, device="cpu", meta={})


def tensors_of(config: dict[str, Any], images: ImageFolder) -> dict[str, tuple[Any, Any]]:
    """All pictures as mmcls prepares them, with their labels."""
    found = {}
    for part, split in (("train", "training_set"), ("val", "val_set")):
        samples = images.splits[split]
        loader = assembly.loader(config, part, samples, Settings())
        pictures = torch.stack([loader.dataset[index]["img"] for index in range(len(samples))])
        found[part] = (pictures, torch.tensor([sample.label for sample in samples]))
    return found


def measure(name: str, images: ImageFolder, rounds: int) -> tuple[dict[str, float], dict[str, float]]:
    """Median seconds by the clock and of the processor."""
    params, clock, cpu = CASES[name], defaultdict[str, list[float]](list), defaultdict[str, list[float]](list)
    with tempfile.TemporaryDirectory() as temporary:
        config = build_config(params, images, Settings(), Path(temporary))
        tensors = tensors_of(config, images)
        runs: dict[str, Callable[[Path], Any]] = {
            "bare": lambda _: bare(params, tensors, config),
            "kit": lambda folder: train(params, images, folder, settings=Settings(), watch=False),
            "stock": lambda folder: stock(params, build_config(params, images, Settings(), folder), folder),
        }
        order = [*("bare", "kit") * QUICK_RUNS, "stock"]
        for turn in range(rounds):
            for place, which in enumerate(order):
                began = time.perf_counter(), time.process_time()
                runs[which](Path(temporary, f"{turn}-{place}"))
                clock[which].append(time.perf_counter() - began[0])
                cpu[which].append(time.process_time() - began[1])
    return medians(clock), medians(cpu)


def medians(took: dict[str, list[float]]) -> dict[str, float]:
    return {which: statistics.median(seconds) for which, seconds in took.items()}


@contextmanager
def silent() -> Iterator[None]:
    """mmcls took hold of the console when it was imported: what it writes is stopped at the system's level."""
    sys.stdout.flush()
    kept, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept[0], 1)
        os.dup2(kept[1], 2)
        for descriptor in (*kept, nowhere):
            os.close(descriptor)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--case", choices=CASES, action="append")
    given = asked.parse_args()
    images = read_dataset(find_dataset("digits10"))
    with tempfile.TemporaryDirectory() as warm:  # the first optimizer imports half of torch
        train(TrainParams(epochs=1), images, Path(warm), watch=False)
    found = ", ".join(f"{name} {number}" for name, number in versions().items())
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores; {found}")
    print(f"digits10, batch 16, one thread, medians of {given.rounds} rounds (bare and kit {QUICK_RUNS} times each)\n")
    heads = ("bare", "kit", "mmcls", "kit/bare", "mmcls/kit", "cpu bare", "cpu kit", "kit/bare")
    print(f"{'epochs':<12}" + "".join(f"{head:>11}" for head in heads))
    for name in given.case or CASES:
        with silent():
            clock, cpu = measure(name, images, given.rounds)
        shown = [*clock.values(), clock["kit"] / clock["bare"], clock["stock"] / clock["kit"]]
        shown += [cpu["bare"], cpu["kit"], cpu["kit"] / cpu["bare"]]
        print(f"{name:<12}" + "".join(f"{value:>11.2f}" for value in shown), flush=True)


if __name__ == "__main__":
    main()
