"""练习 3 · 学习率 | Exercise 3 · Learning rate

同一个网络训练三次，只有学习率不同。把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

The same network is trained three times; only the learning rate differs. Replace every ... by your answer, save, and
run pytest in this folder. README.md explains it all.
"""

# %%
from MMEdu import MMClassification as cls

# %% [markdown]
# 选三个差别很大的学习率：一个太小，一个太大，一个刚刚好。谁先谁后由你决定。
#
# Choose three very different learning rates: one too small, one too large, one just right, in any order.

# %%
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "first"
model.train(
    lr=0.00002,  # 第一个学习率 | the first learning rate  # SOLUTION
    epochs=5,
    batch_size=16,
    random_seed=1,
    validate=False,  # 这次只看损失 | only the loss matters here
)

# %%
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "second"
model.train(
    lr=20,  # 第二个学习率 | the second learning rate  # SOLUTION
    epochs=5,
    batch_size=16,
    random_seed=1,
    validate=False,
)

# %%
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "third"
model.train(
    lr=0.04,  # 第三个学习率 | the third learning rate  # SOLUTION
    epochs=5,
    batch_size=16,
    random_seed=1,
    validate=False,
)

# %% [markdown]
# 运行一次，看三份日志里的 loss，再回答：是第几次训练？写编号。
#
# Run it once, look at the loss in the three logs, then answer: which training was it? Write its number.

# %%
slow = 1  # 损失几乎不动的一次 | the loss hardly moved  # SOLUTION
diverged = 2  # 损失发散的一次：变得很大，或变成 NaN | the loss became huge or NaN  # SOLUTION
learned = 3  # 学得好的一次：损失降了一大半 | the loss fell by more than half  # SOLUTION
