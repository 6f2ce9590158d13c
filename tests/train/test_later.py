"""What the training stack need not import is not imported, and is the real thing as soon as somebody uses it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.train

IMPORTED = "import sys; from pytest_mmedu.train import stack; "


def _prints(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_optimizer_takes_its_steps_without_matplotlib_and_the_compiler() -> None:
    steps = (
        "model = stack.torch.nn.Linear(2, 1); ones = stack.torch.ones(1, 2)\n"
        "for kind in (stack.torch.optim.SGD, stack.torch.optim.Adam, stack.torch.optim.Adagrad):\n"
        "    optimizer = kind(model.parameters(), lr=0.1)\n"
        "    optimizer.zero_grad(); model(ones).sum().backward(); optimizer.step()\n"
        "    optimizer.load_state_dict(optimizer.state_dict())\n"
        "print('matplotlib' in sys.modules, type(sys.modules['torch._dynamo']).__name__)"
    )
    assert _prints(f"{IMPORTED}{steps}") == "False Later"


def test_the_real_compiler_comes_when_it_is_asked_for() -> None:
    code = (
        "print(stack.torch.compile(lambda x: x + 1, backend='eager')(stack.torch.ones(1)).item())\n"
        "import torch._dynamo.config\n"
        "print(type(torch._dynamo).__name__, type(sys.modules['torch._dynamo']).__name__)"
    )
    assert _prints(f"{IMPORTED}{code}").split() == ["2.0", "module", "module"]


def test_the_real_matplotlib_comes_when_it_is_asked_for() -> None:
    code = (
        "import mmcls.core.visualization.image as image, matplotlib\n"
        "from matplotlib.backend_bases import CloseEvent, Event\n"
        "print(image.plt.Figure is matplotlib.figure.Figure)\n"
        "print(isinstance(CloseEvent('x', None), image.CloseEvent), isinstance(Event('x', None), image.CloseEvent))"
    )
    assert _prints(f"{IMPORTED}{code}").split() == ["True", "True", "False"]


def test_what_was_imported_before_is_left_alone() -> None:
    code = "import matplotlib.pyplot, torch._dynamo, sys; before = sys.modules['torch._dynamo']; "
    same = (
        "print(sys.modules['torch._dynamo'] is before, stack.mmcls is not None, matplotlib.pyplot.figure is not None)"
    )
    assert _prints(f"{code}{IMPORTED}{same}") == "True True True"
