"""新版的写法：mmpretrain 和 mmengine | In the newer words of mmpretrain and mmengine"""

model = dict(
    type="ImageClassifier",
    backbone=dict(type="LeNet5"),
    neck=dict(type="GlobalAveragePooling"),
    head=dict(type="LinearClsHead", num_classes=2, in_channels=120, loss=dict(type="CrossEntropyLoss")),
)
data_preprocessor = dict(num_classes=2, mean=[127.5], std=[127.5])
pipeline = [
    dict(type="LoadImageFromFile", color_type="grayscale"),
    dict(type="Resize", scale=(32, 32)),
    dict(type="PackInputs"),
]
train_dataloader = dict(
    batch_size=16,
    num_workers=0,
    dataset=dict(type="CustomDataset", data_root="faces2", data_prefix="training_set", pipeline=pipeline),
    sampler=dict(type="DefaultSampler", shuffle=True),
)
val_dataloader = dict(
    batch_size=16,
    num_workers=0,
    dataset=dict(type="CustomDataset", data_root="faces2", data_prefix="val_set", pipeline=pipeline),
    sampler=dict(type="DefaultSampler", shuffle=False),
)
test_dataloader = val_dataloader
val_evaluator = dict(type="Accuracy", topk=(1,))
test_evaluator = val_evaluator
optim_wrapper = dict(optimizer=dict(type="SGD", lr=0.02, momentum=0.9))
param_scheduler = dict(type="MultiStepLR", by_epoch=True, milestones=[5, 8])
train_cfg = dict(by_epoch=True, max_epochs=10, val_interval=1)
val_cfg = dict()
test_cfg = dict()
default_hooks = dict(logger=dict(type="LoggerHook", interval=5), checkpoint=dict(interval=1, save_best="auto"))
load_from = "weights/lenet5.pth"
