"""练习 11 · 几个进程一起训练 | Exercise 11 · Several processes, one training"""

from pytest_mmedu import points


@points(50)
def test_processes(check):
    """不止一个进程 | More than one process"""
    check.trained_in_processes(at_least=2)


@points(30)
def test_batch(check):
    """一步和一轮 | Steps and epochs"""
    check.effective_batch(equals=16)
    check.steps_worked_out("steps")


@points(20)
def test_result(check):
    """训练的结果 | What the training left"""
    check.run_finished()
    check.written_once()
    check.accuracy(full=0.80, half=0.50)
