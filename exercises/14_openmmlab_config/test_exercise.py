"""练习 14 · 从 MMEdu 到 OpenMMLab 配置 | Exercise 14 · From MMEdu to an OpenMMLab config"""

from pytest_mmedu import points


@points(20)
def test_head_and_data(check):
    """网络的头和图片 | The head and the pictures"""
    check.class_count_fits()
    check.splits_separate()
    check.paths_relative()


@points(10)
def test_start(check):
    """从训练过的权重开始 | A start from trained weights"""
    check.starts_from_weights()


@points(25, after=test_start)
def test_fine_tuning(check):
    """微调的设置 | Settings for fine-tuning"""
    check.lr_for_tuning(below=0.1)
    check.epochs_for_tuning(below=100)
    check.milestones_reachable()


@points(30)
def test_evaluation(check):
    """验证和日志 | Validation and log"""
    check.topk_meaningful()
    check.save_best_fits()
    check.log_interval_fits()


@points(15)
def test_training(check, submission):
    """照着配置训练 | A training by the config"""
    check.run_finished()
    check.best_checkpoint_exists()
    if any(submission.folder.rglob("*.log*")):  # 交了日志才核对 | only where a log was handed in
        check.config_agrees_with_log()
