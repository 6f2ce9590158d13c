from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "best_model"
model.train(
    validate=True,
    metric="accuracy",
    save_bset="auto",
    epochs=4,
    lr=0.15,
    batch_size=16,
    random_seed=1,
    topk=(1,),
)

best_weights = "best_model/epoch_2.pth"
if best_weights is not ...:
    model.load_checkpoint(checkpoint=best_weights)
