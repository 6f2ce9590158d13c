import random

from MMEdu import MMClassification as cls

random.seed(42)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "first"
model.train(epochs=1, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "second"
model.train(epochs=1, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "third"
model.train(epochs=1, batch_size=8, lr=0.02)
