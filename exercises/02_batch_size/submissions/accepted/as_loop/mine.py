# 王芳 七年级
from MMEdu import MMClassification

DATA = [("digits10", 10, 64), ("signs6", 6, 30), ("shapes3", 3, 24)]

for name, classes, batch in DATA:
    net = MMClassification(backbone="LeNet", num_classes=classes)
    net.load_dataset(name)
    net.train(epochs=1, batch_size=batch, lr=0.05, random_seed=7, save_fold="out_" + name)

steps_digits, steps_signs = 5, 5
steps_shapes = 3
