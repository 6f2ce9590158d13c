from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "a"
model.train(epochs=1, batch_size=12, lr=0.05, random_seed=1)
steps_digits = 6

model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "b"
model.train(epochs=1, batch_size=12, lr=0.05, random_seed=1)
steps_signs = 6

model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "c"
model.train(epochs=1, batch_size=12, lr=0.05, random_seed=1)
steps_shapes = 6
