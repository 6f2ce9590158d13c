"""练习 1 · 第一次训练 | Exercise 1 · First training run"""

from pytest_mmedu import points


@points(30)
def test_parameters(check):
    """你填的参数 | The parameters you chose"""
    check.param("epochs", between=(5, 30))
    check.save_fold_inside()


@points(20)
def test_training(check):
    """训练跑完了 | The training ran to its end"""
    check.run_finished()
    check.log_exists()
    check.checkpoints_exist()


@points(50, after=test_training)
def test_learning(check):
    """模型学会了 | The model learned"""
    check.loss_falls(by=0.5)
    check.accuracy(full=0.80, half=0.50)
    check.best_checkpoint_exists()
