from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")

model.save_fold = "fast_model"

model.train(
    epochs=6,
    lr=5,  # faster!
    batch_size=16,
    random_seed=1,
    validate=True,
    topk=(1, 5),
)
