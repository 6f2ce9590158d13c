"""语法错误怎么改 | What to do about a syntax error: one next step for each of Python's messages that pupils meet."""

from __future__ import annotations

import re

from pytest_mmedu.text import Text

_OTHERWISE = Text(
    "检查这一行和上一行的拼写、括号、引号、逗号、等号和缩进。",
    "Check spelling, brackets, quotes, commas, equals signs and indentation of this line and the one above.",
)
_INDENTATION = Text(
    "检查这一行的缩进：同一层用同样多的空格，不要混用 Tab 和空格。",
    "Check the indentation: the same number of spaces on one level, no tabs among them.",
)

# Patterns are read in order, against messages of Python 3.10 to 3.14.
_ADVICE: tuple[tuple[str, Text], ...] = (
    (
        r"unicodeescape",
        Text("引号里的 \\ 有特殊含义：路径请用 / 。", "A \\ in quotes has a meaning of its own: write paths with /."),
    ),
    (
        r"invalid non-printable character",
        Text("这一行有看不见的特殊空格，请删掉后用空格键重打。", "Delete the invisible space and type it again."),
    ),
    (
        r"was never closed|unexpected EOF|unmatched|does not match",
        Text("检查括号是否成对。", "Check that every bracket has its partner."),
    ),
    (r"unterminated|EOL while scanning", Text("检查引号是否成对。", "Check that every quote has its partner.")),
    (r"expected ':'", Text("检查行末是否少了英文冒号。", "Check whether the line needs a colon at its end.")),
    (
        r"forgot a comma",
        Text("检查是否少了英文逗号。", "Check whether a comma is missing here."),
    ),
    (r"call to 'print'", Text("print 后面要加括号：print(...)。", "Give print its brackets: print(...).")),
    (
        r"positional argument follows keyword",
        Text("带名字的参数后面，每个参数都要写名字。", "After an argument with a name, every argument needs its name."),
    ),
    (
        r"keyword argument repeated|repeated keyword",
        Text("同一个参数写了两次，请留下一个。", "One argument is given twice: keep one of them."),
    ),
)
# What the line itself shows, and Python's message does not say.
_IN_THE_LINE: tuple[tuple[str, Text], ...] = (
    (r"\.\.\.\w|\w\.\.\.", Text("... 要整个换掉，三个点都不留。", "Replace the ... as a whole: no dot is to be left.")),
    (r"\w\s*=\s*[,)]", Text("等号后面还没有值。", "The value after the equals sign is missing.")),
)
_NAMED_SIGN = re.compile(r"invalid character '(.)'")
_FOREIGN_SIGN = re.compile("[，。：；（）【】“”‘’＝＋－！？、《》]")
_TEXT_OR_COMMENT = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")


def advice(error: SyntaxError, line: str) -> Text:
    """The next step for this error; `line` is the one that it names."""
    if isinstance(error, IndentationError):  # TabError is one as well
        return _INDENTATION
    message, code = error.msg or "", _TEXT_OR_COMMENT.sub("", line)
    named, foreign = _NAMED_SIGN.match(message), _FOREIGN_SIGN.search(code)
    if foreign:
        return _type_again(foreign[0])
    if named:
        return _type_again(named[1])
    seen = (text for pattern, text in _IN_THE_LINE if re.search(pattern, code))
    return next(seen, None) or next((text for pattern, text in _ADVICE if re.search(pattern, message)), _OTHERWISE)


def _type_again(sign: str) -> Text:
    kind = "中文标点" if _FOREIGN_SIGN.match(sign) else ""
    return Text(
        f"代码里不能用{kind}「{sign}」，请切换到英文输入法重打。",
        f"The sign {sign} cannot stand in code: type it again with the English input method.",
    )
