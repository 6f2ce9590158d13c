"""没有验证，路径是自己电脑上的 | No validation, and a path of one computer"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "D:/作业/checkpoints"
model.train(random_seed=1, epochs=8, lr=0.02, batch_size=16, validate=False, topk=(1,))
