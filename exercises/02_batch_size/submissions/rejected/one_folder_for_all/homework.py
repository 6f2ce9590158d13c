from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "my_model"
model.train(epochs=1, batch_size=16, lr=0.05, random_seed=1)
steps_digits = 20

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "my_model"
model.train(epochs=1, batch_size=16, lr=0.05, random_seed=1)
steps_signs = 10

model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "my_model"
model.train(epochs=1, batch_size=16, lr=0.05, random_seed=1)
steps_shapes = 5
