from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "first"
model.train(epochs=5, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "second"
model.train(epochs=5, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "third"
model.train(epochs=5, batch_size=16, random_seed=1, validate=False)

slow = 1
diverged = 2
learned = 3
