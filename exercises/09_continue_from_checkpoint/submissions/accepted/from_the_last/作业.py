# 陈晓雨 高一（2）班
import os

import MMEdu

FIRST, SECOND = "runs/a", "runs/b"
common = dict(batch_size=16, random_seed=4, topk=1)


def make(fold):
    net = MMEdu.MMClassification(backbone="LeNet", num_classes=10)
    net.load_dataset("digits10")
    net.save_fold = fold
    return net


make(FIRST).train(epochs=3, lr=0.05, **common)
last = os.path.join(os.getcwd(), FIRST, "latest.pth")
make(SECOND).train(epochs=1, lr=0.008, checkpoint=last, **common)
