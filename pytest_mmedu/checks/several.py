"""几次训练之间 | Check of several trainings of one program: what is to differ between them."""

from __future__ import annotations

from dataclasses import replace

from pytest_mmedu.checks import figures
from pytest_mmedu.checks.choices import unusable
from pytest_mmedu.checks.facts import chosen, chosen_value
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, yes
from pytest_mmedu.text import Text, listing


@check("asked")
def values_differ(subject: Subject, name: str, *, trainings: int) -> Verdict:
    """每次训练各不相同 | Different in each training

    The parameter `name`: so many trainings, and in each another value.
    """
    title = Text(f"每次训练的 {name} 各不相同", f"A different {name} in each training")
    each = [subject.training(number) for number in range(1, trainings + 1)]
    made = len(subject.trainings or (subject,))
    wanted = Text(f"要有 {trainings} 次训练", f"there should be {figures.many(trainings, 'training')}")
    empty = next((wrong for one in each[:made] if (wrong := unusable(one, name)) is not None), None)
    if empty is not None:
        return replace(empty, title=title)
    values = [chosen_value(one, name) for one in each[:made]]
    listed, where = listing(shown(value) for value in values), chosen(each[0], name).place
    if made < trainings:
        return no(listed, wanted, hint=COUNT_CALLS, place=where, title=title)
    for number, value in enumerate(values):
        if value in values[:number]:
            return no(listed, hint=ANOTHER_VALUE, place=chosen(each[number], name).place, title=title)
    return yes(listed, place=where, title=title)


COUNT_CALLS = Text("数一数：程序里要有几个 train()？", "How many train() calls does the program need? Count them.")
ANOTHER_VALUE = Text(
    "有两次训练用了同一个值：想比较，就要换一个。",
    "Two trainings have the same value: for a comparison one of them has to change.",
)
