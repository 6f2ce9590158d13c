"""没有写 save_best | Without save_best"""

_base_ = ["../_base_/schedules/imagenet_bs256.py", "../_base_/default_runtime.py"]
model = dict(
    type="ImageClassifier",
    backbone=dict(type="LeNet5"),
    neck=dict(type="GlobalAveragePooling"),
    head=dict(type="LinearClsHead", num_classes=2, in_channels=120, topk=(1,), loss=dict(type="CrossEntropyLoss")),
)
read = [
    dict(type="LoadImageFromFile", color_type="grayscale"),
    dict(type="Resize", size=32),
    dict(type="Normalize", mean=[127.5], std=[127.5], to_rgb=False),
    dict(type="ImageToTensor", keys=["img"]),
]
train_pipeline = [*read, dict(type="ToTensor", keys=["gt_label"]), dict(type="Collect", keys=["img", "gt_label"])]
test_pipeline = [*read, dict(type="Collect", keys=["img"])]
data = dict(
    samples_per_gpu=16,
    workers_per_gpu=0,
    train=dict(type="CustomDataset", data_prefix="faces2/training_set", pipeline=train_pipeline),
    val=dict(type="CustomDataset", data_prefix="faces2/val_set", pipeline=test_pipeline),
    test=dict(type="CustomDataset", data_prefix="faces2/test_set", pipeline=test_pipeline),
)
evaluation = dict(interval=1, metric="accuracy", metric_options=dict(topk=(1,)))
load_from = "checkpoints/lenet5_digits.pth"
optimizer = dict(lr=0.005)
runner = dict(max_epochs=10)
lr_config = dict(step=[6])
log_config = dict(interval=5)
