from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "signs"
model.train(topk=(1, 5), epochs=1, lr=0.05, batch_size=16, random_seed=1)

model = cls(backbone="LeNet")
model.num_classes = 3
model.load_dataset(path="shapes3")
model.save_fold = "shapes"
model.train(topk=(1,), epochs=1, lr=0.05, batch_size=8, random_seed=1)


def topk_accuracy(scores, labels, k):
    right = 0
    for number in range(len(labels)):
        row = scores[number]
        # 得分最高的 k 个类别的编号 | the numbers of the k classes with the highest scores
        best = ...
        if labels[number] in best:
            right = right + 1
    # 准确率，0 到 1 之间 | the accuracy, from 0 to 1
    return ...
