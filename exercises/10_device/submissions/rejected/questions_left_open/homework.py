import torch
from MMEdu import MMClassification as cls


def choose_device(gpu):
    return "cuda" if gpu else "cpu"


device = choose_device(torch.cuda.is_available())
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = "my_model"
model.train(device=device, epochs=1, lr=0.02, batch_size=16, random_seed=1, validate=False)

error_code = ...
only_on_a_gpu = ...
