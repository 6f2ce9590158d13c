"""练习 8 · 保存位置和文件 | Exercise 8 · The save folder and its files

把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your answer, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 第一次训练：不写 save_fold，用默认位置。这里不用改。
#
# Training 1: no save_fold, the default is used. There is nothing to change here.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.train(
    epochs=3,
    lr=0.07,
    batch_size=16,
    random_seed=2,
)

# 第二次训练：自己选一个文件夹，放在作业文件夹里面。
#
# Training 2: choose a folder yourself, inside your own one.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = ...
model.train(
    epochs=3,
    lr=0.07,
    batch_size=16,
    random_seed=2,
)

# 运行一次，用文件管理器找到两次训练的文件，再回答问题，答案都加引号。
#
# Run it once, look for the files of both trainings, then answer the questions, each in quotes.
# 第一次训练的文件在哪个文件夹？从作业文件夹开始写路径。
# In which folder are the files of training 1? Write the path from your own folder.
default_folder = ...

# 哪个文件每行是一条记录，写在花括号里？文件名的前一半是时间，可以只写后一半。
# Which file has a record in curly brackets on each line? Its name begins with the time: the end of it will do.
log = ...

# 第二次训练里，哪个文件的权重和 latest.pth 完全相同？
# Of training 2: which other file has the very weights of latest.pth?
same_as_latest = ...

# 第二次训练里，验证准确率最高的是哪个权重文件？
# Of training 2: which file has the weights with the best validation?
best_weights = ...
