# 训练之后再运行：认自己的图片
from MMEdu import MMClassification as cls

model = cls("LeNet")
model.load_checkpoint(checkpoint="结果/第二次/best_accuracy_top-1_epoch_8.pth")
print(model.fast_inference(image="my_pictures"))
