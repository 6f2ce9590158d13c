"""MMEdu 自己的报错 | What the real MMEdu raises, told as the kit's own MMClassification tells it.

Its messages are English and name a number, but for most mistakes there is none: a text for `lr` fails deep in torch,
`epochs=0` trains nothing and says nothing. The table that the kit's own train() asks says what was wrong with a call;
for the rest the number says it, or the words of the library that failed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.params import BACKBONES, problems
from pytest_mmedu.text import Text, listing, printable

_CHECK_PATH = Text(
    "请核对路径；相对路径从程序所在的文件夹算起。",
    "Check the path; a relative one starts at the folder of the program.",
)
_COUNT = Text("请数一数 training_set 里有几个文件夹。", "Count the folders in training_set.")
_USUAL = Text("常用的有 SGD、Adam、Adagrad。", "Usual ones are SGD, Adam, Adagrad.")
# By MMEdu's number: what is wrong, and what to do.
_BY_CODE: Mapping[int, tuple[Text, Text]] = {
    -101: (Text("没有这个数据集文件夹", "There is no such data set folder"), _CHECK_PATH),
    -102: (Text("没有这个权重文件", "There is no such checkpoint"), _CHECK_PATH),
    -103: (Text("没有这个要推理的文件", "There is no such file to classify"), _CHECK_PATH),
    -201: (
        Text("数据集不合格", "The data set is not as it should be"),
        Text("请核对数据集的文件夹和图片。", "Check the folders and the pictures of the data set."),
    ),
    -202: (
        Text("这不是 .pth 权重文件", "This is no .pth checkpoint"),
        Text("请选 save_fold 里的一个 .pth 文件。", "Choose a .pth file from the save folder."),
    ),
    -203: (
        Text("这种图片不能用", "This kind of picture cannot be used"),
        Text("请用 png、jpg 或 bmp 图片。", "Use a png, jpg or bmp picture."),
    ),
    -301: (
        Text("没有这样的计算设备", "There is no such device"),
        Text("没有 NVIDIA 显卡的电脑用 'cpu'。", "Use 'cpu' on a computer without an NVIDIA GPU."),
    ),
    -302: (
        Text("没有这个网络", "There is no such network"),
        Text(
            f"可以用的有 {listing(BACKBONES).zh}。请核对大小写。",
            f"There are {listing(BACKBONES).en}. Check the spelling, capitals included.",
        ),
    ),
    -303: (
        Text("参数 validate 的值不对", "The value of validate is wrong"),
        Text("写 True 或 False，不加引号。", "Write True or False without quotes."),
    ),
    -501: (
        Text("没有这个参数", "There is no such parameter"),
        Text("运行 pytest-mmedu params 查看全部参数。", "Run pytest-mmedu params to see them all."),
    ),
}


# By the words of a library, found in its message: what is wrong, and what to do.
_BY_WORDS: Sequence[tuple[str, Callable[[re.Match[str]], Text], Text]] = (
    (
        r"(\w+) is not in the optimizer registry",
        lambda found: Text(f"没有名为 {found[1]} 的优化器。", f"There is no optimizer {found[1]}."),
        _USUAL,
    ),
    (
        r"(\w+)(?:: |\.)__init__\(\) got an unexpected keyword argument 'momentum'",
        lambda found: Text(f"MMEdu 用不了优化器 {found[1]}。", f"MMEdu cannot use the optimizer {found[1]}."),
        _USUAL,
    ),
    (
        r"Found no NVIDIA driver|Default process group has not been initialized",
        lambda _: Text("MMEdu 在这里不能用多个进程训练。", "MMEdu cannot train in several processes here."),
        Text("去掉 distributed=True，device 用 'cpu'。", "Drop distributed=True, and use device='cpu'."),
    ),
    (
        r"selected index k out of range",
        lambda _: Text("参数 topk 大于类别数。", "Parameter topk is above the number of classes."),
        Text("k 不能超过类别数。", "k must not exceed the number of classes."),
    ),
    (
        r"Target (\d+) is out of bounds",
        lambda _: Text("num_classes 没有设置，或者太小。", "num_classes is not set, or too small."),
        _COUNT,
    ),
)


def as_the_kit_says(facts: Mapping[str, Any], classes: int | None) -> Mapping[str, Any]:
    """What a run left, as the kit's own MMClassification would have left it; `classes` are those of the data."""
    events, claim = facts["events"], facts["claim"]
    if claim is None or not any(event["event"] == "software" and event["mmedu"] == "real" for event in events):
        return facts
    for at, event in enumerate(events):
        refused = _refused(event["params"], classes) if event["event"] == "train" else None
        if refused is not None:
            return _stopped_at(at, refused, facts)
    if claim["how"] != "error" or "seen" in claim["error"]:
        return facts
    found = _of_code(claim["error"]) or _of_words(claim["error"])
    return {**facts, "claim": {**claim, "error": {**claim["error"], **found}}}


def _refused(params: Mapping[str, Any], classes: int | None) -> ParameterError | None:
    """What the kit's train() says to such a call."""
    wrong = problems(params)
    if wrong:
        return wrong[0]
    stated = params.get("num_classes")
    if classes is None or stated is None or stated == classes:
        return None
    seen = Text(
        f"参数 num_classes 是 {stated}，数据集有 {classes} 类。",
        f"Parameter num_classes is {stated}, the data set has {classes} classes.",
    )
    return ParameterError(seen, _COUNT)


def _stopped_at(at: int, refused: ParameterError, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The program as if that call had raised the kit's error: no training from there on."""
    before = facts["events"][: at + 1]
    ended = sum(event["event"] == "finished" for event in before)
    runs = [{**run, "turns": [turn for turn in run["turns"] if turn < ended]} for run in facts["runs"]]
    error = {"type": type(refused).__name__, "message": "", "code": refused.code, "line": before[-1]["line"]}
    seen = refused.seen if refused.allowed is None else refused.seen + refused.allowed
    told = {**error, "file": None, "seen": seen.to_json(), "todo": refused.todo.to_json()}
    return {**facts, "events": before, "runs": runs, "claim": {"how": "error", "error": told}}


def _of_code(error: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing where there is no number."""
    known = _BY_CODE.get(error.get("code") or 0)
    if known is None:
        return {}
    words = printable(str(error.get("message")).partition(". ")[2].strip(), 120)
    seen, todo = known
    whole = Text(f"{seen.zh}（{words}）。", f"{seen.en} ({words}).")
    return {"seen": whole.to_json(), "todo": todo.to_json()}


def _of_words(error: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing where nobody knows what the words mean."""
    message = printable(str(error.get("message")), 500)
    for pattern, meaning, todo in _BY_WORDS:
        found = re.search(pattern, message)
        if found:
            return {"seen": meaning(found).to_json(), "todo": todo.to_json()}
    return {}
