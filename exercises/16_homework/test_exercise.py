"""练习 16 · 完整的作业 | Exercise 16 · A whole homework"""

from pytest_mmedu import points

PICTURES = ("picture_1", "picture_2", "picture_3", "picture_4")


@points(20)
def test_files(check):
    """训练和它的文件 | The training and its files"""
    check.run_finished()
    check.class_count_fits()
    check.save_fold_inside()
    check.best_checkpoint_exists()


@points(30)
def test_log(check):
    """日志说的 | What the log says"""
    check.loss_falls(by=0.5)
    check.accuracy(full=0.80, half=0.60)


@points(15)
def test_claim(check):
    """日志说的能重现 | What the log says can be reproduced"""
    check.accuracy_reproduced()


@points(15)
def test_own_pictures(check, variant_files):
    """认你自己的图片 | Your own pictures"""
    check.predictions_named(pictures={name: variant_files(f"my_pictures/{name}.png") for name in PICTURES})
