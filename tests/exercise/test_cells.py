"""The cells of a master: as a script, as a notebook."""

from __future__ import annotations

import json

import nbformat
import pytest

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise import cells

MASTER = '''"""练习 | Exercise

做什么。

What to do.
"""

import os

# %%
a = ...
text = """
# %% [markdown]
"""

# %% [markdown]
# # 标题
#
# 说明 | words
#   indented

# %%

# %%
def f():
    return ...
'''


def test_script_has_no_marks_and_keeps_code_and_comments() -> None:
    assert (
        cells.script(MASTER)
        == '''"""练习 | Exercise

做什么。

What to do.
"""

import os

a = ...
text = """
# %% [markdown]
"""

# # 标题
#
# 说明 | words
#   indented
def f():
    return ...
'''
    )


def test_notebook_cells() -> None:
    book = nbformat.reads(cells.notebook(MASTER), as_version=4)
    nbformat.validate(book)
    assert [(one.cell_type, one.id, one.source) for one in book.cells] == [
        ("markdown", "cell-01", "# 练习 | Exercise\n\n做什么。\n\nWhat to do."),
        ("code", "cell-02", "import os"),
        ("code", "cell-03", 'a = ...\ntext = """\n# %% [markdown]\n"""'),
        ("markdown", "cell-04", "# 标题\n\n说明 | words\n  indented"),
        ("code", "cell-05", "def f():\n    return ..."),
    ]


def test_notebook_is_stable_and_readable_to_a_person() -> None:
    text = cells.notebook(MASTER)
    assert text == cells.notebook(MASTER)
    assert text.endswith("}\n")
    assert "练习" in text
    facts = json.loads(text)
    assert (facts["nbformat"], facts["nbformat_minor"]) == (4, 5)
    assert facts["metadata"]["kernelspec"]["name"] == "python3"


def test_a_source_without_marks_is_one_code_cell() -> None:
    assert cells.split("a = 1\n") == [cells.Cell("code", "a = 1", 1)]


@pytest.mark.parametrize(
    ("source", "zh", "en"),
    [
        (
            "a = 1\n# %% [raw]\n",
            "master.py 第 2 行：单元格记号后面是 [raw]。应为 # %% 或 # %% [markdown]。请改好这个记号。",
            "Line 2 of master.py: a cell mark says [raw]. It is # %% or # %% [markdown]. Correct the mark.",
        ),
        (
            "# %% [markdown]\n# text\na = 1\n",
            "master.py 第 3 行：文字单元格里有代码。请在代码前另起一行写 # %%。",
            "Line 3 of master.py: code in a text cell. Put # %% on a line of its own before the code.",
        ),
    ],
)
def test_mistakes(source: str, zh: str, en: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        cells.notebook(source)
    assert (caught.value.text.zh, caught.value.text.en) == (zh, en)
