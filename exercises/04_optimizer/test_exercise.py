"""练习 4 · 优化器 | Exercise 4 · Optimizer"""

from pytest_mmedu import points

OPTIMIZERS = {1: "SGD", 2: "Adam", 3: "Adagrad"}


@points(30)
def test_learning_rates(check):
    """你填的学习率 | The learning rates you chose"""
    for number in OPTIMIZERS:
        check.run(number).lr_fits_optimizer()


@points(40)
def test_learning(check):
    """每种优化器都学会了 | Each optimizer learned"""
    for number in OPTIMIZERS:
        check.run(number).loss_falls(by=0.5)


@points(30)
def test_files(check):
    """权重里记着用了什么 | What the checkpoints remember"""
    for number, name in OPTIMIZERS.items():
        check.run(number).optimizer_agrees(equals=name)
