"""13 号练习的变式 | Variants of exercise 13: five trainings of the ten digits, each with another mistake."""

import json
from math import exp, inf, log, nan

LOGS = 5
GUESSING, PICTURES = log(10), 320  # the loss of guessing, and how many pictures there are to train on
CHANGES = {
    "lr too large": "lower lr",
    "lr too small": "raise lr",
    "too few epochs": "raise epochs",
    "too many epochs": "lower epochs",
    "batch too large": "lower batch_size",
    "wrong labels": "check the dataset",
}


class Training:
    """The training in the log of this number. `part` is how much of it is over, from 0 to 1."""

    def __init__(self, variant, number, mistake):
        self.variant, self.number, self.mistake = variant, number, mistake
        few, many = {"too few epochs": (2, 3), "too many epochs": (24, 36), "lr too large": (6, 10)}.get(
            mistake, (14, 22)
        )
        self.epochs = self.integer("epochs", few, many)
        self.lr = self.real("lr", 0.02, 0.06, 3)
        if mistake == "lr too large":
            self.lr = self.real("large lr", 1, 5, 1)
        elif mistake == "lr too small":
            self.lr = self.integer("small lr", 1, 5) / 100_000
        self.batch = PICTURES if mistake == "batch too large" else self.choice("batch", (8, 16))

    def loss(self, part, at):
        noise = self.real(f"loss {at}", -1, 1)
        if self.mistake == "lr too large":
            broken = part >= self.real("broken", 0.45, 0.7)
            return nan if broken else GUESSING * exp(self.real("growth", 4, 6) * part) * (1 + 0.2 * noise)
        if self.mistake == "lr too small":
            return GUESSING * (1 - self.real("hardly", 0.001, 0.004) * part) + 0.002 * noise
        if self.mistake == "too few epochs":
            return GUESSING * (1 - self.real("begun", 0.28, 0.36) * part) * (1 + 0.01 * noise)
        return (0.03 + GUESSING * exp(-self.real("speed", 3.5, 4.5) * part)) * (1 + 0.08 * noise)

    def accuracy(self, epoch):
        """Top-1 in percent of 100 pictures."""
        part, noise = epoch / self.epochs, self.integer(f"accuracy {epoch}", -2, 2)
        if self.mistake == "lr too large":
            return 10 if self.loss(part, 0) < inf else 0  # the network says the same for every picture, then nothing
        if self.mistake in ("lr too small", "wrong labels"):
            return self.integer("chance", 9, 11) + noise
        if self.mistake == "too few epochs":
            return round(self.real("reached", 48, 58) * part) + noise
        if self.mistake == "batch too large":
            return round(10 + self.real("reached", 14, 22) * part) + noise
        best, turn = self.integer("best", 84, 92), self.real("turn", 0.25, 0.4)
        if part <= turn:
            return round(best * (1 - 0.75 * exp(-4 * part / turn))) + noise
        return round(best - self.integer("lost", 20, 28) * (part - turn) / (1 - turn)) + noise

    def integer(self, name, low, high):
        return self.variant.integer(f"{self.number} {name}", low, high)

    def real(self, name, low, high, digits=None):
        return self.variant.real(f"{self.number} {name}", low, high, digits)

    def choice(self, name, options):
        return self.variant.choice(f"{self.number} {name}", options)

    def rows(self):
        yield {
            "tool": "MMEdu2.0.0",
            "task": "Classification",
            "backbone": "LeNet",
            "device": "cpu",
            "dataset_size": PICTURES,
            "learning_rate": self.lr,
            "hook_msgs": {},
        }
        steps = PICTURES // self.batch
        for epoch in range(1, self.epochs + 1):
            for step in range(10, steps + 1, 10):  # an epoch of fewer steps leaves no record
                at = (epoch - 1) * steps + step
                time = self.real(f"time {at}", 0.004, 0.007, 5)
                data_time = self.real(f"data_time {at}", 0.001, 0.003, 5)
                loss = round(self.loss(at / (self.epochs * steps), at), 5)
                row = {"mode": "train", "epoch": epoch, "iter": step, "lr": self.lr}
                yield {**row, "data_time": data_time, "loss": loss, "time": time}
            yield {
                "mode": "val",
                "epoch": epoch,
                "iter": -(-100 // self.batch),
                "lr": self.lr,
                **self.accuracies(epoch),
            }

    def accuracies(self, epoch):
        top1 = self.accuracy(epoch)
        top5 = round(100 - 50 * ((100 - top1) / 90) ** 1.6)  # 50 where top-1 is at guessing, 10
        return {"accuracy_top-1": float(top1), "accuracy_top-5": float(top5 if top1 else 0)}


def mistakes(variant):
    return variant.sample("mistakes", [*CHANGES], LOGS)


def files(variant):
    trainings = {number: Training(variant, number, one) for number, one in enumerate(mistakes(variant), 1)}
    return {f"{n}.log.json": "".join(f"{json.dumps(row)}\n" for row in one.rows()) for n, one in trainings.items()}


def answers(variant):
    found = {}
    for number, mistake in enumerate(mistakes(variant), 1):
        found |= {f"cause_{number}": mistake, f"change_{number}": CHANGES[mistake]}
    return found
