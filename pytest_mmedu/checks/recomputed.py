"""重新算的准确率 | The accuracy that the judge computes from the weights, on pictures that the student cannot write."""

from __future__ import annotations

from pytest_mmedu.checks import figures
from pytest_mmedu.checks.accuracy import wanted_accuracy
from pytest_mmedu.checks.facts import run_of
from pytest_mmedu.checks.files import RUN_TO_END, chosen_file
from pytest_mmedu.checks.looking import evaluation_of
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, yes
from pytest_mmedu.text import Text, printable


@check("run")
def accuracy_recomputed(
    subject: Subject, *, full: float, half: float | None = None, split: str = "test_set"
) -> Verdict:
    """重新算的准确率 | Accuracy, computed again

    Top-1 of the best checkpoint on the pictures of `split`, against `full` and `half`; no log has a say in it.
    """
    wanted = wanted_accuracy("accuracy_recomputed", full, half)
    path = chosen_file(run_of(subject))
    if path is None:
        return no(Text("没有权重文件", "there is no checkpoint"), wanted, hint=RUN_TO_END)
    found = evaluation_of(subject, path, split)
    if isinstance(found, Verdict):
        return found
    value, where = found.top1 / 100, printable(path.name, 80)
    number = figures.fraction(value, full, half)
    seen = Text(f"{number}，{split} 的 {found.n} 张图片", f"{number} of {found.n} pictures of {split}")
    if value >= full:
        return yes(seen, wanted, place=where)
    share = 0.5 if half is not None and value >= half else 0.0
    return no(seen, wanted, hint=NOT_SEEN_BEFORE, place=where, share=share)


NOT_SEEN_BEFORE = Text(
    "这些图片训练时没有用过：对照日志里的损失和验证准确率，想想该改哪个参数。",
    "The training did not use these pictures: look at the log's loss and validation, "
    "then think which parameter to change.",
)
