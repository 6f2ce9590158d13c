"""晚点再导入 | Modules that the training stack imports early and hardly ever uses: put off until somebody does.

A training process spends more time on importing than on a short training. The two that weigh most are not needed for
it: measured with torch 2.13 on 2 cores, matplotlib 0.4 s and torch._dynamo 0.9 s of 2.6 s in all. yapf is put off
for another reason.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, TypeVar

F = TypeVar("F")


class Later(ModuleType):
    """Stands in for a module; the first use of a name that was not `given` imports the real one and takes it there."""

    def __init__(self, name: str, **given: Any) -> None:
        super().__init__(name)
        self.__spec__ = ModuleSpec(name, None)  # importlib.util.find_spec raises where it is missing
        self.__dict__.update(given)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # inspect asks every module for its __file__
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def matplotlib_later() -> Iterator[None]:
    """Importing mmcls does not import matplotlib.

    Reason: mmcls/core/visualization/image.py imports pyplot at its top, for a window that training never opens.
    What it got hold of in here finds the real matplotlib when it is used.
    Delete when: mmcls 0.x is no longer supported.
    """
    if "matplotlib" in sys.modules:
        yield
        return
    # The import statement itself looks at __path__, which is no use yet.
    pyplot = Later("matplotlib.pyplot", __path__=[])
    events = Later("matplotlib.backend_bases", __path__=[], CloseEvent=_CloseEvent)
    parent = Later("matplotlib", __path__=[], pyplot=pyplot, backend_bases=events)
    with _standing_in(parent, pyplot, events):
        yield


@contextmanager
def _standing_in(*modules: ModuleType) -> Iterator[None]:
    stand_ins = {module.__name__: module for module in modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


@contextmanager
def yapf_later() -> Iterator[None]:
    """Importing mmcv does not import yapf.

    Reason: mmcv/utils/config.py imports yapf at its top, to print configurations neatly; at its import yapf unpickles
    two files of the user's cache folder. A torn one made every training of a machine fail, and a program that was once
    run there may have planted one that does anything.
    Delete when: mmcv 1.x is no longer supported.
    """
    if "yapf" in sys.modules or find_spec("yapf") is None:
        yield
        return
    api = Later("yapf.yapflib.yapf_api", __path__=[], FormatCode=_format_code)
    library = Later("yapf.yapflib", __path__=[], yapf_api=api)
    parent = Later("yapf", __path__=[], __version__=metadata.version("yapf"), yapflib=library)
    with _standing_in(parent, library, api):
        yield


def _format_code(*arguments: Any, **named: Any) -> Any:
    """What mmcv calls: the real one by then."""
    return importlib.import_module("yapf.yapflib.yapf_api").FormatCode(*arguments, **named)


class _IsCloseEvent(type):
    def __instancecheck__(cls, event: object) -> bool:
        from matplotlib.backend_bases import CloseEvent

        return isinstance(event, CloseEvent)


class _CloseEvent(metaclass=_IsCloseEvent):
    """What mmcls compares an event with: the real class is asked when there is an event."""


def put_off_dynamo() -> None:
    """The first optimizer and its first step do not import torch's compiler.

    Reason: torch.optim imports torch._dynamo to tell a compiler to leave its functions alone; without torch.compile
    there is no compiler to tell. torch.distributed, where processes join, makes it forget what it knows. Whoever uses
    anything else of torch._dynamo gets the real one.
    Delete when: torch.optim no longer imports it.
    """
    import torch

    if "torch._dynamo" not in sys.modules:
        rules = Later("torch._dynamo.trace_rules", clear_lru_cache=_nothing)
        stand_in = Later("torch._dynamo", graph_break=_nothing, disable=_as_it_is, trace_rules=rules)
        sys.modules["torch._dynamo"] = stand_in
        torch._dynamo = stand_in


def _nothing(*_: Any, **__: Any) -> None:
    """A break in a graph that nobody draws, rules that nobody follows."""


def _as_it_is(function: F | None = None, *_: Any, **__: Any) -> F | Callable[[F], F]:
    """Kept from a compiler that is not there; used as `disable(f, ...)` and as `@disable(...)`."""
    return _given_back if function is None else function


def _given_back(function: F) -> F:
    return function
