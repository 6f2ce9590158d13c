"""文件检查 | Checks of the files that a training leaves: log, checkpoints, best checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

from pytest_mmedu.checks.facts import last_epoch, last_line, ran_with, run_of, wanted_epochs
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text, listing, printable


@check("run")
def run_finished(subject: Subject) -> Verdict:
    """训练完成 | Training finished

    The last epoch of the log, or of the checkpoints where the log is silent, is the one that was asked for.
    """
    run = run_of(subject)
    wanted_count = wanted_epochs(subject)
    reached = last_epoch(subject.log) if subject.log is not None else 0
    if wanted_count is None or reached < wanted_count:  # checkpoints may be of an earlier training in this folder
        reached = max([reached, *run.checkpoints])
    where = _log_end(subject)
    if not reached:
        seen = Text("一轮也没有完成", "not one epoch was finished")
        return no(seen, hint=RUN_TO_END, place=where)
    if wanted_count is None:
        seen = Text(f"训练到第 {reached} 轮", f"trained up to epoch {reached}")
        return unknown(seen, hint=Text("请写明 epochs。", "State epochs."), place=where)
    seen = Text(f"{reached}/{wanted_count} 轮", f"{reached}/{wanted_count} epochs")
    if reached < wanted_count:
        return no(seen, hint=RUN_TO_END, place=where)
    return yes(seen, place=where)


@check("run")
def log_exists(subject: Subject) -> Verdict:
    """日志存在 | The log exists"""
    log = run_of(subject).log
    if subject.log is not None:
        return yes(Text.same(printable(subject.log.source)), place=subject.log.place())
    if log is None:
        seen = Text("没有 *.log.json 文件", "there is no *.log.json")
        return no(seen, hint=LOOK_IN_SAVE_FOLD)
    seen = Text(f"{printable(log.name)} 读不出内容", f"{printable(log.name)} cannot be read")
    return no(seen, hint=HAND_IN_UNTOUCHED, place=printable(log.name))


@check("run")
def checkpoints_exist(subject: Subject) -> Verdict:
    """权重文件存在 | Checkpoints exist

    The checkpoint of the last epoch and `latest.pth`; earlier epochs may have been cleared away.
    """
    run = run_of(subject)
    expected = wanted_epochs(subject) or (last_epoch(subject.log) if subject.log is not None else 0)
    found = list(run.checkpoints)
    wanted = Text("应有最后一轮的 epoch_N.pth", "epoch_N.pth of the last epoch")
    if not found:
        return no(Text("没有 epoch_N.pth 文件", "there is no epoch_N.pth"), wanted, hint=RUN_TO_END)
    where = run.checkpoints[found[-1]].name
    seen = Text(f"{len(found)} 个，到 {where}", f"{len(found)}, up to {where}")
    if found[-1] < expected:
        return no(seen, wanted, hint=RUN_TO_END, place=where)
    if run.latest is None:
        more = Text(f"{seen.zh}，没有 latest.pth", f"{seen.en}, but no latest.pth")
        return no(more, wanted, hint=HAND_IN_UNTOUCHED, place=where, share=0.5)
    return yes(seen, wanted, place=where)


@check("run")
def best_checkpoint_exists(subject: Subject) -> Verdict:
    """最佳权重存在 | The best checkpoint exists"""
    found = best_files(run_of(subject))
    if found:
        names = listing(printable(path.name) for path in found)
        return yes(names, place=printable(found[-1].name))
    seen = Text("没有 best_*.pth 文件", "there is no best_*.pth")
    if ran_with(subject, "validate") is False:
        seen = Text("没有 best_*.pth 文件：训练时没有验证", "there is no best_*.pth: the training did not validate")
        return no(seen, hint=TURN_ON_VALIDATION)
    return no(seen, hint=LOOK_AT_SAVE_BEST)


def best_files(run: Run) -> list[Path]:
    """`best_*_epoch_N.pth` by epoch; early mmengine put them into a folder `best_accuracy`."""
    if not run.folder.is_dir():
        return []
    paths = [*run.folder.glob("best_*.pth"), *run.folder.glob("best_*/*.pth")]
    return sorted((path for path in paths if path.is_file()), key=lambda path: (best_file_epoch(path) or 0, path.name))


def chosen_file(run: Run) -> Path | None:
    """The checkpoint that a student means: the best one, else that of the last epoch."""
    best = best_files(run)
    return best[-1] if best else next(reversed(run.checkpoints.values()), run.latest)


def best_file_epoch(path: Path) -> int | None:
    """4 for `best_accuracy_top-1_epoch_4.pth`, and for mmengine's early `best_accuracy/top1_epoch_4.pth`."""
    match = re.fullmatch(r".+_epoch_(\d{1,9})\.pth", path.name)
    return int(match[1]) if match else None


def _log_end(subject: Subject) -> str | None:
    return subject.log.place(last_line(subject.log)) if subject.log is not None else None


RUN_TO_END = Text(
    "让训练跑完再交：看看屏幕上最后几行有没有报错。",
    "Let the training run to its end: do the last lines on the screen show an error?",
)
LOOK_IN_SAVE_FOLD = Text(
    "日志在 save_fold 指定的文件夹里：训练真的开始了吗？",
    "The log lies in the folder that save_fold names: did the training really start?",
)
HAND_IN_UNTOUCHED = Text(
    "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
    "Hand in the save folder as it is, without changing its files.",
)
TURN_ON_VALIDATION = Text(
    "没有验证就选不出最佳权重：看一看参数 validate。",
    "Without validation there is no best: look at the parameter validate.",
)
LOOK_AT_SAVE_BEST = Text(
    "看一看参数 validate 和 save_best：每轮都要验证，才选得出最佳权重。",
    "Look at the parameters validate and save_best: the best is chosen from the validations.",
)
