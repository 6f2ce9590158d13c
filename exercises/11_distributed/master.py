"""练习 11 · 几个进程一起训练 | Exercise 11 · Several processes, one training

把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your answer, save, and run pytest in this folder. README.md explains it all.
"""

# %%
from MMEdu import MMClassification as cls

# %% [markdown]
# 一个进程训练时，一步看 16 张图片。现在用两个进程一起训练，一步一共还是 16 张。
#
# One process sees 16 pictures per step. Now two processes train together, and a step still has 16 in all.

# %%
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "together"
model.train(
    distributed=True,  # 用几个进程一起训练吗？ | several processes?  # SOLUTION
    nproc=2,  # 几个进程 | how many processes
    batch_size=8,  # 每个进程一步看几张图片 | pictures per step of each process  # SOLUTION
    epochs=5,
    lr=0.05,
    random_seed=1,
    topk=(1,),
)

# %% [markdown]
# 训练集有 320 张图片。一轮有几步？
#
# There are 320 pictures to train on. How many steps has an epoch?

# %%
steps = 20  # SOLUTION
