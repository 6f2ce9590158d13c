"""数据集的一条发现 | One thing about a data set that does not stop a training, but would surprise."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pytest_mmedu.text import Text

Kind = Literal[
    "ignored",  # .DS_Store and the like
    "not a picture",
    "loose",  # a file outside any class folder
    "no val_set",
    "missing class",  # a class of training_set without a folder in val_set or test_set
    "stray folder",  # a folder of val_set or test_set that is no class
    "empty class",
    "missing text",  # classes.txt, val.txt or test.txt are derived
    "encoding",
    "classes.txt",
    "class order",
    "annotation",  # val.txt or test.txt and the folders disagree
]


class Finding(NamedTuple):
    """`text` says what was seen and what it means; `place` is relative to the data set."""

    kind: Kind
    text: Text
    place: str | None = None
