"""练习 6 · top-1 和 top-5 | Exercise 6 · Top-1 and top-5"""

from pytest_mmedu import Text, points

# Worked examples: scores, labels, and what comes out for some k. No two scores of a row are equal.
FOUR = [[0.1, 0.7, 0.2], [0.5, 0.2, 0.3], [0.3, 0.1, 0.6], [0.6, 0.3, 0.1]], [2, 0, 2, 2]
THREE = [[-0.4, 3.1, 0.8, 2.2, 0.0, -1.5], [6.2, 1.1, -2.0, 4.0, 3.3, 0.9], [0.2, 0.1, 0.3, 0.6, 0.4, 0.5]], [4, 2, 1]
WORKED = {(4, 1): 0.5, (4, 2): 0.75, (3, 1): 0.0, (3, 4): 1 / 3, (3, 6): 1.0}


@points(40)
def test_settings(check):
    """类别数和 topk | Classes and topk"""
    for number, name in {1: "signs6", 2: "shapes3"}.items():
        check.run(number, dataset=name).class_count_fits()
        check.run(number, dataset=name).top5_meaningful()


@points(30)
def test_function(check):
    """你写的 topk_accuracy | Your topk_accuracy"""
    check.function(
        "topk_accuracy",
        examples=[(*{4: FOUR, 3: THREE}[pictures], k) for pictures, k in WORKED],
        reference=lambda scores, labels, k: WORKED[len(labels), k],
        show_expected=True,
        title=Text("算好的例子", "Worked examples"),
    )
