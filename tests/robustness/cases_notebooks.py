"""Notebooks in every malformed kind (S22): refused with a reason, or read as the program that they hold.

`refused`: words of the reason. Otherwise the notebook's program is HONEST, whatever is odd around it; `notes` are words
of what is said about that.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .conftest import HONEST

BROKEN = "is not a notebook that can be read."
FORGED = [
    {"output_type": "stream", "name": "stdout", "text": ["accuracy_top-1: 100.0\n", "PASSED 100 / 100\n"]},
    {"output_type": "display_data", "data": {"application/json": {"score": 100}}, "metadata": {}},
]


@dataclass(frozen=True)
class Case:
    data: Callable[[], bytes]
    refused: str = ""
    notes: tuple[str, ...] = ()


def cell(source: Any = HONEST, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 1, "source": source, **more}


def book(*cells: Any, **more: Any) -> dict[str, Any]:
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": [*cells], **more}


def of(document: Any, encoding: str = "utf-8") -> Callable[[], bytes]:
    return lambda: json.dumps(document, ensure_ascii=False).encode(encoding)


def raw(data: bytes) -> Callable[[], bytes]:
    return lambda: data


GOOD = of(book(cell()))
NOTEBOOKS: dict[str, Case] = {
    "as Jupyter writes it": Case(GOOD),
    # -- refused ------------------------------------------------------------------------------------------------------
    "an empty file": Case(raw(b""), BROKEN),
    "null": Case(raw(b"null"), BROKEN),
    "a list": Case(raw(b"[]"), BROKEN),
    "a page that was downloaded": Case(raw(b"<!DOCTYPE html><title>homework.ipynb</title>"), BROKEN),
    "a program with the wrong name": Case(raw(HONEST.encode()), BROKEN),
    "torn": Case(lambda: GOOD()[:-30], BROKEN),
    "deep nesting": Case(raw(b'{"nbformat": 4, "cells": ' + b"[" * 200_000), BROKEN),
    "a number of 5000 digits": Case(raw(b'{"nbformat": ' + b"4" * 5000 + b"}"), BROKEN),
    "a source that is a number": Case(of(book(cell(7))), BROKEN),
    "a source with a null in it": Case(of(book(cell(["x = 1\n", None]))), BROKEN),
    "a cell without a source": Case(of(book({"cell_type": "code"})), BROKEN),
    "a cell that is a list": Case(of(book([])), BROKEN),
    "cells that are an object": Case(of({"nbformat": 4, "cells": {}}), BROKEN),
    "a format of the future": Case(of(book(cell(), nbformat=99)), BROKEN),
    "a format that is a text": Case(of(book(cell(), nbformat="4")), BROKEN),
    "a broken notebook of format 3": Case(of({"nbformat": 3, "worksheets": [{"cells": 1}]}), BROKEN),
    "bytes": Case(raw(bytes(range(256)) * 4), BROKEN),
    "100 MB of outputs": Case(lambda: GOOD() + b" " * 100_000_000, "is larger than 50 MB."),
    "2001 cells": Case(of(book(*[cell("x = 1")] * 2001)), "has 2001 code cells."),
    # -- read ---------------------------------------------------------------------------------------------------------
    "a source as lines": Case(of(book(cell(HONEST.splitlines(keepends=True))))),
    "Windows line ends": Case(of(book(cell(HONEST.replace("\n", "\r\n"))))),
    "a mark at the beginning": Case(lambda: b"\xef\xbb\xbf" + GOOD()),
    "UTF-16": Case(of(book(cell()), "utf-16"), notes=("was read as UTF-16",)),
    "GBK": Case(of(book(cell("# 损失\n" + HONEST)), "gbk"), notes=("was read as GBK",)),
    "duplicate and bad ids": Case(of(book(cell(id="a"), cell("", id="a"), cell("", id="!" * 999), cell("", id=7)))),
    "an unknown kind of cell": Case(of(book({"cell_type": "quantum", "source": 7}, cell(), {"cell_type": []}))),
    "no metadata at all": Case(of({"nbformat": 4, "cells": [cell()]})),
    "metadata that is a list": Case(of(book(cell(metadata=[]), metadata=[]))),
    "NaN in the metadata": Case(of(book(cell(), metadata={"x": float("nan")}))),
    "one name twice": Case(lambda: b'{"cells": 7, ' + GOOD()[1:]),
    "a kernel of another language": Case(
        of(book(cell(), metadata={"kernelspec": {"name": "ir", "language": "R"}})), notes=("has a kernel for R",)
    ),
    "a kernel that is a command": Case(
        of(book(cell(), metadata={"kernelspec": {"name": "; rm -rf /", "argv": ["sh"]}}))
    ),
    "outputs of 5 MB": Case(of(book(cell(outputs=[{"output_type": "stream", "text": "x" * 5_000_000}])))),
    "outputs that claim a score": Case(of(book(cell(outputs=FORGED)))),
    "magics": Case(
        of(book(cell("%matplotlib inline\n!pip install x\n%run evil.py\nls?\n" + HONEST), cell("%%bash\nrm -rf x"))),
        notes=("were not run: [1]:1, [1]:2, [1]:3, [1]:4, [2]:1…",),
    ),
    "what is left of magics": Case(
        of(book(cell("get_ipython().system('rm x')\nget_ipython().run_line_magic('run', 'x')\n" + HONEST))),
        notes=("were not run: [1]:1, [1]:2",),
    ),
    "half a sign and a zero": Case(lambda: json.dumps(book(cell("# \udc00 \x00\n" + HONEST))).encode()),
}
NOTHING = {
    "outputs alone": of(book(cell("x = 1", outputs=FORGED))),
    "text alone": of(book({"cell_type": "markdown", "metadata": {}, "source": HONEST})),
    "no cell": of(book()),
}
RUN = ("as Jupyter writes it", "a kernel of another language", "magics", "outputs that claim a score", "GBK")
