# 赵一凡 初二（3）班
import MMEdu

net = MMEdu.MMClassification(backbone="LeNet", num_classes=10)
net.load_dataset("digits10")
log = net.train(
    25, "out", epochs=4, lr=0.1, batch_size=16, metric=["accuracy", "f1_score"], save_best="accuracy_top-1", topk=1
)
for line in log:
    if line.get("mode") == "val":
        print(line)
best_weights = "out/epoch_3.pth"
net.load_checkpoint(best_weights)
