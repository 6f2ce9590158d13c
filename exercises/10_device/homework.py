"""练习 10 · 在哪里计算 | Exercise 10 · Where to compute

把每个 ... 换成你的答案，保存，然后在这个文件夹里运行 pytest。说明在 README.md 里。

Replace every ... by your answer, save, and run pytest in this folder. README.md explains it all.
"""

import torch
from MMEdu import MMClassification as cls

# 有显卡就用显卡，没有就用 CPU：写完函数 choose_device。gpu 是 True 或 False：有没有能用的 NVIDIA 显卡。
#
# With a GPU it computes on the GPU, without one on the CPU: complete the function choose_device. gpu is True or False:
# whether there is an NVIDIA GPU that can be used.
gpu_here = torch.cuda.is_available()
print("gpu:", gpu_here)


def choose_device(gpu):
    return ...


device = choose_device(gpu_here)
print("device:", device)

# 在选好的设备上训练。这一段不用改。
#
# The training, on the device that was chosen. Nothing to change here.
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "my_model"
model.train(device=device, epochs=1, lr=0.02, batch_size=16, random_seed=1, validate=False)

# 第一个问题：电脑上没有这块显卡，却偏要用它，例如 train(device="cuda:9")，MMEdu 报的错误编号是几？试一试就知道。
#
# Question 1: what is the number of MMEdu's error when a program asks for a GPU that is not there, as
# train(device="cuda:9") does? Try it.
error_code = ...

# 第二个问题：on_a_gpu.log.json 是在显卡上训练的日志。哪一项只有它有，CPU 上训练的日志里没有？把名字写在引号里。
#
# Question 2: on_a_gpu.log.json is the log of a training on a GPU. Which item is in it and not in the log of a training
# on a CPU? Write its name, in quotes.
only_on_a_gpu = ...
