"""topk_accuracy 的更多例子 | More examples for topk_accuracy"""

from hypothesis import strategies as st

from pytest_mmedu import Text, points

HINT = Text(
    "这些例子里，类别数、图片数和 k 各不相同：拿纸笔算一遍这一个。",
    "Classes, pictures and k vary in these examples: work this one out on paper.",
)


def reference(scores, labels, k):
    """A class counts as hit when fewer than k others have a higher score."""
    hits = [sum(other > row[label] for other in row) < k for row, label in zip(scores, labels, strict=True)]
    return sum(hits) / len(hits)


@st.composite
def examples(draw):
    """Up to six pictures of two to eight classes; no two scores of a row are equal, so that ties decide nothing."""
    classes = draw(st.integers(2, 8))
    pictures = draw(st.integers(1, 6))
    tenths = st.lists(st.integers(-50, 99), min_size=classes, max_size=classes, unique=True)
    scores = [[tenth / 10 for tenth in draw(tenths)] for _ in range(pictures)]
    labels = [draw(st.integers(0, classes - 1)) for _ in range(pictures)]
    return scores, labels, draw(st.integers(1, classes))


@points(30)
def test_many_examples(check):
    """topk_accuracy 的更多例子 | More examples for topk_accuracy"""
    check.function(
        "topk_accuracy",
        examples=examples(),
        reference=reference,
        title=Text("随机的例子", "Random examples"),
        hint=HINT,
    )
