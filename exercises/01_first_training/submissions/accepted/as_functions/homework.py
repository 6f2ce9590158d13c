# 李明 三班
from MMEdu import MMClassification as cls

model = cls(backbone='LeNet')


def only_train():
    model.num_classes = 10
    model.load_dataset(path='digits10')
    model.save_fold = 'checkpoints/liming'
    model.train(epochs=7, batch_size=16, lr=0.05, random_seed=3, validate=True, topk=(1, 5))


def continue_train():
    model.num_classes = 10
    model.load_dataset(path='digits10')
    model.save_fold = 'checkpoints/liming2'
    model.train(epochs=5, batch_size=16, checkpoint='checkpoints/liming/latest.pth', validate=True)


if __name__ == "__main__":
    only_train()
    # continue_train()
