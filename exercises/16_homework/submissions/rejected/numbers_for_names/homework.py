"""把 pred_label 当作答案 | pred_label in place of pred_class"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "checkpoints"
model.train(random_seed=1, epochs=8, lr=0.02, batch_size=16, validate=True, topk=(1, 5))
