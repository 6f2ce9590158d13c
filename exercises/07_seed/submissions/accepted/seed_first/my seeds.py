from MMEdu import MMClassification as cls


def train(seed, folder):
    model = cls(backbone="LeNet")
    model.num_classes = 2
    model.load_dataset(path="faces2")
    model.save_fold = folder
    return model.train(seed, epochs=1, batch_size=8, lr=0.02)


if __name__ == "__main__":
    one = train(31, "seed31_once")
    two = train(31, "seed31_again")
    three = train(32, "seed32")
