"""学习率太小；图片还没有认 | A tiny learning rate; the pictures not looked at yet"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "checkpoints"
model.train(random_seed=1, epochs=4, lr=0.001, batch_size=16, validate=True, topk=(1,))
