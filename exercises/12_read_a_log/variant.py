"""12 号练习的变式 | Variants of exercise 12: a training of the student's own, as screen and log file show it."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, exp, log

EVERY = 10  # batches from one record to the next


@dataclass(frozen=True)
class Record:
    """One record of the training, with all decimals. `passed` is the time since its start, `left` that to its end."""

    epoch: int
    batch: int
    lr: float
    time: float
    data_time: float
    loss: float
    passed: float
    left: float
    memory: int | None


class Training:
    """It learns until its best epoch; after that nothing but the loss gets better."""

    def __init__(self, variant):
        self.variant = variant
        self.epochs = variant.integer("epochs", 12, 18)
        self.best = variant.integer("best epoch", 5, self.epochs - 4)
        self.lower = variant.integer("lower lr from epoch", 4, self.epochs - 1)
        self.batches = variant.integer("batches", 61, 119)
        self.lr = variant.real("lr", 0.005, 0.06, digits=3)
        self.memory = variant.integer("memory", 1200, 5900)
        self.pictures = variant.choice("pictures", (200, 250, 400, 500))  # to validate on
        self.records = list(self._records())
        self.accuracies = [self._accuracy(epoch) for epoch in range(1, self.epochs + 1)]

    def of(self, epoch):
        return [record for record in self.records if record.epoch == epoch]

    def to_come(self, epoch, batch):
        """How many batches."""
        return (self.epochs - epoch + 1) * self.batches - batch

    def _records(self):
        """The time left is the mean time of a batch so far, for all batches to come."""
        usual, share = self.variant.real("time", 0.2, 0.6), self.variant.real("share of data", 0.1, 0.3)
        passed = timed = 0
        for epoch in range(1, self.epochs + 1):
            for batch in range(EVERY, self.batches + 1, EVERY):
                slow = self._chance("time", epoch, batch)
                waited = 0.05 if batch == EVERY else 0  # the first pictures of an epoch are slow to come
                time, data_time = usual * (1 + 0.08 * slow) + waited, usual * share * (1 + 0.2 * slow) + waited
                passed, timed = passed + EVERY * time, timed + EVERY
                lr = self.lr if epoch < self.lower else round(self.lr / 10, 6)
                left = passed / timed * self.to_come(epoch, batch)
                yield Record(epoch, batch, lr, time, data_time, self._loss(epoch, batch), passed, left, self.memory)

    def _loss(self, epoch, batch):
        part = 1 - self.to_come(epoch, batch) / (self.epochs * self.batches)
        level = log(self.variant.integer("classes", 12, 40))
        falling = 0.02 + level * exp(-self.variant.real("speed", 3.5, 4.5) * part)
        return falling * (1 + 0.05 * self._chance("loss", epoch, batch))

    def _accuracy(self, epoch):
        """Top-1 and top-5 in percent: the best top-1 in one epoch alone, the best top-5 two epochs later."""
        best, lost = self.variant.real("best", 74, 92), self.variant.real("lost", 11, 15)
        chance = self._chance("accuracy", epoch)
        if epoch <= self.best:
            rising = best * (1 - 0.7 * exp(-3.5 * epoch / self.best)) + chance
            top1 = best if epoch == self.best else min(rising, best - 0.3 - 0.8 * (self.best - epoch))
        else:
            top1 = best - 1.6 - lost * ((epoch - self.best) / (self.epochs - self.best)) ** 0.6 + 0.8 * chance
        top5 = 100 - 0.2 * (100 - best) if epoch == self.best + 2 else 100 - 0.35 * (100 - top1)
        return tuple(round(value * self.pictures / 100) * 100 / self.pictures for value in (top1, top5))

    def _chance(self, *name):
        """Between -1 and 1."""
        return self.variant.real(" ".join(map(str, name)), -1, 1)


def files(variant):
    training = Training(variant)
    return {
        "run.log": "".join(console(training)),
        "run.log.json": "".join(f"{json.dumps(row)}\n" for row in rows(training)),
        "one_line.log": train_line(training, one_record(training)),
        "computers.log": "".join(train_line(training, record) for _, record in computers(training)),
    }


def answers(variant):
    training = Training(variant)
    one, kinds = one_record(training), [kind for kind, _ in computers(training)]
    best = max(training.accuracies)
    return {
        "line_epoch": one.epoch,
        "line_batch": one.batch,
        "line_batches": training.batches,
        "line_lr": one.lr,
        "line_loss": round(one.loss, 4),
        "line_time": round(one.time, 3),
        "line_data_time": round(one.data_time, 3),
        "line_eta": int(one.left),
        "line_memory": one.memory,
        "run_epochs": training.epochs,
        "run_lower_lr": training.lower,
        "run_last_loss": round(training.records[-1].loss, 4),
        "run_best_accuracy": best[0],
        "run_stop_after": training.accuracies.index(best) + 1,
        "computer_without_gpu": kinds.index("no gpu") + 1,
        "computer_waiting": kinds.index("waiting") + 1,
    }


def one_record(training):
    epoch = training.variant.integer("epoch of the line", 2, training.epochs - 4)
    return training.variant.choice("batch of the line", training.of(epoch))


def computers(training):
    """What six computers show at one place: one has no GPU, one waits for its pictures most of the time."""
    variant = training.variant
    record = variant.choice("batch of the computers", training.of(2))
    usual = {"no gpu": 2.4, "slow gpu": 1.3, "waiting": 0.9}
    for number, kind in enumerate(variant.shuffled("computers", (*usual, "gpu", "gpu", "gpu"))):
        time = usual.get(kind, 0.4) * variant.real(f"time of computer {number}", 0.8, 1.2)
        low, high = (0.75, 0.9) if kind == "waiting" else (0.05, 0.3)
        yield (
            kind,
            replace(
                record,
                time=time,
                data_time=time * variant.real(f"share of computer {number}", low, high),
                left=time * training.to_come(record.epoch, record.batch),
                memory=None if kind == "no gpu" else variant.integer(f"memory of computer {number}", 1200, 5900),
            ),
        )


def console(training):
    for epoch, (top1, top5) in enumerate(training.accuracies, 1):
        for record in training.of(epoch):
            yield train_line(training, record)
        yield line(training, record, f"Saving checkpoint at {epoch} epochs")
        values = f"accuracy_top-1: {top1:.4f}, accuracy_top-5: {top5:.4f}"
        yield line(training, record, f"Epoch(val) [{epoch}][{ceil(training.pictures / 32)}]\t{values}")


def train_line(training, record):
    memory = "" if record.memory is None else f"memory: {record.memory}, "
    return line(
        training,
        record,
        f"Epoch [{record.epoch}][{record.batch}/{training.batches}]\tlr: {record.lr:.3e}, "
        f"eta: {timedelta(seconds=int(record.left))}, time: {record.time:.3f}, data_time: {record.data_time:.3f}, "
        f"{memory}loss: {record.loss:.4f}",
    )


def line(training, record, text):
    start = datetime(2026, 3, 2, 8) + timedelta(milliseconds=training.variant.integer("start", 0, 30_000_000))
    now = start + timedelta(seconds=record.passed)
    return f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d} - mmcls - INFO - {text}\n"


def rows(training):
    yield {"env_info": "CUDA available: True", "seed": training.variant.integer("seed", 1, 999), "hook_msgs": {}}
    for epoch, (top1, top5) in enumerate(training.accuracies, 1):
        for record in training.of(epoch):
            yield {
                "mode": "train",
                "epoch": epoch,
                "iter": record.batch,
                "lr": record.lr,
                "memory": record.memory,
                "data_time": round(record.data_time, 5),
                "loss": round(record.loss, 5),
                "time": round(record.time, 5),
            }
        batches = ceil(training.pictures / 32)
        values = {"accuracy_top-1": top1, "accuracy_top-5": top5}
        yield {"mode": "val", "epoch": epoch, "iter": batches, "lr": record.lr, **values}
