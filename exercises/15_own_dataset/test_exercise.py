"""练习 15 · 自己做一个数据集 | Exercise 15 · A data set of your own"""

from pytest_mmedu import points


@points(40)
def test_structure(check):
    """文件夹和列表 | Folders and lists"""
    check.dataset_consistent(lists=True)
    check.split_sizes(val_share=(0.15, 0.3))
    check.enough_pictures(at_least=10)


@points(30)
def test_pictures(check):
    """图片 | The pictures"""
    check.images_readable(all_files=True)
    check.classes_balanced(at_most=2)


@points(30)
def test_leaks(check):
    """考题没有泄露 | Nothing is learned that is tested"""
    check.no_shared_images()
