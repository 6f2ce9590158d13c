"""练习 5 · 验证和最佳权重 | Exercise 5 · Validation and the best weights

把每个 ... 换成你的选择，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your choice, save, and run pytest in this folder. README.md explains it all.
"""

from MMEdu import MMClassification as cls

# 每轮之后都测验一次，并留下测验成绩最好的那一轮的权重。
#
# Test after each epoch, and keep the weights of the epoch with the best test.
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "best_model"
model.train(
    validate=...,  # 每轮之后要不要验证？ | validate after each epoch?
    metric="accuracy",  # 验证时算什么 | what the validation measures
    save_best=...,  # 按哪个指标留下最好的？ | keep the best by which metric?
    epochs=4,
    lr=0.15,
    batch_size=16,
    random_seed=1,
    topk=(1,),
)

# 先训练一次，再看日志和 best_model 文件夹：你会用哪个权重文件？写出它的路径，加引号。
#
# Train once, then look at the log and into the folder best_model: which weights would you use? Write the path of the
# file, in quotes.
best_weights = ...
if best_weights is not ...:
    model.load_checkpoint(checkpoint=best_weights)
