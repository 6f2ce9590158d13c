"""What of a program is run where a function of it is to be called: everything but what leads to a training."""

from __future__ import annotations

import ast

import pytest

from pytest_mmedu.submission.without_training import without_training

F = "def f(x):\n    return x\n"
ROWS = {
    "nothing trains": (F + "print(f(1))\n", F + "print(f(1))\n"),
    "import, model and call": (
        f"from MMEdu import MMClassification as cls\nmodel = cls()\n{F}model.train(\n  epochs=1,\n)\n",
        f"pass\npass\n{F}\n\npass\n",
    ),
    "beside something else": (
        f"import MMEdu; import math\n{F}m = MMEdu.MMClassification(); y = math.pi\nm.train(\n); z = 1\n",
        f"pass; import math\n{F}pass; y = math.pi\n\npass; z = 1\n",
    ),
    "in a function that is called at the end": (
        f"import MMEdu as m\ndef main():\n    m.MMClassification()\n{F}if __name__ == '__main__':\n    main()\n",
        f"pass\n\npass\n{F}\npass\n",
    ),
    "imported inside of a function": (
        f"def main():\n    from MMEdu import MMClassification\n{F}main()\n",
        f"\npass\n{F}pass\n",
    ),
    "an argument named like a model": (
        "import MMEdu\nscores = MMEdu.MMClassification()\ndef f(scores):\n    return scores\n",
        "pass\npass\ndef f(scores):\n    return scores\n",
    ),
    "an attribute named like a model": (
        "import MMEdu\npi = MMEdu.x\nimport math\nprint(math.pi)\n" + F,
        "pass\npass\nimport math\nprint(math.pi)\n" + F,
    ),
    "decorated": (
        f"import MMEdu\n@MMEdu.hook\n@staticmethod\ndef g():\n    pass\n{F}",
        f"pass\n\n\n\npass\n{F}",
    ),
    "with Chinese before it": (
        f"import MMEdu\n名 = '训练'; MMEdu.train(名); 数 = 1\n{F}",
        f"pass\n名 = '训练'; pass; 数 = 1\n{F}",
    ),
    "a text of several lines": (f'import MMEdu\nMMEdu.train("""\na\n""")\n{F}', f"pass\n\n\npass\n{F}"),
    "numpy and torch stay": (f"import numpy\nimport torch\n{F}", f"import numpy\nimport torch\n{F}"),
    "the function itself needs it": ("import MMEdu\ndef f(x):\n    return MMEdu.top(x)\n", None),
    "the function is made by it": ("import MMEdu\nf = MMEdu.top\n", None),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_left(name: str) -> None:
    text, wanted = ROWS[name]
    left = without_training(text, ast.parse(text), "f")
    assert left == wanted
    if left is not None:
        compile(left, "homework.py", "exec")
        assert left.count("\n") == text.count("\n")
