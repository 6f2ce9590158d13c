"""exercise.toml 与 submissions.toml 的格式 | What the two TOML files of an exercise may hold.

Each field carries, after its type, the words in which an error tells the teacher what is allowed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from pytest_mmedu.submission.isolation.levels import Level
from pytest_mmedu.text import Text

_WORDS = Text("非空文字", "a text that is not empty")
_SCORE = Text("从 0 到总分的数", "a number from 0 to the full score")
_LIST = Text('文字的列表，如 ["accuracy"]', 'a list of texts as in ["accuracy"]')

Words = Annotated[str, Field(min_length=1), _WORDS]


class Table(BaseModel):
    """Unknown keys are errors and "10" is not the number 10: a typing mistake must not pass unseen."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Title(Table):
    zh: Words
    en: Words


class BudgetTable(Table):
    """How much a submission may use; MMEdu's own defaults are far too much for a homework."""

    epochs: Annotated[int | None, Field(ge=1), Text("不小于 1 的整数", "a whole number from 1")] = None
    images: Annotated[int | None, Field(ge=1), Text("不小于 1 的整数", "a whole number from 1")] = None
    seconds: Annotated[float, Field(gt=0, le=3600), Text(" 0 到 3600 之间的数", "a number between 0 and 3600")] = 60.0
    memory_mb: Annotated[int | None, Field(ge=256), Text("不小于 256 的整数", "a whole number from 256")] = None


class ExerciseTable(Table):
    """exercise.toml"""

    id: Annotated[
        str,
        Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$"),
        Text("由字母、数字、下划线和短横线组成的名字", "a name of letters, digits, underscores and hyphens"),
    ]
    title: Annotated[
        Title, Text('带 zh 和 en 的表，如 { zh = "…", en = "…" }', 'a table with zh and en: { zh = "…", en = "…" }')
    ]
    teaches: Annotated[
        list[Annotated[str, Field(pattern=r"^T\d\d$"), Text("知识点编号，如 T01", "the number of a topic as T01")]],
        Text('知识点编号的列表，如 ["T01"]', 'a list of topic numbers as in ["T01"]'),
    ] = []
    dataset: Annotated[
        str | None, Field(min_length=1), Text("数据集的名字或路径", "the name or path of a data set")
    ] = None
    script: Annotated[
        str,
        Field(pattern=r"^[^/\\]+\.py$"),
        Text("以 .py 结尾的文件名，不含文件夹", "a file name ending in .py, without a folder"),
    ] = "homework.py"
    notebook: Annotated[
        str,
        Field(pattern=r"^([^/\\]+\.ipynb)?$"),
        Text(
            "以 .ipynb 结尾、不含文件夹的文件名；没有笔记本时写空文字",
            'a file name ending in .ipynb, without a folder; "" where there is to be no notebook',
        ),
    ] = "homework.ipynb"
    # Without a script or notebook named beside it, the exercise asks for answers alone.
    answers: Annotated[
        str | None,
        Field(pattern=r"^[^/\\]+\.(toml|json|py)$"),
        Text(
            "以 .toml、.json 或 .py 结尾的文件名，不含文件夹",
            "a file name ending in .toml, .json or .py, without a folder",
        ),
    ] = None
    # With it no program is asked for; `dataset` names the pictures that students are given.
    own_data: Annotated[
        str | None,
        Field(pattern=r"^[^/\\.][^/\\]*$"),
        Text("一个文件夹的名字", "the name of a folder"),
    ] = None
    # Not val_set: MMEdu's train() validates on it.
    held_out: Annotated[Literal["test_set"] | None, Text(' "test_set"', '"test_set"')] = None
    min_isolation: Annotated[
        Level,
        Text(" namespaces、landlock、process 或 artefacts", "namespaces, landlock, process or artefacts"),
    ] = "process"
    budget: Annotated[BudgetTable, Text("一个表，如 [budget]", "a table as in [budget]")] = BudgetTable()


class HintWords(Table):
    """Words of which each must be read somewhere in what the student is told, in that language."""

    zh: Annotated[list[Words], _LIST]
    en: Annotated[list[Words], _LIST]


class AcceptedTable(Table):
    """A submission that earns everything, unless a score is given."""

    score: Annotated[float | None, Field(ge=0), _SCORE] = None


class RejectedTable(Table):
    """`fails`: every check that says no, and no other: "loss_falls", or "param epochs" where one id occurs twice.

    `undecidable`: those that cannot know, likewise.
    """

    score: Annotated[float, Field(ge=0), _SCORE]
    fails: Annotated[list[Words], _LIST]
    undecidable: Annotated[list[Words], _LIST] = []
    hint: Annotated[HintWords, Text("带 zh 和 en 的表", "a table with zh and en")]


class SubmissionsTable(Table):
    """submissions.toml"""

    accepted: Annotated[dict[str, AcceptedTable], Text("一个表", "a table")] = {}
    rejected: Annotated[dict[str, RejectedTable], Text("一个表", "a table")] = {}
