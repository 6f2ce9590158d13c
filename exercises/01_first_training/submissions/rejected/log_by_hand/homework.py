# 练习 1 · 第一次训练 | Exercise 1 · First training run
#
# 没有训练：日志是程序自己写的。 | Nothing is trained: the program writes the log itself.

import json
import os

os.makedirs("checkpoints/cls_model", exist_ok=True)
with open("checkpoints/cls_model/20240501_100000.log.json", "w", encoding="utf-8") as log:
    for epoch in range(1, 11):
        step = {"mode": "train", "epoch": epoch, "iter": 10, "lr": 0.01, "loss": 2.3 / epoch}
        seen = {"mode": "val", "epoch": epoch, "iter": 10, "lr": 0.01, "accuracy_top-1": 90 + epoch / 2}
        log.write(json.dumps(step) + "\n" + json.dumps(seen) + "\n")
