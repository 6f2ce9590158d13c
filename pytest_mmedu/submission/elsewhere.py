"""在别的 Python 里 | What is said of a run in another Python, and of an MMEdu that is not the one to be expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.submission.interpreter import MMEDU, Interpreter
from pytest_mmedu.submission.reasons import not_started, not_started_because
from pytest_mmedu.text import Text, listing, printable

_NOT_THERE = Text("没有安装", "it is not installed")
_INSTALL = Text(
    "请在那个环境里安装 MMEdu，或者用 --mmedu-python 指定另一个 Python。",
    "Install MMEdu in that environment, or name another Python with --mmedu-python.",
)
_INSTALL_STACK = Text(
    "请在那个环境里安装 MMEdu，或 torch、mmcv 1.x 和 mmcls 0.x。",
    "Install MMEdu in that environment, or torch, mmcv 1.x and mmcls 0.x.",
)
_WITHOUT = Text("批改 mmcls 配置时请去掉 --mmedu-python。", "Grade mmcls configs without --mmedu-python.")


def not_ready(claim: Mapping[str, Any] | None, interpreter: Interpreter | None) -> NoRun | None:
    """The child said, before anything of the student's was run, what its Python lacks."""
    if claim is None or claim["how"] != "not started" or "lacks" not in claim:
        return None
    if claim["lacks"] == "packages":
        said = not_started_because(claim)
        return said if interpreter is None else _of_other_python(said, interpreter)
    why = " ".join(str(claim.get("why", "")).split())
    words = Text.same(printable(why, 200)) if why else _NOT_THERE
    if claim["lacks"] == "libraries":
        return _does_not_load(words, interpreter)
    version = printable(str(claim.get("python")), 20)
    if claim["lacks"] == "configs":
        seen = Text(
            f"mmcls 配置由本工具训练，要 Python 3.10 以上，而 --mmedu-python 是 {version}。",
            f"An mmcls config is trained by this kit, which takes Python 3.10 or newer; --mmedu-python is {version}.",
        )
        return not_started(seen, _WITHOUT)
    seen = Text(
        f"Python {version} 里没有能用的 MMEdu（{words.zh}），本工具自己的 MMClassification 又要 Python 3.10 以上。",
        f"Python {version} has no MMEdu that works ({words.en}), "
        "and this kit's own MMClassification takes Python 3.10 or newer.",
    )
    return not_started(seen, _INSTALL)


def _of_other_python(said: NoRun, interpreter: Interpreter) -> NoRun:
    """The kit's own sentence is about the Python that it stands in."""
    name = f"{_python(interpreter)}（--mmedu-python）：", f"{_python(interpreter)} (--mmedu-python): "
    return not_started(Text(name[0] + said.seen.zh, name[1] + said.seen.en), _INSTALL_STACK)


def _does_not_load(why: Text, interpreter: Interpreter | None) -> NoRun:
    zh, en = (
        ("", "") if interpreter is None else (f"在 Python {interpreter.version} 里，", f" in {_python(interpreter)}")
    )
    seen = Text(f"{zh}训练所需的软件无法导入（{why.zh}）。", f"The software for training does not load{en} ({why.en}).")
    return not_started(seen)


def software(events: Sequence[Mapping[str, Any]], interpreter: Interpreter | None) -> Iterator[Text]:
    """Which MMEdu the program got, in which Python: said where it was another Python, or not this kit's own.

    The child wrote it down before the student's program began.
    """
    used = next((event for event in events if event["event"] == "software"), None)
    if used is None or (interpreter is None and used["mmedu"] != "real" and not used["why"]):
        return
    mmedu = _mmedu(used)
    if interpreter is None:
        yield Text(f"训练用的是{mmedu.zh}。", f"Trained with {mmedu.en}.")
        return
    stack = listing(f"{name} {interpreter.versions[name]}" for name in ("torch", "mmcv", "mmcls"))
    yield Text(
        f"在 Python {interpreter.version}（{stack.zh}）里训练，用的是{mmedu.zh}。",
        f"Trained in {_python(interpreter)} ({stack.en}) with {mmedu.en}.",
    )


def _mmedu(used: Mapping[str, Any]) -> Text:
    version, why = printable(used["version"], 20), printable(" ".join(used["why"].split()), 120)
    if used["mmedu"] == "real":
        return Text(f" {MMEDU} {version} 本身", f"the real {MMEDU} {version}")
    reason = Text(f"{MMEDU} 无法导入：{why}", f"{MMEDU} cannot be imported: {why}") if why else _NO_MMEDU
    return Text(f"本工具的 MMClassification（{reason.zh}）", f"this kit's MMClassification ({reason.en})")


_NO_MMEDU = Text("那里没有 MMEdu", "there is no MMEdu in it")


def _python(interpreter: Interpreter) -> str:
    return f"Python {interpreter.version}"
