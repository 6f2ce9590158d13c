"""自己的图片 | A check of what a student's model is said to see in pictures of the student's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pytest_mmedu.answered import Answers, plain_name
from pytest_mmedu.checks.answers import answered
from pytest_mmedu.checks.facts import run_of
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.files import RUN_TO_END, chosen_file
from pytest_mmedu.checks.images import images_of
from pytest_mmedu.checks.looking import STATE_DATA, evaluation_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_IMAGES, Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, listing


@check("run")
def predictions_named(subject: Subject, *, pictures: Mapping[str, Path]) -> Verdict:
    """推理的结果 | What inference says

    Each answer, a class name, against what the weights see in its picture, by the judge's own evaluation: not whether
    the model is right, but whether it was asked. Every answer counts the same.
    """
    path = chosen_file(run_of(subject))
    if path is None:
        return no(Text("没有权重文件", "there is no checkpoint"), hint=RUN_TO_END)
    if subject.images is None:
        return unknown(NO_IMAGES, hint=STATE_DATA)
    named = {name: _class_named(subject.answers, name, images_of(subject).classes) for name in pictures}
    wrong = {name: one for name, one in named.items() if isinstance(one, Verdict)}
    if len(wrong) < len(pictures):  # looking costs seconds
        found = evaluation_of(subject, path, "", pictures=tuple(pictures.values()))
        if isinstance(found, Verdict):
            return found
        for (name, place), row in zip(named.items(), found.ranked, strict=True):
            if not isinstance(place, Verdict) and row[:1] != (place,):
                wrong[name] = _another(subject.answers, name)
    if not wrong:
        names = listing(pictures)
        return yes(Text(f"{names.zh} 和权重一致", f"{names.en} agree with the weights"))
    first = next(wrong[name] for name in pictures if name in wrong)
    return Verdict("failed", first.seen, first.wanted, 1 - len(wrong) / len(pictures), first.hint, first.place)


def _class_named(answers: Answers | None, name: str, classes: Sequence[str]) -> int | Verdict:
    """The number of the class, or what is wrong with the answer as it stands."""
    given = answered(answers, name)
    if isinstance(given, Verdict):
        return given
    written = plain_name(str(given.value))
    place = next((place for place, one in enumerate(classes) if plain_name(one) == written), None)
    if place is not None:
        return place
    value = shown(given.value)
    seen = Text(f"{name}：{value} 不是类别名", f"{name}: {value} is the name of no class")
    return no(seen, hint=WRITE_THE_NAME, place=given.place)


def _another(answers: Answers | None, name: str) -> Verdict:
    given = answered(answers, name)
    if isinstance(given, Verdict):
        return given
    value = shown(given.value)
    seen = Text(f"{name}：写的是 {value}，权重认出的不是它", f"{name}: {value}, but the weights see another class")
    return no(seen, hint=ASK_THE_MODEL, place=given.place)


WRITE_THE_NAME = Text(
    "写推理结果里 pred_class 后面的名字，不是 pred_label 后面的编号。",
    "Write the name that inference shows after pred_class, not the number after pred_label.",
)
ASK_THE_MODEL = Text(
    "用交上的最佳权重再推理一次，抄下它对这张图片的结果；图片和答案别对错了行。",
    "Run inference once more with the best weights that you hand in, and copy what it says of this very picture.",
)
