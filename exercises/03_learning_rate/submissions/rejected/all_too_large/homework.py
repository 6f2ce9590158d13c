from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "first"
model.train(lr=1, epochs=2, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "second"
model.train(lr=10, epochs=2, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "third"
model.train(lr=100, epochs=2, batch_size=16, random_seed=1, validate=False)

slow = 1
diverged = 3
learned = 2
