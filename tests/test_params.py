"""The table of parameters: every wrong value and name gives one sentence in both languages."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.params import PARAMETERS, Parameter, TrainParams, problems, unknown_name

MMEDU_SIGNATURE = (
    "random_seed save_fold distributed validate device metric save_best optimizer epochs lr weight_decay "
    "checkpoint batch_size topk"
).split()


class Odd:
    """A value of a student's own making, whose repr() fails too."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


WRONG: dict[str, list[Any]] = {
    "backbone": ["lenet", "", 5, None, "model.txt"],
    "num_classes": [1, 0, -3, 2.5, "10", True],
    "dataset": ["", "  ", 7, ["a"], "a\0b"],
    "random_seed": [-1, 2**32, 1.5, "7", None, True],
    "save_fold": ["", 3, ["x"]],
    "distributed": ["no", 0, 1, None],
    "validate": ["True", 1, 0, None],
    "device": ["gpu", "CPU", "cuda:", "cuda:x", None, 0],
    "metric": ["acc", [], ["accuracy", "accuracy"], ["accuracy", 1], None, 3],
    "save_best": ["best", True, 1, "top-1"],
    "optimizer": ["", "torch.optim.SGD", 5, None],
    "epochs": [0, -1, 1.5, "10", None, True, float("nan")],
    "lr": [0, -0.1, "0.01", None, True, float("nan"), float("inf"), 10**400, 1j],
    "weight_decay": [-1e-9, "0", None, float("nan")],
    "checkpoint": ["weights.pt", "", 5, "weights.pth.zip"],
    "batch_size": [0, -4, 8.0, "16", True],
    "topk": [0, -1, (), (1, 0), "5", 1.0, [True]],
    "nproc": [0, -1, 17, 2.0, "2", True],
}
RIGHT: dict[str, list[Any]] = {
    "backbone": ["LeNet", "RegNet", "configs/my_net.py"],
    "num_classes": [2, 1000, None],
    "dataset": ["digits10", "../数据/fruit", None],
    "random_seed": [0, 2**32 - 1],
    "save_fold": ["checkpoints", None],
    "distributed": [True, False],
    "validate": [True, False],
    "device": ["cpu", "cuda", "cuda:1"],
    "metric": ["accuracy", "f1_score", ["precision", "recall"], ("support",)],
    "save_best": ["auto", "accuracy_top-1", "f1_score", None],
    "optimizer": ["SGD", "Adam", "AdamW"],
    "epochs": [1, 100],
    "lr": [1e-6, 1, 10],
    "weight_decay": [0, 0.001],
    "checkpoint": ["a/latest.pth", "A.PTH", None],
    "batch_size": [1, 64, None],
    "topk": [1, (1, 5), [1], None],
    "nproc": [1, 2, 16, None],
}
VALUES = [(name, value) for name, values in WRONG.items() for value in values]


def test_the_tables_of_this_test_cover_every_parameter() -> None:
    assert set(WRONG) == set(RIGHT) == {row.name for row in PARAMETERS}


def test_names_and_order_are_those_of_mmedu() -> None:
    ours = {"nproc"}  # where the real package wants a launcher of torch's around the program
    assert {row.name for row in PARAMETERS if row.owner == "train"} == {*MMEDU_SIGNATURE, *ours}
    assert {row.name for row in PARAMETERS if row.owner == "model"} == {"backbone", "num_classes", "dataset"}


@pytest.mark.parametrize(("name", "value"), VALUES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(VALUES)])
def test_a_wrong_value_is_one_sentence_that_says_what_is_allowed(name: str, value: Any) -> None:
    (problem,) = problems({name: value})
    row = next(row for row in PARAMETERS if row.name == name)
    assert problem.code == row.code
    for lang in ("zh", "en"):
        sentence = problem.text.in_lang(lang)  # type: ignore[arg-type]
        assert name in sentence
        assert row.allowed.in_lang(lang).strip() in sentence  # type: ignore[arg-type]
        assert "\n" not in sentence
    with pytest.raises(ParameterError):
        TrainParams.of(**{name: value})


@pytest.mark.parametrize("name", RIGHT)
def test_right_values_are_taken(name: str) -> None:
    for value in RIGHT[name]:
        assert problems({name: value}) == []
        assert getattr(TrainParams.of(**{name: value}), name) == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_every_default_obeys_its_own_rule(row: Parameter) -> None:
    assert row.problem(row.default) is None
    assert getattr(TrainParams(), row.name) == row.default


@pytest.mark.parametrize(
    ("name", "value", "zh", "en"),
    [
        (
            "lr",
            "0.01",
            "参数 lr 收到 '0.01'。应为大于 0 的数。请写一个正数，不加引号。",
            "Parameter lr got '0.01'. It takes a number above 0. Write a positive number without quotes.",
        ),
        (
            "device",
            "gpu",
            "参数 device 收到 'gpu'。应为 'cpu' 或 'cuda'。没有 NVIDIA 显卡的电脑用 'cpu'。",
            "Parameter device got 'gpu'. It takes 'cpu' or 'cuda'. Use 'cpu' on a computer without an NVIDIA GPU.",
        ),
        (
            "validate",
            "True",
            "参数 validate 收到 'True'。应为 True 或 False。写 True 或 False，不加引号，首字母大写。",
            "Parameter validate got 'True'. It takes True or False. "
            "Write True or False: no quotes, capital first letter.",
        ),
        (
            "epochs",
            Odd(),
            "参数 epochs 收到 <Odd>。应为不小于 1 的整数。请写一个正整数，不加引号。",
            "Parameter epochs got <Odd>. It takes a whole number from 1. Write a positive whole number without quotes.",
        ),
        pytest.param(
            "epochs",
            10**5000,
            "参数 epochs 收到 <int>。应为不小于 1 的整数。请写一个正整数，不加引号。",
            "Parameter epochs got <int>. It takes a whole number from 1. Write a positive whole number without quotes.",
            id="more digits than Python writes out",
        ),
        (
            "topk",
            "5",
            "参数 topk 收到 '5'。应为正整数或它们的元组，如 (1, 5)，或 None。请写正整数，不加引号；它不能超过类别数。",
            "Parameter topk got '5'. It takes a positive whole number, a tuple of them as (1, 5), or None. "
            "Write positive whole numbers without quotes, not above the number of classes.",
        ),
    ],
)
def test_exact_sentences(name: str, value: Any, zh: str, en: str) -> None:
    (problem,) = problems({name: value})
    assert (problem.text.zh, problem.text.en) == (zh, en)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("epoch", "epochs"),
        ("Epochs", "epochs"),
        ("batchsize", "batch_size"),
        ("work_dir", "save_fold"),
        ("save_flod", "save_fold"),
        ("learning_rate", "lr"),
        ("optimzer", "optimizer"),
        ("seed", "random_seed"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest_real_one(wrong: str, right: str) -> None:
    error = unknown_name(wrong)
    assert str(error) == (
        f"Error Code: -501. 没有名为 {wrong} 的参数。你是不是想写 {right}？ | "
        f"There is no parameter {wrong}. Did you mean {right}?"
    )


def test_a_name_like_no_other_points_to_the_table() -> None:
    assert str(unknown_name("qqqq")) == (
        "Error Code: -501. 没有名为 qqqq 的参数。运行 pytest-mmedu params 查看全部参数。 | "
        "There is no parameter qqqq. Run pytest-mmedu params to see them all."
    )


def test_every_problem_is_listed_and_unknown_names_come_first() -> None:
    assert [problem.code for problem in problems({"lr": 0, "device": "gpu", "save_ckpt": 1})] == [-501, None, -301]


@given(st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.floats() | st.text()))
def test_no_value_and_no_name_brings_the_table_down(given: dict[str, Any]) -> None:
    for problem in problems(given):
        assert problem.text.zh
        assert problem.text.en


def test_equal_parameters_are_equal_whichever_sequence_they_came_in() -> None:
    assert TrainParams.of(metric=["accuracy"], topk=[1, 5]) == TrainParams.of(metric=("accuracy",), topk=(1, 5))


def test_every_row_speaks_both_languages() -> None:
    for row in PARAMETERS:
        for text in (row.allowed, row.meaning, row.todo):
            assert text.zh.strip()
            assert text.en.strip()
            assert text.zh != text.en
    assert list(inspect.signature(TrainParams).parameters) == [row.name for row in PARAMETERS]
