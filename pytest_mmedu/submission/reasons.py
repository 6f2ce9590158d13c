"""程序怎么结束的 | Why a program left no training to judge, in a sentence for the student."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Any

from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.limits import Ended
from pytest_mmedu.submission.python_errors import LESS_MEMORY, hint_for, meaning
from pytest_mmedu.submission.script import Written
from pytest_mmedu.text import Text, listing, printable

Facts = Mapping[str, Any]  # what the child wrote about itself: a claim

_SIGKILL = 9
_MACHINE_ERRORS = {errno.ENOSPC, errno.ENOMEM, errno.ENFILE}
_LOOK_THERE = Text("看看所指的那一行，在自己的电脑上改好再交。", "Look at that line, and mend it on your own computer.")
_SEE_WHERE = Text("在自己的电脑上运行一次，看看它在哪里停下。", "Run it on your own computer and see where it stops.")


def not_readable(error: SubmissionError) -> NoRun:
    """A syntax error, a file that is not text."""
    return NoRun("failed", error.seen, error.todo, error.place)


def nothing_to_run() -> NoRun:
    """No program was handed in."""
    seen = Text("没有找到可以运行的脚本或笔记本。", "There is no script or notebook to run.")
    return NoRun("failed", seen, Text("请把 .py 或 .ipynb 文件放进作业。", "Put your .py or .ipynb file in."))


def not_filled_in(written: Written) -> NoRun | None:
    """Something is still `...` where the program trains."""
    hint = Text(
        "把 ... 换成你自己选的值，保存，再运行一次。", "Put values of your own for the dots, save, and run it again."
    )
    for call in written.calls:
        blanks = sorted(call.blanks.items(), key=lambda item: item[1].line)
        if blanks:
            names = listing(name for name, _ in blanks)
            en = f"Parameter {names.en} is" if len(blanks) == 1 else f"Parameters {names.en} are"
            seen = Text(f"参数 {names.zh} 还没有填写。", f"{en} not filled in.")
            return NoRun("failed", seen, hint, written.source.place(blanks[0][1].line))
    if written.blank_places:
        seen = Text("训练的代码还没有写。", "The code for the training is not written yet.")
        todo = Text("把 ... 换成你的代码。", "Put your code for the dots.")
        return NoRun("failed", seen, todo, written.blank_places[0])
    return None


def no_training(written: Written) -> NoRun:
    """The program ran to its end and trained nothing."""
    if not written.source.text.strip():
        seen = Text(f"{written.source.name} 里什么也没有。", f"{written.source.name} is empty.")
        return NoRun("failed", seen, Text("写好程序，保存，再运行一次。", "Write the program, save, and run it again."))
    missed = written.reading.missed
    if missed and not written.reading.calls:
        seen = Text("程序运行完了，但没有训练：train() 所在的函数没有被调用。", _NEVER_CALLED)
        todo = Text("在程序的最后调用这个函数。", "Call that function at the end of the program.")
        return NoRun("failed", seen, todo, written.source.place(missed[0].line))
    seen = Text("程序运行完了，但没有训练。", "The program ran to its end without training anything.")
    todo = Text("检查 train() 是否写了、是否被注释掉了。", "Check that train() is there and not commented out.")
    return NoRun("failed", seen, todo)


def unseen_training() -> NoRun:
    """A log lies there that no training is known to have written: the program's own account of itself."""
    seen = Text(
        "程序留下了训练日志，但运行时没有看到训练：没有 train()，也没有计算过梯度。没有训练，日志就不能作数。",
        "The program left a training log, but no training was seen while it ran: no train(), and no gradient was "
        "computed. Without a training nobody knows what its log is worth.",
    )
    todo = Text(
        "训练要写在交上来的程序里：在它里面调用 train()，不要另开进程，也不要自己写日志。",
        "Let the program that you hand in call train() itself, not in another process, and leave the log to it.",
    )
    return NoRun("undecidable", seen, todo)


def without_files() -> NoRun:
    """A training ended, and nothing of it lies in the homework's folder."""
    seen = Text(
        "训练完成了，但作业文件夹里没有它的文件。", "A training ended, but its files are not in the homework's folder."
    )
    todo = Text(
        "让 save_fold 留在作业文件夹里面，程序也不要删掉它。",
        "Let save_fold lie inside the homework's folder, and do not delete it.",
    )
    return NoRun("failed", seen, todo)


def training_broke_off() -> NoRun:
    """One train() of several did not end, and the program went on, or passed it by."""
    seen = Text("这次训练没有完成。", "This training was not completed.")
    return NoRun("failed", seen, _SEE_WHERE)


_NEVER_CALLED = "The program ran to its end without training: nothing calls the function that holds train()."


def broken_limit(ended: Ended, budget: Budget) -> NoRun | None:
    """Stopped from outside."""
    if ended.how == "time":
        seconds = f"{budget.seconds:g}"
        seen = Text(
            f"程序运行超过 {seconds} 秒，已被停止。", f"The program ran longer than {seconds} s and was stopped."
        )
        todo = Text(
            "检查有没有停不下来的循环、等待或窗口。", "Look for a loop, a wait or a window that never comes to an end."
        )
        return NoRun("failed", seen, todo)
    if ended.how == "busy":
        seen = Text(
            "批改的电脑太忙，程序在限时内没有得到足够的计算时间，没有结论。",
            "The machine was too busy: the program did not get enough computing time within its limit. Inconclusive.",
        )
        return NoRun("error", seen, Text("请在电脑空闲时再批改一次。", "Grade again when the machine is idle."))
    if ended.how == "memory":
        seen = Text(
            f"程序用的内存超过 {budget.most_memory_mb} MB，已被停止。",
            f"The program used more than {budget.most_memory_mb} MB of memory and was stopped.",
        )
        return NoRun("failed", seen, LESS_MEMORY)
    if ended.how == "output":
        seen = Text("程序输出得太多，已被停止。", "The program printed too much and was stopped.")
        return NoRun("failed", seen, Text("检查循环里的 print。", "Look at the print in your loops."))
    if ended.how == "processes":
        seen = Text("程序开了太多进程，已被停止。", "The program started too many processes and was stopped.")
        return NoRun("failed", seen, Text("训练不需要自己开进程。", "A training needs no processes of your own."))
    if ended.how == "disk":
        seen = Text(
            "程序写了太多文件或太大的文件，已被停止。", "The program wrote too many or too large files and was stopped."
        )
        return NoRun("failed", seen, Text("检查循环里保存文件的语句。", "Look at what your loops save."))
    return None


def not_started(seen: Text | None = None, todo: Text | None = None) -> NoRun:
    """The child did not come as far as the student's program."""
    return NoRun(
        "error",
        seen or Text("运行作业的进程没有启动成功。", "The process that runs the submission did not start."),
        todo or Text("这不是学生的错：请运行 pytest-mmedu doctor。", "Not your fault: run pytest-mmedu doctor."),
    )


def not_started_because(claim: Facts) -> NoRun:
    """In the words of the child, where it has some."""
    return not_started(_of(claim, "seen"), _of(claim, "todo"))


def stopped(ended: Ended, budget: Budget, claim: Facts | None) -> NoRun | None:
    """What kept the program from ending by itself; None where nothing did."""
    return broken_limit(ended, budget) or broken_off(ended, claim)


def broken_off(ended: Ended, claim: Facts | None) -> NoRun | None:
    """The child ended without its closing words, or before the student's program began."""
    if claim is not None and claim["how"] == "not started":
        return not_started_because(claim)
    if ended.how == "not started":
        return not_started()
    return stopped_early(ended.code) if claim is None else None


def stopped_early(code: int | None) -> NoRun:
    """No closing record of the child: os._exit, a signal, a crash of the interpreter."""
    if code is not None and code < 0:
        number = -code
        seen = Text(f"程序被信号 {number} 终止。", f"The program was ended by signal {number}.")
        if number == _SIGKILL:  # its own doing or the system's for want of memory: nobody can tell
            return NoRun("error", seen, Text("再批改一次；若还是这样，请检查内存。", "Grade again; then check memory."))
        return NoRun("failed", seen, _SEE_WHERE)
    seen = Text(
        f"程序没有运行到结尾就停止了（退出码 {code}）。",
        f"The program stopped before its end (exit code {code}).",
    )
    todo = Text("删掉让程序提前退出的语句。", "Remove the statement that ends the program early.")
    return NoRun("failed", seen, todo)


def exited(code: int) -> NoRun:
    """sys.exit() before any training ended."""
    seen = Text(
        f"程序提前退出了（sys.exit，退出码 {code}），没有完成训练。",
        f"The program ended itself (sys.exit, code {code}) before any training was complete.",
    )
    return NoRun("failed", seen, Text("删掉让程序提前退出的语句。", "Remove the statement that ends it early."))


def own_error(error: Facts, written: Written) -> NoRun:
    """An exception: the student's own, or the machine's (a full disk, a missing package of ours)."""
    place = error_place(error, written)
    seen = error_text(error)
    if is_machines(error):
        return NoRun("error", seen, _of(error, "todo") or not_started().hint, place)
    hint = _of(error, "todo") or hint_for(*_words(error)) or (_LOOK_THERE if place else _SEE_WHERE)
    return NoRun("failed", seen, hint, place)


def error_after_training(error: Facts, written: Written) -> Text:
    """The training counts; the program failed in what it did afterwards."""
    place = error_place(error, written)
    where = Text("", "") if place is None else Text(f"（{place}）", f" ({place})")
    text = error_text(error)
    return Text(f"训练完成之后{where.zh}：{text.zh}", f"After the training{where.en}: {text.en}")


def is_machines(error: Facts) -> bool:
    """A full disk, a package of ours that is missing: not the student's fault, and gone another time.

    Any other word of the system is about a path that the program chose.
    """
    if isinstance(error.get("errno"), int):
        return error["errno"] in _MACHINE_ERRORS
    return bool(error.get("ours"))


def error_text(error: Facts) -> Text:
    """What was raised: MMEdu's number with its meaning, or Python's own words."""
    seen = _of(error, "seen")
    if seen is not None:
        code = error.get("code")
        number = f"Error Code: {code}. " if isinstance(code, int) else ""
        return Text(f"{number}{seen.zh}", f"{number}{seen.en}")
    return meaning(*_words(error))


def _words(error: Facts) -> tuple[str, str]:
    """Python's name for the error, and the first line of what it says."""
    message = str(error.get("message")).strip().split("\n")[0]
    return printable(str(error.get("type")), 60), printable(message, 200)


def error_place(error: Facts, written: Written) -> str | None:
    """The last line that is the student's own."""
    line, file = error.get("line"), error.get("file")
    if not isinstance(line, int):
        return None
    return f"{printable(file)}:{line}" if isinstance(file, str) else written.source.place(line)


def _of(error: Facts, name: str) -> Text | None:
    """A sentence that one of our own errors carries; the child may have written anything in its place."""
    found = error.get(name)
    if not isinstance(found, dict) or not all(isinstance(found.get(lang), str) for lang in ("zh", "en")):
        return None
    return Text(printable(found["zh"], 400), printable(found["en"], 400))
