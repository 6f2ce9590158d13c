"""练习 7 · 随机种子 | Exercise 7 · The random seed

把每个 ... 换成你选的种子，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by a seed of your choice, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 第一次训练：选一个种子。
#
# Training 1: choose a seed.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "first"
model.train(
    random_seed=...,  # 第一次的种子 | the seed of training 1
    epochs=2,
    lr=0.02,
    batch_size=8,
)

# 第二次训练：日志要和第一次一模一样。
#
# Training 2: its log is to be exactly that of training 1.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "second"
model.train(
    random_seed=...,  # 第二次的种子 | the seed of training 2
    epochs=2,
    lr=0.02,
    batch_size=8,
)

# 第三次训练：日志要和前两次不同。
#
# Training 3: its log is to differ from the other two.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "third"
model.train(
    random_seed=...,  # 第三次的种子 | the seed of training 3
    epochs=2,
    lr=0.02,
    batch_size=8,
)
