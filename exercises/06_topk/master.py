"""练习 6 · top-1 和 top-5 | Exercise 6 · Top-1 and top-5

把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your answer, save, and run pytest in this folder. README.md explains it all.
"""

# %%
from MMEdu import MMClassification as cls

# %% [markdown]
# 第一次训练：signs6，六种交通标志。日志里要看哪些准确率？
#
# Training 1: signs6, six traffic signs. Which accuracies are to be in the log?

# %%
model = cls(backbone="LeNet")
model.num_classes = 6  # 类别数 | number of classes  # SOLUTION
model.load_dataset(path="signs6")
model.save_fold = "signs"
model.train(
    topk=(1, 5),  # 看前几名 | which ranks  # SOLUTION
    epochs=2,
    lr=0.05,
    batch_size=16,
    random_seed=1,
)

# %% [markdown]
# 第二次训练：shapes3，三种彩色图形。
#
# Training 2: shapes3, three coloured shapes.

# %%
model = cls(backbone="LeNet")
model.num_classes = 3  # 类别数 | number of classes  # SOLUTION
model.load_dataset(path="shapes3")
model.save_fold = "shapes"
model.train(
    topk=(1,),  # 看前几名 | which ranks  # SOLUTION
    epochs=2,
    lr=0.05,
    batch_size=8,
    random_seed=1,
)

# %% [markdown]
# 自己算 top-k 准确率：scores 里每张图片一行得分，labels 是每张图片的正确类别，k 是看前几名。
# 下面是 README.md 里的例子，写好以后用 print(topk_accuracy(SCORES, LABELS, 1)) 试一试。
#
# Work out the top-k accuracy yourself: scores has a row for each picture, labels its right class, k is how many ranks
# count. Here is the example of README.md: when you are done, try print(topk_accuracy(SCORES, LABELS, 1)).

# %%
SCORES = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.3, 0.1, 0.6], [0.6, 0.3, 0.1]]
LABELS = [2, 0, 2, 2]


def topk_accuracy(scores, labels, k):
    right = 0
    for number in range(len(labels)):
        # scores[number] 里得分最高的 k 个类别的编号 | the numbers of the k classes with the highest scores[number]
        best = sorted(range(len(scores[number])), key=scores[number].__getitem__, reverse=True)[:k]  # SOLUTION
        if labels[number] in best:
            right = right + 1
    # 准确率，0 到 1 之间 | the accuracy, from 0 to 1
    return right / len(labels)  # SOLUTION
