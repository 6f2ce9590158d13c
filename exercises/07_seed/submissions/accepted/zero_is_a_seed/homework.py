# 吴桐 初二（4）班：默认值就是 0，所以第一次不写也一样
from MMEdu import MMClassification

for folder, more in (("a", {}), ("b", {"random_seed": 0}), ("c", {"random_seed": 1})):
    net = MMClassification("LeNet", num_classes=2)
    net.load_dataset("faces2")
    net.train(epochs=1, lr=0.02, batch_size=8, save_fold=f"runs/{folder}", **more)
