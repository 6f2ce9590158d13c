from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.train(epochs=3, lr=0.07, batch_size=16, random_seed=2)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "faces"
model.train(epochs=3, lr=0.07, batch_size=16, random_seed=2)

default_folder = ...
log = ...
same_as_latest = ...
best_weights = ...
