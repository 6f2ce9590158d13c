from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "together"
model.train(nproc=2, batch_size=8, epochs=5, lr=0.05, random_seed=1, topk=(1,))

steps = 20
