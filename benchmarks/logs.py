"""日志读取的速度和内存 | How fast logs are read, and in how much memory, beside what any reading must cost.

    python benchmarks/logs.py [records]

A run of 1,000,000 records is written in both forms of mmcv 1.x. Speeds are medians of CPU time over interleaved
rounds, so that a busy machine slows both sides alike; each peak of memory is taken in a process of its own.

json   against a bare `for line in file: json.loads(line)` loop that keeps nothing
text   against one compiled regular expression searched in every line, and in MB/s
memory against a reading that keeps only loss and accuracy as arrays
"""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

RECORDS = 1_000_000
ROUNDS = 5
PER_EPOCH = 1000
LINE = re.compile(r"Epoch \[(\d+)\]\[(\d+)/(\d+)\]\tlr: (\S+), eta: (.+?), time: (\S+), data_time: (\S+), loss: (\S+)")


def rows(records: int) -> Iterator[tuple[int, int, float, float, float]]:
    """Epoch, iteration, time, data time, loss: noisy as in real runs."""
    dice = random.Random(0)
    for i in range(records):
        falling = 2.3 / (1 + i / records * 20)
        times = (0.05 + dice.random() / 10, dice.random() / 50)
        yield i // PER_EPOCH + 1, (i % PER_EPOCH + 1) * 10, *times, falling * (0.8 + 0.4 * dice.random())


def write(folder: Path, records: int) -> tuple[Path, Path]:
    as_json, as_text = folder / "run.log.json", folder / "run.log"
    with as_json.open("w", encoding="utf-8") as first, as_text.open("w", encoding="utf-8") as second:
        first.write('{"env_info": "benchmark", "hook_msgs": {}}\n')
        for epoch, iteration, seconds, data, loss in rows(records):
            record = {"mode": "train", "epoch": epoch, "iter": iteration, "lr": 0.01, "memory": 836}
            record |= {"data_time": round(data, 5), "loss": round(loss, 5), "time": round(seconds, 5)}
            first.write(json.dumps(record) + "\n")
            second.write(
                f"2026-01-01 00:00:00,000 - mmcls - INFO - Epoch [{epoch}][{iteration}/{PER_EPOCH * 10}]\t"
                f"lr: 1.000e-02, eta: 0:10:00, time: {seconds:.3f}, data_time: {data:.3f}, loss: {loss:.4f}\n"
            )
            if iteration == PER_EPOCH * 10:
                first.write(f'{{"mode": "val", "epoch": {epoch}, "iter": 18, "lr": 0.01, "accuracy_top-1": 90.25}}\n')
                second.write(
                    f"2026-01-01 00:00:00,000 - mmcls - INFO - Epoch(val) [{epoch}][18]\taccuracy_top-1: 90.2500\n"
                )
    return as_json, as_text


def read_ours(path: Path) -> object:
    from pytest_mmedu.logs import read_log

    return read_log(path)


def read_bare(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for line in file:
            json.loads(line)


def read_regex(path: Path) -> None:
    search = LINE.search
    with path.open(encoding="utf-8") as file:
        for line in file:
            search(line)


def read_two_arrays(path: Path) -> tuple[array[float], array[float]]:
    loss, accuracy = array("d"), array("d")
    with path.open(encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            if record.get("mode") == "train":
                loss.append(record["loss"])
            elif record.get("mode") == "val":
                accuracy.append(record["accuracy_top-1"])
    return loss, accuracy


READERS: dict[str, Callable[[Path], object]] = {
    "ours": read_ours,
    "bare": read_bare,
    "regex": read_regex,
    "two arrays": read_two_arrays,
}


def seconds(reader: str, path: Path) -> float:
    start = time.process_time()
    READERS[reader](path)
    return time.process_time() - start


def peak_mb(reader: str, path: Path) -> float:
    """The peak of a fresh process, in MB (of 10**6 bytes)."""
    command = [sys.executable, __file__, "--peak", reader, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout) / 1e6


def print_peak(reader: str, path: Path) -> None:
    kept = READERS[reader](path)
    print(own_peak())
    del kept


def own_peak() -> int:
    """Bytes. On Linux not by getrusage, whose figure begins with that of the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())[0]) * 1024
    import psutil

    memory = psutil.Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))


def compare(path: Path, other: str) -> tuple[float, float, float]:
    """Median seconds of ours and of the other reader, and the median of the rounds' ratios."""
    pairs = [(seconds("ours", path), seconds(other, path)) for _ in range(ROUNDS)]
    ours, others = (statistics.median(column) for column in zip(*pairs, strict=True))
    return ours, others, statistics.median(theirs / own for own, theirs in pairs)


def main(records: int = RECORDS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        as_json, as_text = write(Path(folder), records)
        ours, bare, ratio = compare(as_json, "bare")
        print(
            f"json    {records:,} records  ours {ours:.2f} s  bare json.loads {bare:.2f} s  speed {ratio:.2f} of bare"
        )
        ours, regex, ratio = compare(as_text, "regex")
        rate = as_text.stat().st_size / 1e6 / ours
        print(f"text    {rate:.0f} MB/s  ours {ours:.2f} s  one regex {regex:.2f} s  speed {ratio:.2f} of the regex")
        own, least = (peak_mb(reader, as_json) for reader in ("ours", "two arrays"))
        print(f"memory  json: ours {own:.1f} MB  two arrays {least:.1f} MB  ratio {own / least:.2f}")
        print(f"memory  text: ours {peak_mb('ours', as_text):.1f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--peak"]:
        print_peak(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else RECORDS)
