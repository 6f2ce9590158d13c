"""练习 16 · 没见过的图片 | Exercise 16 · Pictures that nobody has seen"""

from pytest_mmedu import points


@points(20)
def test_unseen(check):
    """没见过的图片 | Pictures never seen before"""
    check.accuracy_recomputed(full=0.70, half=0.55, split="test_set")
