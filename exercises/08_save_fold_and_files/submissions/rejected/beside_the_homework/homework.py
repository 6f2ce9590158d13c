from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.train(epochs=3, lr=0.07, batch_size=16, random_seed=2)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "../faces"
model.train(epochs=3, lr=0.07, batch_size=16, random_seed=2)

default_folder = "../checkpoints/cls_model"
log = ".log.json"
same_as_latest = "epoch_3.pth"
best_weights = "faces/best_accuracy_top-1_epoch_2.pth"
