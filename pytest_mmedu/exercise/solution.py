"""母本里的 # SOLUTION | The `# SOLUTION` marks of a master: what they cover, and the source without it.

A mark stands at the end of a line, alone or after a comment that students keep, and covers a named value:
what stands right of `=`, after a keyword argument, after a key of a dict, or after `return`.

    epochs=10,  # 训练几轮？ | How many epochs?  # SOLUTION      ->  epochs=...,  # 训练几轮？ | How many epochs?

All such values that lie within the line are covered; where there is none, the one that begins or ends on it.
Positions come from `ast` and `tokenize`, so strings that hold the mark, brackets and commas cannot confuse it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.text import Text, printable

MARK = re.compile(r"\s*#\s*SOLUTION\b.*")
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Blank:
    """A value that students fill in: its name ("epochs"), its source, and where both lie in the master."""

    name: str
    value: str
    start: int
    end: int
    line: int
    last_line: int


class Master:
    """The master's source, with Windows line ends made plain. `place` is the file name, for error messages."""

    def __init__(self, source: str, place: str = "master.py") -> None:
        self.source, self.place = source.replace("\r\n", "\n").removeprefix("\ufeff"), place
        try:
            self.tree = ast.parse(self.source)
        except (SyntaxError, ValueError) as error:
            raise self._mistake(
                getattr(error, "lineno", None) or 1,
                Text("语法错误", "a syntax error"),
                Text("请先让母本能运行。", "Make the master run first."),
            ) from None
        self.tokens = list(tokenize.generate_tokens(io.StringIO(self.source).readline))

    @cached_property
    def blanks(self) -> tuple[Blank, ...]:
        """What the marks cover, in the order of the source.

        Raises:
            ExerciseError: no mark at all, or one that covers nothing.
        """
        found = {blank for mark in self._marks for blank in self._covered(mark.start[0])}
        if not found:
            raise self._mistake(
                1,
                Text("没有 # SOLUTION 记号", "no # SOLUTION mark"),
                Text("请在学生要填写的每一行末尾加上它。", "Put one at the end of each line that students fill in."),
            )
        return tuple(sorted(_outermost(found), key=lambda blank: blank.start))

    def reference(self) -> str:
        """The solved script: the master without its marks."""
        return self._checked(self._edited(self._without_marks()), self.tree)

    def starter(self) -> str:
        """The student's script: each covered value is `...`, and the marks are gone."""
        spans = [(blank.start, blank.end) for blank in self.blanks]
        comments = [edit for edit in self._without_marks() if not any(a <= edit[0] < b for a, b in spans)]
        edited = self._edited([*((start, end, "...") for start, end in spans), *comments])
        return self._checked(edited, _Blanked(self, self.blanks).visit(ast.parse(self.source)))

    @cached_property
    def _marks(self) -> list[tokenize.TokenInfo]:
        return [token for token in self.tokens if token.type == tokenize.COMMENT and MARK.search(token.string)]

    def _covered(self, line: int) -> list[Blank]:
        within = [one for one in self._values if one.line == line == one.last_line]
        chosen = within or [one for one in self._values if line in (one.line, one.last_line)]
        if not chosen:
            raise self._mistake(
                line,
                Text("# SOLUTION 没有对应的值", "# SOLUTION covers no value"),
                Text("请把它放在“名字 = 值”那一行的末尾。", "Put it at the end of the line that says “name = value”."),
            )
        return _outermost(chosen)

    @cached_property
    def _values(self) -> list[Blank]:
        return [self._blank(name, node) for name, node in _named_values(self.tree)]

    def _blank(self, name: str, node: ast.expr) -> Blank:
        start, end = self._with_brackets(*self.span(node))
        line, last_line = (self.source.count("\n", 0, at) + 1 for at in (start, end))
        return Blank(name, self.source[start:end], start, end, line, last_line)

    def span(self, node: ast.expr) -> tuple[int, int]:
        """Start and end in the source; `ast` knows no end only for trees that were not parsed, and this one was."""
        end = self._at_byte(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return self._at_byte(node.lineno, node.col_offset), end

    def _with_brackets(self, start: int, end: int) -> tuple[int, int]:
        """The round brackets around a value belong to it; `ast` does not count them."""
        before = [one for one in self._solid_tokens if one[1] <= start]
        after = [one for one in self._solid_tokens if one[0] >= end]
        while before and after and (before[-1][2], after[0][2]) == ("(", ")"):
            start, end = before.pop()[0], after.pop(0)[1]
        return start, end

    @cached_property
    def _solid_tokens(self) -> list[tuple[int, int, str]]:
        """Start, end and text of every token that is neither a comment nor white space."""
        solid = [one for one in self.tokens if one.string.strip() and one.type != tokenize.COMMENT]
        return [(self._at(one.start), self._at(one.end), one.string) for one in solid]

    def _without_marks(self) -> list[Edit]:
        edits = []
        for token in self._marks:
            start = self._at(token.start)
            kept = MARK.sub("", token.string)
            before = self.source[self._line_starts[token.start[0] - 1] : start]
            blanks = 0 if kept else len(before) - len(before.rstrip())
            edits.append((start - blanks, self._at(token.end), kept))
        return edits

    def _edited(self, edits: Iterable[Edit]) -> str:
        source = self.source
        for start, end, new in sorted(edits, reverse=True):
            source = source[:start] + new + source[end:]
        return source

    def _checked(self, source: str, wanted: ast.AST) -> str:
        """Nothing but the covered values may have changed, and no mark may be left."""
        result = Master(source, self.place)
        if result._marks or ast.dump(result.tree) != ast.dump(wanted):
            raise AssertionError(f"{self.place}: the rewritten source says something else than the master")
        compile(source, self.place, "exec")
        return source

    def _at(self, position: tuple[int, int]) -> int:
        return self._line_starts[position[0] - 1] + position[1]

    def _at_byte(self, line: int, column: int) -> int:
        """`ast` counts columns in bytes of UTF-8: a Chinese character is three."""
        start = self._line_starts[line - 1]
        text = self.source[start : start + column].encode()[:column]
        return start + len(text.decode(errors="ignore"))  # Python below 3.12 miscounts inside f-strings

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def _mistake(self, line: int, what: Text, todo: Text) -> ExerciseError:
        seen = Text(f"{self.place} 第 {line} 行：{what.zh}。", f"Line {line} of {self.place}: {what.en}.")
        return ExerciseError(seen, todo, place=f"{self.place}:{line}")


def _outermost(blanks: Collection[Blank]) -> list[Blank]:
    return [one for one in blanks if not any(_inside(one, other) for other in blanks)]


def _inside(one: Blank, other: Blank) -> bool:
    return one != other and other.start <= one.start and one.end <= other.end


def _named_values(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.value
        elif isinstance(node, ast.Assign):
            yield _last_name(node.targets[-1]), node.value
        elif isinstance(node, ast.AnnAssign) and node.value:
            yield _last_name(node.target), node.value
        elif isinstance(node, ast.Return) and node.value:
            yield "return", node.value
        elif isinstance(node, ast.Dict):
            yield from ((_last_name(key), value) for key, value in zip(node.keys, node.values, strict=True) if key)


def _last_name(target: ast.expr) -> str:
    """`model.save_fold` is known as save_fold, `d["lr"]` as lr."""
    if isinstance(target, ast.Attribute):
        return target.attr
    if isinstance(target, ast.Subscript):
        return _last_name(target.slice)
    return str(target.value) if isinstance(target, ast.Constant) else printable(ast.unparse(target), 60)


class _Blanked(ast.NodeTransformer):
    """The master's tree with `...` at the covered values: what the starter must parse to."""

    def __init__(self, master: Master, blanks: Iterable[Blank]) -> None:
        self.master, self.spans = master, {(blank.start, blank.end) for blank in blanks}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and self.master._with_brackets(*self.master.span(node)) in self.spans:
            return ast.Constant(...)
        return super().generic_visit(node)
