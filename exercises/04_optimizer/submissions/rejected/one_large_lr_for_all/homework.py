from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_sgd"
model.train(optimizer="SGD", lr=1, epochs=2, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_adam"
model.train(optimizer="Adam", lr=1, epochs=2, batch_size=16, random_seed=1, validate=False)

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_adagrad"
model.train(optimizer="Adagrad", lr=1, epochs=2, batch_size=16, random_seed=1, validate=False)
