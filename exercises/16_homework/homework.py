"""练习 16 · 完整的作业 | Exercise 16 · A whole homework

把每个 ... 换成你的选择，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your choice, save, and run pytest in this folder. README.md explains it all.
"""

from pathlib import Path

from MMEdu import MMClassification as cls

# 网络和数据：signs6，交通标志的小图片。
#
# Network and data: signs6, small pictures of traffic signs.
model = cls(backbone="LeNet")
model.num_classes = ...  # 几类？数一数 | how many classes? count them
model.load_dataset(path="signs6")
model.save_fold = ...  # 存到哪个文件夹 | the folder to save in

# 训练。
#
# The training.
model.train(
    epochs=...,  # 训练几轮 | how many epochs
    lr=...,  # 学习率 | learning rate
    batch_size=...,  # 一步看几张图片 | pictures per step
    validate=...,  # 每轮之后测验吗 | a test after each epoch?
    topk=...,  # 记录哪些准确率 | which accuracies to log
    random_seed=1,
)

# 用最好的权重认一认你自己的图片，把 pred_class 后面的名字抄到 answers.toml 里。
#
# Let the best weights look at your own pictures, and copy the names after pred_class into answers.toml.
best = [str(path) for path in Path(model.save_fold).glob("best_*.pth")]
for picture in sorted(Path("my_pictures").glob("*.png")):
    print(picture.name, model.inference(image=str(picture), checkpoint=best[-1], show=False))
