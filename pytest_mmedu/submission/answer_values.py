"""一个答案的值 | One answer's value: plain data is kept, everything else says why it is none."""

from __future__ import annotations

import ast
import json
import math
import re
import unicodedata
from typing import Any

from pytest_mmedu import toml_text
from pytest_mmedu.answered import Answer
from pytest_mmedu.text import Text, printable

LONGEST_TEXT = 2000
_LONGEST_LIST, _DEEPEST, _MOST_DIGITS = 100, 3, 30
_BLANKS = {"", "...", "…", "……"}
_NAMED: dict[str, Any] = {"true": True, "false": False, "none": None, "null": None, "nil": None}
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d][\w./-]*")
_COMMENT = re.compile(r"\s*(#|//).*$")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class NotPlain(Exception):
    """What cannot be read, and what to do."""

    def __init__(self, seen: Text, todo: Text) -> None:
        super().__init__(seen.en)
        self.seen, self.todo = seen, todo


def answer(value: Any, place: str | None) -> Answer:
    """The answer for a value that a reader of TOML, JSON or Python gave."""
    try:
        kept = plain(value)
    except NotPlain as wrong:
        return unreadable(wrong.seen, wrong.todo, place)
    return Answer(None, "not filled in", place) if _open(kept) else Answer(kept, "given", place)


def unreadable(seen: Text, todo: Text, place: str | None) -> Answer:
    return Answer(None, "unreadable", place, seen, todo)


def plain(value: Any, depth: int = 0) -> Any:
    """The same as bool, int, float, str, None or a list of these.

    Raises:
        NotPlain: it is anything else, too long, too deep, or not finite.
    """
    if value is ... or value is None:
        return None
    if type(value) is bool:
        return value
    if type(value) in (int, float):
        return _number(value)
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            raise NotPlain(_TOO_LONG, _SHORTER)
        return value.strip()
    if isinstance(value, (list, tuple)):
        if depth >= _DEEPEST or len(value) > _LONGEST_LIST:
            raise NotPlain(_TOO_LONG, _SHORTER)
        return [plain(one, depth + 1) for one in value]
    raise NotPlain(_OTHER_KIND, _WRITE_PLAINLY)


def written(text: str) -> Any:
    """The value that stands behind the `=` of one line, however it is written.

    Raises:
        NotPlain: it says what is wrong with the line.
    """
    for read in (_as_toml, _as_python, _as_json):
        try:
            return read(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError, OverflowError):
            continue
    bare = _COMMENT.sub("", text).strip()
    if bare.casefold() in _NAMED:
        return _NAMED[bare.casefold()]
    if bare in _BLANKS:
        return None
    if _NOT_FINITE.fullmatch(bare):
        raise NotPlain(_NO_NUMBER, _QUOTE_IT)
    if _CHINESE.search(bare) and not set(bare) & set("\"'“”"):  # a text without its quotes
        return plain(bare)
    sign = full_width_sign(bare)
    if sign is not None:
        raise NotPlain(*full_width(bare, sign))
    if _WORD.fullmatch(bare):  # optimizer = SGD
        return bare
    raise NotPlain(*_unclear(bare))


def from_tree(node: ast.expr) -> Any:
    """The value of a literal in Python; nothing is run.

    Raises:
        NotPlain: it is no literal.
    """
    if isinstance(node, ast.Name) and _NOT_FINITE.fullmatch(node.id):
        raise NotPlain(_NO_NUMBER, _QUOTE_IT)
    if isinstance(node, ast.Name):
        return _NAMED.get(node.id.casefold(), node.id)
    if isinstance(node, (ast.List, ast.Tuple)):
        return [from_tree(one) for one in node.elts]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        number = from_tree(node.operand)
        if type(number) in (int, float):
            return -number if isinstance(node.op, ast.USub) else number
    if isinstance(node, ast.Constant):
        return node.value
    raise NotPlain(_CODE, _WRITE_RESULT)


def full_width_sign(text: str) -> str | None:
    """The first digit, letter or sign outside quotes that was typed with the Chinese input method."""
    bare = _QUOTED.sub("", text)
    return next((char for char in bare if char in "“”‘’。、" or is_wide(char)), None)


def is_wide(char: str) -> bool:
    return unicodedata.normalize("NFKC", char) != char and unicodedata.east_asian_width(char) == "F"


def full_width(text: str, sign: str) -> tuple[Text, Text]:
    """What is said about such a sign."""
    shown = printable(text, 40)
    return (
        Text(f"{shown} 里有全角字符 {sign}", f"{shown} has the full-width sign {sign}"),
        Text("请切换到英文输入法重打这一行。", "Type this line again with the English input method."),
    )


def _number(value: float) -> float:
    if isinstance(value, float) and not math.isfinite(value):
        raise NotPlain(_NO_NUMBER, _QUOTE_IT)
    if isinstance(value, int) and abs(value) >= 10**_MOST_DIGITS:
        raise NotPlain(_TOO_LONG, _SHORTER)
    return value


def _open(value: Any) -> bool:
    """Left as the starter has it: nothing, dots, or a list in which something is."""
    if isinstance(value, list):
        return any(_open(one) for one in value)
    return value is None or value in _BLANKS


def _as_toml(text: str) -> Any:
    return toml_text.parse(f"value = {text}")["value"]


def _as_python(text: str) -> Any:
    tree = ast.parse(f"value = {text}")
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Assign):
        raise SyntaxError
    if full_width_sign(text) is not None:  # Python takes some of them for ASCII
        raise SyntaxError
    return from_tree(tree.body[0].value)


def _as_json(text: str) -> Any:
    return json.loads(text)


def _unclear(text: str) -> tuple[Text, Text]:
    shown = printable(text, 40)
    return Text(f"读不懂 {shown}", f"{shown} cannot be read"), _WRITE_PLAINLY


_NO_NUMBER = Text("NaN 和无穷大不是数值答案", "NaN and infinity are no numbers to answer with")
_QUOTE_IT = Text(
    "请写一个普通的数；要写 NaN 这个词，就放在英文引号里。",
    "Write an ordinary number; if the word NaN is meant, put it in straight quotes.",
)
_CODE = Text("这里写的是代码，不是值", "this is code, not a value")
_WRITE_RESULT = Text("请把结果直接写上，答案文件不会运行。", "Write the result itself: an answers file is not run.")
_OTHER_KIND = Text("不是数字、文字或列表", "this is neither a number nor a text nor a list")
_WRITE_PLAINLY = Text("数字直接写，文字放在英文引号里。", "Write a number as it is, and a text in straight quotes.")
_TOO_LONG = Text("答案太长", "the answer is too long")
_SHORTER = Text("请写短一些。", "Write a shorter one.")
