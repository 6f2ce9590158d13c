from MMEdu import MMClassification as cls

second = cls(backbone="LeNet")
second.num_classes = 10
second.load_dataset(path="digits10")
second.save_fold = "second_run"
second.train(
    checkpoint="first_run/latest.pth",
    lr=0.005,
    epochs=2,
    batch_size=16,
    random_seed=1,
    validate=True,
    topk=(1,),
)
