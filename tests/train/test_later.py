"""What the training stack need not import is not imported, and is the real thing as soon as somebody uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.train

IMPORTED = "import sys; from pytest_mmedu.train import stack; "
# One process for all, since importing torch takes seconds; each thing is asked for after the steps that need none.
ASKED_FOR = (
    IMPORTED
    + """
import json
told = {}
model, ones = stack.torch.nn.Linear(2, 1), stack.torch.ones(1, 2)
for kind in (stack.torch.optim.SGD, stack.torch.optim.Adam, stack.torch.optim.Adagrad):
    optimizer = kind(model.parameters(), lr=0.1)
    optimizer.zero_grad(); model(ones).sum().backward(); optimizer.step()
    optimizer.load_state_dict(optimizer.state_dict())
told["without"] = "matplotlib" in sys.modules, "yapf" in sys.modules, type(sys.modules["torch._dynamo"]).__name__

told["yapf"] = [stack.mmcv.Config({"a": 1}).pretty_text.strip(), "yapf" in sys.modules]
import yapf
told["yapf"] += type(yapf).__name__, yapf.yapf_api.FormatCode("a=1")[0].strip()

import mmcls.core.visualization.image as image, matplotlib
from matplotlib.backend_bases import CloseEvent, Event
told["matplotlib"] = (
    image.plt.Figure is matplotlib.figure.Figure,
    isinstance(CloseEvent("x", None), image.CloseEvent),
    isinstance(Event("x", None), image.CloseEvent),
)

compiled = stack.torch.compile(lambda x: x + 1, backend="eager")(stack.torch.ones(1)).item()
import torch._dynamo.config
told["compiler"] = compiled, type(torch._dynamo).__name__, type(sys.modules["torch._dynamo"]).__name__
print(json.dumps(told))
"""
)


def _prints(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def told() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = json.loads(_prints(ASKED_FOR))
    return found


def test_an_optimizer_takes_its_steps_without_matplotlib_and_the_compiler(told: dict[str, list[Any]]) -> None:
    assert told["without"] == [False, False, "Later"]


def test_the_real_compiler_comes_when_it_is_asked_for(told: dict[str, list[Any]]) -> None:
    assert told["compiler"] == [2.0, "module", "module"]


def test_the_real_matplotlib_comes_when_it_is_asked_for(told: dict[str, list[Any]]) -> None:
    assert told["matplotlib"] == [True, True, False]


def test_the_real_yapf_comes_when_it_is_asked_for(told: dict[str, list[Any]]) -> None:
    assert told["yapf"] == ["a = 1", True, "module", "a = 1"]


def test_what_was_imported_before_is_left_alone() -> None:
    code = "import matplotlib.pyplot, torch._dynamo, sys; before = sys.modules['torch._dynamo']; "
    same = (
        "print(sys.modules['torch._dynamo'] is before, stack.mmcls is not None, matplotlib.pyplot.figure is not None)"
    )
    assert _prints(f"{code}{IMPORTED}{same}") == "True True True"


PLANTED = """
import os, pickle, pathlib, sys
class Evil:
    def __reduce__(self): return os.mkdir, (sys.argv[2],)
folder = pathlib.Path(sys.argv[1], "YAPF", __import__("yapf").__version__)
names = [name % ".".join(map(str, sys.version_info)) for name in ("Grammar-py%s.pickle", "PatternGrammar-py%s.pickle")]
assert sorted(names) == sorted(path.name for path in folder.iterdir())
(folder / names[0]).write_bytes(pickle.dumps(Evil()))
(folder / names[1]).write_bytes(b"")
"""


def test_s28_the_user_s_cache_of_yapf_is_not_read(tmp_path: Path) -> None:
    """One file in it is torn, the other one planted by a program that was once run there."""
    cache, mark = tmp_path / "cache", tmp_path / "mark"
    env = {**os.environ, "XDG_CACHE_HOME": str(cache), "LOCALAPPDATA": str(cache), "HOME": str(tmp_path)}
    planted = subprocess.run([sys.executable, "-c", PLANTED, str(cache), str(mark)], env=env, check=False)
    if planted.returncode:
        pytest.skip("yapf keeps its cache elsewhere here")
    done = subprocess.run(
        [sys.executable, "-c", f"{IMPORTED}print('imported')"], env=env, capture_output=True, check=True
    )
    assert done.stdout.strip() == b"imported"
    assert not mark.exists()
    read = subprocess.run([sys.executable, "-c", "import yapf"], env=env, capture_output=True, check=False)
    assert read.returncode != 0  # it would have been
    assert mark.exists()
