"""练习 14 · 从 MMEdu 到 OpenMMLab 配置 | Exercise 14 · From MMEdu to an OpenMMLab config

把每个 ... 换成你的选择，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your choice, save, and run pytest in this folder. README.md explains it all.
"""

# 从这两个文件继承：它们在 mmcls 的 configs 文件夹里。这里没写的，都由它们决定。
# Two parents, in the folder configs of mmcls. They decide whatever is not stated here.
_base_ = ["../_base_/schedules/imagenet_bs256.py", "../_base_/default_runtime.py"]

# 网络：LeNet 的身体，加一个头。头有几个输出，就能分几类。
# The network: the body of LeNet, and a head with as many outputs as there are classes.
model = dict(
    type="ImageClassifier",
    backbone=dict(type="LeNet5"),
    neck=dict(type="GlobalAveragePooling"),
    head=dict(
        type="LinearClsHead",
        num_classes=...,  # 分几类 | how many classes
        in_channels=120,
        loss=dict(type="CrossEntropyLoss", loss_weight=1.0),
    ),
)

# 怎样读图片：已写好。训练时要带上正确答案 gt_label，验证时不带。
# How a picture is read: set. In training the right answer, gt_label, comes with it.
read = [
    dict(type="LoadImageFromFile", color_type="grayscale"),
    dict(type="Resize", size=32),
    dict(type="Normalize", mean=[127.5], std=[127.5], to_rgb=False),
    dict(type="ImageToTensor", keys=["img"]),
]
train_pipeline = [*read, dict(type="ToTensor", keys=["gt_label"]), dict(type="Collect", keys=["img", "gt_label"])]
test_pipeline = [*read, dict(type="Collect", keys=["img"])]

# 图片在哪里：训练用 160 张，一步看 16 张。
# Where the pictures are: 160 to train on, 16 a step.
data = dict(
    samples_per_gpu=16,
    workers_per_gpu=0,
    train=dict(type="CustomDataset", data_prefix="faces2/training_set", pipeline=train_pipeline),
    val=dict(
        type="CustomDataset",
        data_prefix=...,  # 验证用哪个文件夹 | the folder to validate on
        pipeline=test_pipeline,
    ),
    test=dict(type="CustomDataset", data_prefix="faces2/test_set", pipeline=test_pipeline),
)

# 每轮之后验证一次。
# A validation after each epoch.
evaluation = dict(
    interval=1,
    metric="accuracy",
    metric_options=dict(
        topk=...,  # 看前几名 | how many guesses count
    ),
    save_best=...,  # 按什么留下最好的权重 | what the best weights are chosen by
)

# 微调：从训练过的权重开始，步子要小，轮数要少。
# Fine-tuning: from trained weights, in small steps and few epochs.
load_from = ...  # 从哪个权重文件开始 | the weights to start from
optimizer = dict(
    lr=...,  # 学习率 | learning rate
)
runner = dict(
    max_epochs=...,  # 训练几轮 | how many epochs
)
lr_config = dict(
    step=...,  # 到第几轮把学习率降为十分之一 | the epochs at which lr drops to a tenth
)
log_config = dict(
    interval=...,  # 每几步记一次日志 | a log record every so many steps
)
