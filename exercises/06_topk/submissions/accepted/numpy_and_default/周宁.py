# 高二（3）班 周宁
import numpy as np
from MMEdu import MMClassification as cls


def topk_accuracy(scores, labels, k):
    order = np.argsort(-np.array(scores), axis=1)[:, :k]
    return np.mean(np.any(order == np.array(labels)[:, None], axis=1))


def train(name, folder, classes, batch):
    model = cls(backbone="LeNet", num_classes=classes)
    model.load_dataset(path=name)
    model.save_fold = folder
    model.train(epochs=1, lr=0.05, batch_size=batch)  # 不写 topk：MMEdu 自己选


if __name__ == "__main__":
    train("signs6", "result/signs", 6, 16)
    train("shapes3", "result/shapes", 3, 8)
