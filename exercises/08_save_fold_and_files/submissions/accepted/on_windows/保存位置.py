# 刘洋，初一（2）班
from MMEdu import MMClassification as cls


def train(seed, **where):
    model = cls("LeNet", num_classes=2)
    model.load_dataset("faces2")
    model.train(seed, epochs=3, lr=0.07, batch_size=16, **where)


train(2)
train(2, save_fold="models\\smile or not")

default_folder = "..\\checkpoints\\cls_model\\"
log = "20261015_143022.log.json"
same_as_latest = "models\\smile or not\\epoch_3.pth"
best_weights = "models\\smile or not\\best_accuracy_top-1_epoch_2.pth"
