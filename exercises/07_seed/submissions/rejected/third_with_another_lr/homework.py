from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "first"
model.train(random_seed=5, epochs=1, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "second"
model.train(random_seed=5, epochs=1, batch_size=8, lr=0.02)

model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "third"
model.train(random_seed=6, epochs=1, batch_size=8, lr=0.01)
