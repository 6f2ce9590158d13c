"""Any parameters written as a train() call are read back as they were."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.params import BACKBONES, METRICS, PARAMETERS, TrainParams
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import source_of

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12).filter(str.strip)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "backbone": st.sampled_from(BACKBONES),
    "num_classes": st.none() | st.integers(2, 10_000),
    "dataset": WORDS,
    "random_seed": st.integers(0, 2**32 - 1),
    "save_fold": WORDS,
    "distributed": st.booleans(),
    "validate": st.booleans(),
    "device": st.sampled_from(["cpu", "cuda", "cuda:3"]),
    "metric": st.sampled_from(METRICS) | st.lists(st.sampled_from(METRICS), min_size=1, unique=True).map(tuple),
    "save_best": st.none() | st.sampled_from(["auto", "accuracy_top-1", "recall"]),
    "optimizer": st.sampled_from(["SGD", "Adam", "Adagrad"]),
    "epochs": st.integers(1, 10**6),
    "lr": st.floats(1e-9, 1e6),
    "weight_decay": st.floats(0, 1),
    "checkpoint": st.none() | WORDS.map(lambda word: word + ".pth"),
    "batch_size": st.none() | st.integers(1, 10**5),
    "topk": st.none() | st.integers(1, 9) | st.lists(st.integers(1, 9), min_size=1, max_size=3).map(tuple),
    "nproc": st.none() | st.integers(1, 16),
}
MODEL = ("backbone", "num_classes", "dataset")
WAYS = st.sampled_from(["keyword", "variable", "dict"])


@given(st.fixed_dictionaries({}, optional=VALUES), st.data())
def test_what_is_written_is_read(values: dict[str, Any], data: st.DataObject) -> None:
    lines = ["from MMEdu import MMClassification as cls", "settings = {}"]
    train = []
    for name in values:
        if name in MODEL:
            continue
        way = data.draw(WAYS, label=name)
        if way == "keyword":
            train.append(f"{name}={values[name]!r}")
        elif way == "variable":
            lines.append(f"my_{name} = {values[name]!r}")
            train.append(f"{name}=my_{name}")
        else:
            lines.append(f"settings[{name!r}] = {values[name]!r}")
    backbone = repr(values["backbone"]) if "backbone" in values else ""
    lines.append(f"model = cls({backbone})")
    if "num_classes" in values:
        lines.append(f"model.num_classes = {values['num_classes']!r}")
    if "dataset" in values:
        lines.append(f"model.load_dataset(path={values['dataset']!r})")
    lines.append(f"model.train({', '.join([*train, '**settings'])})")

    (asked,) = written(source_of("\n".join(lines).encode(), "homework.py")).asked

    assert {name: value.value for name, value in asked.values.items()} == values
    assert TrainParams.of(**values) == TrainParams.of(**{row.name: asked[row.name].value for row in PARAMETERS})


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    said = ""
    try:
        asked = written(source_of(text.encode("utf-8", "surrogatepass"), "homework.py")).asked
    except SubmissionError as error:
        asked, said = (), error.text.zh + error.text.en
    assert asked == ()
    assert said == "" or said.count("。") >= 1
