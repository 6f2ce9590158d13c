from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "first"
model.train(1, random_seed=5, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "second"
model.train(1, random_seed=5, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "third"
model.train(1, random_seed=6, batch_size=8, lr=0.02)
