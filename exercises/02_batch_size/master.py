"""练习 2 · 批大小 | Exercise 2 · Batch size

三个数据集，各训练一轮。把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Three data sets, one epoch each. Replace every ... by your answer, save, and run pytest in this folder. README.md
explains it all.
"""

# %%
from MMEdu import MMClassification as cls

# %% [markdown]
# 第一次训练：digits10，手写数字，10 类，训练集 320 张图片。
#
# Training 1: digits10, handwritten digits, 10 classes, 320 pictures to train on.

# %%
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "digits"
model.train(
    epochs=1,
    batch_size=32,  # 一步看几张图片 | pictures per step  # SOLUTION
    lr=0.05,
    random_seed=1,
)

# %%
steps_digits = 10  # 一轮有几步 | steps of an epoch  # SOLUTION

# %% [markdown]
# 第二次训练：signs6，交通标志，6 类，训练集 150 张图片。
#
# Training 2: signs6, traffic signs, 6 classes, 150 pictures to train on.

# %%
model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "signs"
model.train(
    epochs=1,
    batch_size=16,  # 一步看几张图片 | pictures per step  # SOLUTION
    lr=0.05,
    random_seed=1,
)

# %%
steps_signs = 10  # 一轮有几步 | steps of an epoch  # SOLUTION

# %% [markdown]
# 第三次训练：shapes3，彩色图形，3 类，训练集 72 张图片。
#
# Training 3: shapes3, coloured shapes, 3 classes, 72 pictures to train on.

# %%
model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "shapes"
model.train(
    epochs=1,
    batch_size=8,  # 一步看几张图片 | pictures per step  # SOLUTION
    lr=0.05,
    random_seed=1,
)

# %%
steps_shapes = 9  # 一轮有几步 | steps of an epoch  # SOLUTION
