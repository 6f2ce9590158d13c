"""练习 8 · 保存位置和文件 | Exercise 8 · The save folder and its files"""

from pytest_mmedu import points


@points(30)
def test_default_folder(check):
    """默认的保存位置 | The default folder"""
    check.run(1).log_exists()
    check.run(1).checkpoints_exist()
    check.run(1).default_folder_named("default_folder")


@points(40)
def test_own_folder(check):
    """你选的文件夹 | The folder you chose"""
    check.run(2).save_fold_inside()
    check.run(2).log_exists()
    check.run(2).checkpoints_exist()
    check.run(2).best_checkpoint_exists()


@points(30)
def test_files(check):
    """每个文件是什么 | What each file is"""
    check.run(2).log_named("log")
    check.run(2).same_weights_named("same_as_latest")
    check.run(2).best_weights_named("best_weights")
