import os

from MMEdu import MMClassification as cls

LR, EPOCHS = 2e-2, 8


def train(folder="结果"):
    model = cls("LeNet", num_classes=6)
    model.load_dataset("signs6")
    model.save_fold = os.path.join(folder, "第二次")
    model.train(random_seed=1, epochs=EPOCHS, lr=LR, batch_size=16, topk=(1, 5))
    return model


if __name__ == "__main__":
    train()
