"""练习 7 · 随机种子 | Exercise 7 · The random seed"""

from pytest_mmedu import points


@points(30)
def test_trainings(check):
    """三次训练都跑完了 | The three trainings ran to their end"""
    for number in (1, 2, 3):
        check.run(number).run_finished()


@points(70)
def test_seeds(check):
    """种子和记录 | Seeds and records"""
    check.records_equal(trainings=(1, 2))
    check.records_differ(trainings=(1, 3))
