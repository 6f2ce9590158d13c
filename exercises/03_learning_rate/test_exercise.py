"""练习 3 · 学习率 | Exercise 3 · Learning rate"""

from pytest_mmedu import points


@points(15)
def test_learning_rates(check):
    """你选的学习率 | The learning rates you chose"""
    check.values_differ("lr", trainings=3)


@points(25)
def test_trainings(check):
    """三次训练都跑完了 | The three trainings ran to their end"""
    for number in (1, 2, 3):
        check.run(number).run_finished()


@points(60, after=test_trainings)
def test_comparison(check):
    """比较三条损失曲线 | The three loss curves compared"""
    check.training_named("slow", behaves="slow")
    check.training_named("diverged", behaves="diverged")
    check.training_named("learned", behaves="learned", by=0.5)
