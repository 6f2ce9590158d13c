"""练习 9 · 接着训练 | Exercise 9 · Going on from a checkpoint"""

from pytest_mmedu import points


@points(30)
def test_parameters(check):
    """你填的参数 | The parameters you chose"""
    check.run(2).start_checkpoint(required=True, same_classes=True)
    check.run(2).lr_fits_optimizer()


@points(30)
def test_trainings(check):
    """两次训练 | The two trainings"""
    check.run(1).run_finished()
    check.run(2).run_finished()
    check.run(2).not_diverged()


@points(40)
def test_going_on(check):
    """接着学，没有从头来 | It goes on and does not start over"""
    check.run(2).goes_on(keeps=0.8)
