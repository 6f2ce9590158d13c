"""Notebooks as they come: magics, old formats, and files that are no notebooks."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import Source, parse, source_of
from pytest_mmedu.text import Text

NAME = "homework.ipynb"
BROKEN = Text(
    "homework.ipynb 不是能读的笔记本。请在 Jupyter 里打开它，确认没有问题后重新保存。",
    "homework.ipynb is not a notebook that can be read. Open it in Jupyter, make sure that it is whole, "
    "and save it again.",
)


def code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}


def notebook(*cells: dict[str, Any], **rest: Any) -> bytes:
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **rest}
    return json.dumps(document, ensure_ascii=False).encode()


def source(*texts: str) -> Source:
    return source_of(notebook(*map(code, texts)), NAME)


def test_cells_become_one_program_with_places() -> None:
    text = {"cell_type": "markdown", "source": "# 作业", "metadata": {}}
    data = notebook(
        text,
        code("from MMEdu import MMClassification as cls\nmodel = cls('LeNet')"),
        text,
        code("lr = 0.1"),
        code("model.train(\n  lr=lr,\n  epochs=...)"),
    )
    (asked,) = written(source_of(data, NAME)).asked
    assert {name: value.place for name, value in asked.values.items()} == {
        "backbone": "homework.ipynb[1]:2",
        "lr": "homework.ipynb[2]:1",
        "epochs": "homework.ipynb[3]:3",
    }
    assert asked.place == "homework.ipynb[3]:1"


def test_a_source_as_a_list_of_lines() -> None:
    data = notebook({**code(""), "source": ["a = 1\n", "b = 2"]})
    assert source_of(data, NAME).text == "a = 1\nb = 2\n"


def test_magics_and_commands_are_dropped_with_a_note() -> None:
    found = source(
        "%matplotlib inline\n!pip install MMEdu\nimport os\nif True:\n    !ls\nfiles = !ls\nos.listdir?",
        "%%bash\nrm -rf x\n",
        "%%time\nx = 1",
        "text = '''\n% of all\n! really\n'''\nok = 1 != 2",
    )
    assert found.text == (
        "pass\npass\nimport os\nif True:\n    pass\nfiles = None\npass\n"
        "\n\n\n"
        "pass\nx = 1\n"
        "text = '''\n% of all\n! really\n'''\nok = 1 != 2\n"
    )
    assert found.notes == (
        Text(
            "homework.ipynb 里的魔法命令和以 ! 开头的命令没有运行：[1]:1、[1]:2、[1]:5、[1]:6、[1]:7…。",
            "Magics and ! commands in homework.ipynb were not run: [1]:1, [1]:2, [1]:5, [1]:6, [1]:7….",
        ),
    )


def test_what_is_measured_is_run() -> None:
    found = source(
        "%time model.train(epochs=2)\nfor n in (1, 2):\n    %timeit -n1 -r 2 x = n\n%prun -q f()\n%%time\n",
        "%time\n%time -p\n%timeit  ",
        "log = %time f()",
    )
    assert found.text == (
        "model.train(epochs=2)\nfor n in (1, 2):\n    x = n\nf()\npass\n\npass\npass\npass\nlog = None\n"
    )
    assert "[1]:5、[2]:1、[2]:2、[2]:3、[3]:1。" in found.notes[0].zh


def test_a_command_of_several_lines() -> None:
    found = source("!pip install \\\n   MMEdu \\\n   -i there\nx = 1 \\\n    + 2\n%ls \\\n")
    assert found.text == "pass\n\n\nx = 1 \\\n    + 2\npass\n\n"
    assert "[1]:1、[1]:2、[1]:3、[1]:6。" in found.notes[0].zh


def test_a_percent_sign_is_no_magic() -> None:
    assert source("x = (7\n  % 3)\ny = x \\\n != 3").text == "x = (7\n  % 3)\ny = x \\\n != 3\n"


def test_a_syntax_error_is_named_by_cell() -> None:
    with pytest.raises(SubmissionError) as caught:
        parse(source("a = 1", "b = 2\nc = = 3"))
    assert caught.value.place == "homework.ipynb[2]:2"
    assert caught.value.seen == Text(
        "第 2 格第 2 行有语法错误：c = = 3", "There is a syntax error in line 2 of cell 2: c = = 3"
    )


def test_an_empty_notebook() -> None:
    assert written(source_of(notebook(), NAME)).asked == ()


def test_a_notebook_of_an_old_format() -> None:
    cell = {"cell_type": "code", "language": "python", "outputs": [], "collapsed": False}
    titles = [
        {"cell_type": "heading", "level": 1, "source": ["第一次\n", "训练"]},
        {"cell_type": "raw", "source": ["1"]},
    ]
    for code_in, text in (("a = 1", "a = 1\n"), (["a = 1\n", "b = 2"], "a = 1\nb = 2\n")):
        cells = [*titles, {**cell, "input": code_in}]
        document = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
        assert source_of(json.dumps(document).encode(), NAME).text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"not json",
        b"\xff\xfe",
        b'{"nbformat": 4}',
        b'{"nbformat": 4, "cells": {}}',
        b'{"nbformat": 4, "cells": [1]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 7}]}',
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a", 7]}]}',
        b'{"nbformat": 99, "cells": []}',
        b'{"nbformat": "4", "cells": []}',
        b'{"nbformat": 3, "worksheets": 1}',
        b'{"nbformat": 4, "cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        notebook(code("x"))[:-9],
    ],
    ids=lambda data: str(data[:40]),
)
def test_what_is_no_notebook_is_said_in_a_sentence(data: bytes) -> None:
    with pytest.raises(SubmissionError) as caught:
        source_of(data, NAME)
    assert caught.value.text == BROKEN
    assert caught.value.place == NAME


def test_more_cells_than_anybody_writes() -> None:
    with pytest.raises(SubmissionError) as caught:
        source(*["x = 1"] * 2001)
    assert caught.value.text == Text(
        "homework.ipynb 有 2001 个代码格。最多读 2000 个。请拆成几个笔记本。",
        "homework.ipynb has 2001 code cells. At most 2000 are read. Split it.",
    )


def test_an_ordinary_notebook_is_read_without_nbformat() -> None:
    program = (
        "import sys\nfrom pytest_mmedu.submission.source import source_of\n"
        f"source_of({notebook(code('x = 1'))!r}, 'a.ipynb')\nassert 'nbformat' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
