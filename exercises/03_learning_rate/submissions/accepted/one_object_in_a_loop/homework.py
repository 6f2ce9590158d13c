# 陈晨，高一（2）班：先大后小
from MMEdu import MMClassification

net = MMClassification("LeNet", num_classes=10)
net.load_dataset("digits10")
rates = [2.0, 0.05, 1e-5]
for n, rate in enumerate(rates):
    log = net.train(random_seed=11, epochs=5, lr=rate, batch_size=16, save_fold=f"runs/{n}")
    losses = [line["loss"] for line in log if "loss" in line]
    print(rate, losses[0], "->", losses[-1])

diverged: int = 1
learned, slow = 2, 3
