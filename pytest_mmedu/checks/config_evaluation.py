"""配置里的评估 | Checks of what a config evaluates: a top-k that can tell something."""

from __future__ import annotations

from pytest_mmedu import rules
from pytest_mmedu.checks.choices import NAME_DATA, WHOLE_NUMBER, unusable
from pytest_mmedu.checks.facts import chosen, chosen_value, class_count, data_classes
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_IMAGES, Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, listing


@check("asked")
def topk_meaningful(subject: Subject) -> Verdict:
    """top-k 看得出好坏 | A top-k that tells something

    With five classes the top five are always right. Of the evaluation; a larger k in the head is harmless.
    """
    wanted = Text("每个 k 都小于类别数", "every k below the number of classes")
    empty = unusable(subject, "topk", wanted)
    if empty is not None:
        return empty
    value, where = chosen_value(subject, "topk"), chosen(subject, "topk").place
    if value is None and subject.log is not None and "topk" in subject.log.config:
        value, where = subject.log.config["topk"], subject.log.place()
    classes = data_classes(subject) or class_count(subject)
    if classes is None:
        return unknown(NO_IMAGES, wanted, hint=NAME_DATA, place=where)
    value = value if value is not None else 5 if classes > 5 else 1  # MMEdu's own choice
    if not rules.ranks(value):
        return no(Text.same(shown(value)), wanted, hint=WHOLE_NUMBER, place=where)
    ranks = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    listed = listing(f"top-{rank}" for rank in ranks)
    seen = Text(f"{listed.zh}，共 {classes} 类", f"{listed.en} of {classes} classes")
    if chosen(subject, "topk").state == "default" and subject.asked.config is not None:
        seen = Text(f"{seen.zh}；没有写，用默认值", f"{seen.en}; not stated, the default")
    if max(ranks) >= classes:
        return no(seen, wanted, hint=LOOK_AT_TOPK, place=where)
    return yes(seen, wanted, place=where)


LOOK_AT_TOPK = Text(
    "类别这么少，前几名里总有对的：看一看评估的 topk。",
    "With so few classes the right one is always among them: look at the topk of the evaluation.",
)
