"""练习 5 · 验证和最佳权重 | Exercise 5 · Validation and the best weights"""

from pytest_mmedu import points


@points(30)
def test_parameters(check):
    """你填的参数 | The parameters you chose"""
    check.save_best_fits()


@points(40)
def test_files(check):
    """日志和最佳权重 | The log and the best weights"""
    check.run_finished()
    check.validated_every_epoch()
    check.best_checkpoint_exists()
    check.best_checkpoint_matches()


@points(30)
def test_choice(check):
    """你选的权重 | The weights you chose"""
    check.best_weights_named("best_weights")
