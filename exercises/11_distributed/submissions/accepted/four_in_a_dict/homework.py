from MMEdu import MMClassification

PROCESSES = 4
settings = dict(epochs=5, lr=0.05, random_seed=7, topk=(1,))


def main():
    net = MMClassification("LeNet", 10)
    net.load_dataset("digits10")
    net.train(save_fold="four", distributed=True, nproc=PROCESSES, batch_size=16 // PROCESSES, **settings)


main()
steps = 20
