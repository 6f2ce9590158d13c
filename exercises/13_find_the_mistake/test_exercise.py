"""练习 13 · 找出毛病 | Exercise 13 · Find the mistake"""

from pytest_mmedu import points
from pytest_mmedu.logs import read_log

LOGS = (1, 2, 3, 4, 5)


@points(60)
def test_causes(check, variant_files, tiny_dataset):
    """毛病在哪里 | What is wrong"""
    for number in LOGS:
        log = read_log(variant_files(f"{number}.log.json"))
        check.mistake_named(f"cause_{number}", log=log, images=tiny_dataset("digits10"))


@points(40)
def test_changes(check, variant_files, tiny_dataset):
    """该怎么改 | What to change"""
    for number in LOGS:
        log = read_log(variant_files(f"{number}.log.json"))
        check.remedy_named(f"change_{number}", log=log, images=tiny_dataset("digits10"))
