import MMEdu

EPOCHS = 2 * 3
FOLDER = "out/" + "digits"
settings = {"batch_size": 16, "lr": 0.05, "random_seed": 7, "topk": (1, 5)}

net = MMEdu.MMClassification(backbone="LeNet", num_classes=10)
net.load_dataset("digits10")
result = net.train(epochs=EPOCHS, save_fold=FOLDER, validate=True, **settings)
print(result[-1])
