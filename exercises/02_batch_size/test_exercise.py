"""练习 2 · 批大小 | Exercise 2 · Batch size"""

from pytest_mmedu import points

DATASETS = {1: "digits10", 2: "signs6", 3: "shapes3"}
STEPS = {1: "steps_digits", 2: "steps_signs", 3: "steps_shapes"}


@points(45)
def test_batch_sizes(check):
    """你选的批大小 | The batch sizes you chose"""
    for number, name in DATASETS.items():
        check.run(number, dataset=name).batch_size_fits()


@points(25)
def test_trainings(check):
    """训练和日志 | Trainings and logs"""
    for number, name in DATASETS.items():
        check.run(number).run_finished()
        check.run(number, dataset=name).iterations_per_epoch()


@points(30)
def test_steps(check):
    """一轮有几步 | The steps of an epoch"""
    for number, name in DATASETS.items():
        check.run(number, dataset=name).steps_worked_out(STEPS[number])
