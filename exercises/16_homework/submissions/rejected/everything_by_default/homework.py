"""只写了轮数，答案没有填 | Only the epochs; the answers left open"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "checkpoints"
model.train(random_seed=1, epochs=2, batch_size=16, validate=True)
