import glob
from MMEdu import MMClassification as cls

model = cls(backbone='LeNet')
model.num_classes = 10
model.load_dataset(path='digits10')


def only_train():
    model.save_fold = 'checkpoints/first'
    model.train(epochs=3, batch_size=16, lr=0.05, random_seed=7, validate=True, topk=(1,))


def continue_train():
    best = glob.glob('checkpoints/first/best_*.pth')[0]
    model.save_fold = 'checkpoints/second'
    model.train(epochs=2, batch_size=16, lr=0.001, optimizer='SGD', checkpoint=best, random_seed=7, validate=True, topk=(1,))


if __name__ == '__main__':
    only_train()
    continue_train()
