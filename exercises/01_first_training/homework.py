"""练习 1 · 第一次训练 | Exercise 1 · First training run

把每个 ... 换成你选的值，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by a value of your choice, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 网络是 LeNet，图片是手写数字 0–9，所以有 10 类。
#
# The network is LeNet; the pictures are handwritten digits 0 to 9, so there are 10 classes.
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")

# 日志和权重存到哪个文件夹？起个名字，写在引号里。
#
# Which folder is to keep the log and the weights? Give it a name, in quotes.
model.save_fold = ...

# 训练几轮？只有 epochs 要你来填，其余的已经写好。
#
# How many epochs? Only epochs is for you to fill in, the others are set.
model.train(
    epochs=...,  # 训练轮数 | passes over all pictures
    lr=0.05,  # 学习率 | learning rate
    batch_size=16,  # 一步看几张图片 | pictures per step
    random_seed=1,  # 随机种子 | random seed
    validate=True,  # 每轮之后测验一次 | a test after each epoch
    topk=(1, 5),  # 记录 top-1 和 top-5 准确率 | log top-1 and top-5 accuracy
)
