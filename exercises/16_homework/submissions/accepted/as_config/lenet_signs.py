"""LeNet, mmcls"""
_base_ = "../lenet/lenet5_mnist.py"
model = dict(backbone=dict(num_classes=6))
img_norm_cfg = dict(mean=[33.46], std=[78.87], to_rgb=False)
load = [dict(type="LoadImageFromFile", color_type="grayscale"), dict(type="Resize", size=32)]
rest = [dict(type="Normalize", **img_norm_cfg), dict(type="ImageToTensor", keys=["img"])]
label = [dict(type="ToTensor", keys=["gt_label"]), dict(type="Collect", keys=["img", "gt_label"])]
train_pipeline = [*load, *rest, *label]
test_pipeline = [*load, *rest, dict(type="Collect", keys=["img"])]
data = dict(
    samples_per_gpu=16,
    train=dict(_delete_=True, type="CustomDataset", data_prefix="signs6/training_set", pipeline=train_pipeline),
    val=dict(_delete_=True, type="CustomDataset", data_prefix="signs6/val_set", pipeline=test_pipeline),
    test=dict(_delete_=True, type="CustomDataset", data_prefix="signs6/val_set", pipeline=test_pipeline),
)
optimizer = dict(lr=0.02)
runner = dict(max_epochs=8)
log_config = dict(interval=5)
work_dir = "work_dirs/signs"
evaluation = dict(interval=1, save_best="auto")
