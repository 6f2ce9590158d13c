from MMEdu import MMClassification as cls

first = cls(backbone="LeNet")
first.num_classes = 10
first.load_dataset(path="digits10")
first.save_fold = "first_run"
first.train(epochs=3, lr=0.05, batch_size=16, random_seed=1, validate=True, topk=(1,))

second = cls(backbone="LeNet")
second.num_classes = 10
second.load_dataset(path="digits10")
second.save_fold = "second_run"
second.train(
    checkpoint="latest.pth",
    lr=0.005,
    epochs=2,
    batch_size=16,
    random_seed=1,
    validate=True,
    topk=(1,),
)
