"""Answers: what a student wrote into the file -> the exact sentences, never the expected value."""

from __future__ import annotations

from pathlib import Path

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.submission.answers_file import find_answers
from pytest_mmedu.text import Text
from tests.checks.made import Make, Row

WHERE = Text("数一数 run.log.json 里的验证记录。", "Count the validations in run.log.json.")
LOOK_AGAIN = (
    "再读一遍题目，回到它所说的文件里重新找。",
    "Read the question once more, and look again in the file it names.",
)
FORM = ("请按要求的写法再写一次。", "Write it once more in the form that is asked for.")
FULL_WIDTH = ("请切换到英文输入法重打这一行。", "Type this line again with the English input method.")
PLAINLY = ("数字直接写，文字放在英文引号里。", "Write a number as it is, and a text in straight quotes.")
STARTER = (
    "请用老师给的文件，一行写一个答案，存成 UTF-8 文本。",
    "Use the file that you were given: one answer a line, saved as UTF-8 text.",
)
NUMBER = ("应为一个数，不带单位", "should be a number without a unit")


def answered(text: str | bytes, file: str = "answers.toml") -> Make:
    def make(folder: Path) -> Subject:
        (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
        return Subject(answers=find_answers(folder, "answers.toml"))

    return make


def right(text: str, **given: object) -> Row:
    shown = given.pop("shown", text)
    return Row(
        "answer",
        "passed",
        answered(f"q = {text}\n"),
        seen=(str(shown), str(shown)),
        place="answers.toml:1",
        given={"name": "q", **given},
    )


def wrong(
    text: str,
    seen: tuple[str, str],
    hint: tuple[str, str] = LOOK_AGAIN,
    wanted: tuple[str, str] | None = None,
    **given: object,
) -> Row:
    return Row(
        "answer",
        "failed",
        answered(f"q = {text}\n"),
        seen=seen,
        wanted=wanted,
        hint=hint,
        place="answers.toml:1",
        given={"name": "q", **given},
    )


def same(text: str) -> tuple[str, str]:
    return text, text


ROWS = (
    right("12", equals=12),
    right('"12"', equals=12, shown="12"),
    right("12.0", equals=12),
    right("0.31", equals=0.3, within=0.01),
    right("104", equals=100, within="5%"),
    right('"90%"', equals=0.9, shown="90%"),
    right('"90 %"', equals=90.0, shown="90 %"),
    right('"sgd"', equals="SGD", shown="sgd"),
    right("SGD", equals="SGD"),
    right("true", equals=True),
    right("True", equals=True, shown="true"),
    right('"否"', equals=False, shown="否"),
    right("[1, 5]", equals=(1, 5)),
    right('"1、5"', equals=[1, 5], shown="1、5"),
    right('["b", "a"]', equals={"a", "b"}, shown="[b, a]"),
    right('"lr"', one_of=("lr", "learning rate"), shown="lr"),
    right("[lr, 0.1]", equals=("lr", 0.1)),
    wrong("13", same("13"), equals=12),
    wrong("13", same("13"), (WHERE.zh, WHERE.en), equals=12, where=WHERE),
    wrong("0.32", same("0.32"), equals=0.3, within=0.01),
    wrong("110", same("110"), equals=100, within="5%"),
    wrong('"0.5%"', same("0.5%"), equals=0.5),
    wrong('"Adam"', same("Adam"), one_of=("SGD", "Adagrad")),
    wrong("[5, 1]", same("[5, 1]"), equals=(1, 5)),
    wrong("[1]", same("[1]"), equals=(1, 5)),
    wrong("false", same("false"), equals=True),
    wrong("true", same("true"), FORM, NUMBER, equals=1),
    wrong("1", same("1"), FORM, ("应为 true 或 false", "should be true or false"), equals=True),
    wrong("12轮", same("12轮"), FORM, NUMBER, equals=12),
    wrong('"12%"', same("12%"), FORM, NUMBER, equals=12),
    wrong("0,5", same("[0, 5]"), FORM, NUMBER, equals=0.5),
    wrong(
        '"０.５"',
        same("０.５"),
        ("数字要用英文输入法输入。", "Type the number with the English input method."),
        NUMBER,
        equals=0.5,
    ),
    wrong("[1, 2]", same("[1, 2]"), FORM, ("应为文字", "should be a text"), equals="SGD"),
    wrong("０.５", ("０.５ 里有全角字符 ０", "０.５ has the full-width sign ０"), FULL_WIDTH, equals=0.5),
    wrong("“SGD”", ("“SGD” 里有全角字符 “", "“SGD” has the full-width sign “"), FULL_WIDTH, equals="SGD"),
    wrong(
        "nan",
        ("NaN 和无穷大不是数值答案", "NaN and infinity are no numbers to answer with"),
        (
            "请写一个普通的数；要写 NaN 这个词，就放在英文引号里。",
            "Write an ordinary number; if the word NaN is meant, put it in straight quotes.",
        ),
        equals=0.5,
    ),
    wrong(
        "len([1])",
        ("这里写的是代码，不是值", "this is code, not a value"),
        ("请把结果直接写上，答案文件不会运行。", "Write the result itself: an answers file is not run."),
        equals=1,
    ),
    wrong("2024-05-01", ("不是数字、文字或列表", "this is neither a number nor a text nor a list"), PLAINLY, equals=1),
    wrong("@ 5", ("读不懂 @ 5", "@ 5 cannot be read"), PLAINLY, equals=5),
    wrong("1" * 31, ("答案太长", "the answer is too long"), ("请写短一些。", "Write a shorter one."), equals=1),
    Row(
        "answer",
        "failed",
        answered("q ＝ 12\n"),
        seen=("q ＝ 里有全角字符 ＝", "q ＝ has the full-width sign ＝"),
        hint=FULL_WIDTH,
        place="answers.toml:1",
        given={"name": "q", "equals": 12},
    ),
    Row(
        "answer",
        "failed",
        answered("q = 1\np = 2\nq = 2\n"),
        seen=("写了 2 次（第 1、3 行）", "written 2 times (lines 1, 3)"),
        hint=("请只留下一个答案。", "Keep one answer only."),
        place="answers.toml:3",
        given={"name": "q", "equals": 2},
    ),
    *(
        wrong(
            blank, ("还没有填写", "not filled in"), ("把 ... 换成你的答案。", "Put your answer for the dots."), equals=5
        )
        for blank in ("...", '"..."', '""', "…", "", "[1, ...]", "None")
    ),
    Row(
        "answer",
        "failed",
        answered("epoch_run = 12\n"),
        seen=("answers.toml 里没有 epochs_run", "answers.toml has no epochs_run"),
        hint=("epoch_run 是不是应该叫 epochs_run？", "Is epoch_run meant to be epochs_run?"),
        place="answers.toml",
        given={"name": "epochs_run", "equals": 12},
    ),
    Row(
        "answer",
        "failed",
        answered("a = 1\n"),
        seen=("answers.toml 里没有 epochs_run", "answers.toml has no epochs_run"),
        hint=("加一行 epochs_run = 你的答案。", "Add a line epochs_run = your answer."),
        place="answers.toml",
        given={"name": "epochs_run", "equals": 12},
    ),
    Row(
        "answer",
        "failed",
        answered("", "notes.md"),
        seen=("没有找到答案文件 answers.toml", "there is no answers file answers.toml"),
        hint=(
            "请把答案写进 answers.toml，和作业一起交上来。",
            "Put your answers into answers.toml and hand it in.",
        ),
        given={"name": "q", "equals": 1},
    ),
    Row(
        "answer",
        "failed",
        answered(b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        seen=("answers.toml 不是文本文件", "answers.toml is not a text file"),
        hint=STARTER,
        place="answers.toml",
        given={"name": "q", "equals": 1},
    ),
    Row(
        "answer",
        "failed",
        answered("# 还没写\n"),
        seen=("answers.toml 里没有“名字 = 值”这样的答案", "answers.toml holds no answer of the form name = value"),
        hint=STARTER,
        place="answers.toml",
        given={"name": "q", "equals": 1},
    ),
    Row(
        "answer",
        "failed",
        answered("q = 1\n" + "#" * 200_000),
        seen=("answers.toml 太大（超过 200 KB）", "answers.toml is too large (more than 200 KB)"),
        hint=STARTER,
        place="answers.toml",
        given={"name": "q", "equals": 1},
    ),
    Row(
        "answer",
        "undecidable",
        lambda _: Subject(),
        seen=("练习没有写明答案文件", "the exercise names no answers file"),
        hint=(
            '请老师在 exercise.toml 里写上 answers = "answers.toml"。',
            'The teacher should write answers = "answers.toml" in exercise.toml.',
        ),
        given={"name": "q", "equals": 1},
    ),
)
