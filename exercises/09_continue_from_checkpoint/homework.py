"""练习 9 · 接着训练 | Exercise 9 · Going on from a checkpoint

把每个 ... 换成你的选择，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your choice, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 第一次训练已经写好：3 轮，权重存在文件夹 first_run 里。
#
# The first training is written already: 3 epochs, its weights go to the folder first_run.
first = cls(backbone="LeNet")
first.num_classes = 10
first.load_dataset(path="digits10")
first.save_fold = "first_run"
first.train(epochs=3, lr=0.05, batch_size=16, random_seed=1, validate=True, topk=(1,))

# 第二次训练不从头开始，而是用第一次的权重接着学。路径和文件夹名要加引号，数字不加。
#
# The second training does not start from scratch: it goes on with the weights of the first. Paths and names of folders
# are written in quotes, numbers are not.
second = cls(backbone="LeNet")
second.num_classes = 10
second.load_dataset(path="digits10")
second.save_fold = ...  # 这次存到哪里？ | where do its files go?
second.train(
    checkpoint=...,  # 从哪个权重文件开始？ | start from which file?
    lr=...,  # 学习率 | learning rate
    epochs=2,
    batch_size=16,
    random_seed=1,
    validate=True,
    topk=(1,),
)
