"""多进程训练的检查 | Checks of a training in several processes: that they took part, and that one of them wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mmedu import rules
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.choices import unusable
from pytest_mmedu.checks.completeness import iterations_per_epoch
from pytest_mmedu.checks.facts import LENET_BATCH, OTHER_BATCH, chosen, chosen_value, processes, run_of
from pytest_mmedu.checks.figures import clause, many, shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.params import USUAL_PROCESSES
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.logs import TrainLog


@check("run")
def trained_in_processes(subject: Subject, *, at_least: int = 2) -> Verdict:
    """几个进程一起训练 | Trained in several processes

    What the parameters and the run say, held against the log: several processes take fewer steps through the pictures.
    """
    wanted = Text(f"至少 {at_least} 个", f"at least {at_least}")
    for name in ("distributed", "nproc"):
        empty = unusable(subject, name, wanted)
        if empty is not None:
            return empty
    count, where = processes(subject), chosen(subject, "distributed").place
    noted = run_of(subject).environment.get("nproc")
    seen = Text(f"{count} 个进程", many(count, "process"))
    if count < at_least:
        hint = TURN_ON if chosen_value(subject, "distributed") is not True else MORE_PROCESSES
        return no(seen, wanted, hint=hint, place=where)
    if noted is not None and noted != str(count):
        more = Text(f"要求 {count} 个，run.json 里是 {shown(noted)}", f"asked for {count}, run.json has {shown(noted)}")
        return no(more, wanted, hint=SAME_FOLDER, place="run.json")
    return _with_evidence(seen, wanted, iterations_per_epoch(subject))


def _with_evidence(seen: Text, wanted: Text, steps: Result) -> Verdict:
    told = Text(f"{seen.zh}；日志：{steps.seen.zh}", f"{seen.en}; the log: {steps.seen.en}")
    if steps.outcome == "passed":
        return yes(told, wanted, place=steps.place)
    if steps.outcome == "failed":
        return no(told, steps.wanted, hint=steps.hint or SAME_FOLDER, place=steps.place)
    return unknown(told, wanted, hint=steps.hint or SAME_FOLDER, place=steps.place)


@check("asked")
def effective_batch(subject: Subject, *, equals: int) -> Verdict:
    """一步一共看的图片 | Pictures of a step in all

    Each process has a batch of its own: what a step sees is batch_size times the number of processes.
    """
    wanted = Text(f"应为 {equals}", f"should be {equals}")
    for name in ("batch_size", "distributed", "nproc"):
        empty = unusable(subject, name, wanted)
        if empty is not None:
            return empty
    batch, where = chosen_value(subject, "batch_size"), chosen(subject, "batch_size").place
    if batch is None:
        batch = LENET_BATCH if chosen_value(subject, "backbone") == "LeNet" else OTHER_BATCH
    if not rules.whole(batch, 1):
        return no(Text.same(shown(batch)), wanted, hint=advice.for_parameter("batch_size", "other"), place=where)
    count = _asked_for(subject)
    seen = Text.same(f"{batch} × {count} = {batch * count}")
    return yes(seen, wanted, place=where) if batch * count == equals else no(seen, wanted, hint=MULTIPLY, place=where)


def _asked_for(subject: Subject) -> int:
    """The source alone: there may be no run."""
    if chosen_value(subject, "distributed") is not True:
        return 1
    asked = chosen_value(subject, "nproc")
    return asked if rules.whole(asked, 1) else USUAL_PROCESSES


@check("run")
def written_once(subject: Subject) -> Verdict:
    """日志和权重只写一份 | Log and weights written once"""
    run = run_of(subject)
    logs = sorted(run.folder.glob("*.log.json"), key=lambda path: path.name) if run.folder.is_dir() else []
    if len(logs) > 1:
        seen = Text(f"文件夹里有 {len(logs)} 份日志", f"{len(logs)} logs lie in the folder")
        return no(seen, hint=ONE_FOLDER_EACH, place=logs[-1].name)
    if subject.log is None:
        return unknown(Text("没有日志", "there is no log"), hint=SAME_FOLDER)
    twice = _twice(subject.log)
    if twice is not None:
        seen, line = twice
        return no(seen, hint=ONE_FOLDER_EACH, place=subject.log.place(line))
    count = len(run.checkpoints)
    return yes(Text(f"1 份日志，{count} 轮的权重", f"1 log, the weights of {many(count, 'epoch')}"), place=logs[0].name)


def _twice(log: TrainLog) -> tuple[Text, int | None] | None:
    """A step, a validation, or the head of the log that is written down more than once."""
    note = log.noted("several runs")
    if note is not None:
        return clause(note.text), note.line
    seen: set[tuple[int, int]] = set()
    for epoch, step, line in zip(log.train.epoch, log.train.iter, log.train.line, strict=True):
        if epoch is None or step is None:
            continue
        if (epoch, step) in seen:
            return Text(f"第 {epoch} 轮第 {step} 步写了两次", f"step {step} of epoch {epoch} is there twice"), line
        seen.add((epoch, step))
    return None


TURN_ON = Text(
    "默认只有一个进程：看一看参数 distributed。", "There is one process by default: look at the parameter distributed."
)
MORE_PROCESSES = Text("看一看参数 nproc。", "Look at the parameter nproc.")
SAME_FOLDER = Text("请交上训练留下的整个文件夹，不要改动。", "Hand in the whole folder of the training, unchanged.")
MULTIPLY = Text(
    "每个进程各看一批：把 batch_size 和进程数乘起来，再比一比。",
    "Each process has a batch of its own: multiply batch_size by the number of processes, and compare.",
)
ONE_FOLDER_EACH = Text(
    "一个 save_fold 只放一次训练：程序里有几个 train()？",
    "A save folder is for one training alone: how many train() calls has the program?",
)
