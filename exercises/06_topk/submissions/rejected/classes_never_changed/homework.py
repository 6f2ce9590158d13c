from MMEdu import MMClassification as cls

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="signs6")
model.save_fold = "signs"
model.train(topk=(1, 5), epochs=1, lr=0.05, batch_size=16, random_seed=1)

model = cls(backbone="LeNet")
model.num_classes = 6
model.load_dataset(path="shapes3")
model.save_fold = "shapes"
model.train(topk=(1,), epochs=1, lr=0.05, batch_size=8, random_seed=1)


def topk_accuracy(scores, labels, k):
    right = 0
    for number in range(len(labels)):
        row = scores[number]
        best = sorted(range(len(row)), key=lambda c: -row[c])[:k]
        if labels[number] in best:
            right = right + 1
    return right / len(labels)
