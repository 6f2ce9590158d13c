from MMEdu import MMClassification as cls

jobs = [
    {"data": "signs6", "num_classes": 6, "topk": [1, 2, 5], "batch_size": 16},
    {"data": "shapes3", "num_classes": 3, "topk": 1, "batch_size": 8},
]
for job in jobs:
    model = cls(backbone="LeNet", num_classes=job["num_classes"])
    model.load_dataset(job["data"])
    model.train(
        epochs=1, lr=0.05, save_fold=job["data"] + "_model", topk=job["topk"], batch_size=job["batch_size"]
    )


def better(row, label):
    """How many classes have a higher score."""
    return sum(1 for score in row if score > row[label])


def topk_accuracy(scores, labels, k=1):
    return sum(better(row, label) < k for row, label in zip(scores, labels)) / len(labels)


print(topk_accuracy([[0.2, 0.5, 0.3]], [2], 2))
