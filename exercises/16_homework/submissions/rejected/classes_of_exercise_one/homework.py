"""从练习 1 抄来，还是 10 类 | From exercise 1, with its 10 classes"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="signs6")
model.save_fold = "checkpoints"
model.train(random_seed=1, epochs=8, lr=0.02, batch_size=16, validate=True, topk=(1,))
