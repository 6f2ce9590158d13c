from MMEdu import MMClassification as cls

BATCH = 16


def compare(name, lr, seed=5):
    model = cls(backbone="LeNet")
    model.num_classes = 10
    model.load_dataset(path="digits10")
    model.save_fold = "checkpoints/" + name
    model.train(epochs=4, lr=lr, optimizer=name, batch_size=BATCH, random_seed=seed, validate=True)


if __name__ == "__main__":
    compare("SGD", 0.02)
    compare("Adam", 1e-3)
    compare("Adagrad", 0.01, seed=8)
