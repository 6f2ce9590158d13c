"""练习 4 · 优化器 | Exercise 4 · Optimizer

同一个网络用三种优化器各训练一次，学习率你来定。把每个 ... 换成你选的值，保存，
然后在这个文件夹里运行 pytest。说明在 README.md 里。

The same network is trained with three optimizers; the learning rates are yours to choose. Replace every ... by a
value of your choice, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 第一次：优化器 SGD。
#
# Training 1: the optimizer SGD.
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_sgd"
model.train(
    optimizer="SGD",
    lr=...,  # 适合 SGD 的学习率 | a learning rate that fits SGD
    epochs=4,
    batch_size=16,
    random_seed=1,
    validate=False,
)

# 第二次：优化器 Adam。
#
# Training 2: the optimizer Adam.
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_adam"
model.train(
    optimizer="Adam",
    lr=...,  # 适合 Adam 的学习率 | a learning rate that fits Adam
    epochs=4,
    batch_size=16,
    random_seed=1,
    validate=False,
)

# 第三次：优化器 Adagrad。
#
# Training 3: the optimizer Adagrad.
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "with_adagrad"
model.train(
    optimizer="Adagrad",
    lr=...,  # 适合 Adagrad 的学习率 | a learning rate that fits Adagrad
    epochs=4,
    batch_size=16,
    random_seed=1,
    validate=False,
)
