"""真正的 MMEdu | The seam in the real MMEdu package: each call is recorded, its epochs are capped, its files are found.

What is trained and saved stays the package's own. It lives in an older Python than this kit's: what stands
here is written in Python 3.8 and imports the standard library alone.
"""

from __future__ import annotations

import ast
import functools
import importlib
import importlib.util
import inspect
import json
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from pytest_mmedu.mmedu import recorder
from pytest_mmedu.mmedu.without_waiting import without_waiting

NAME = "MMEdu"

# What whoever grades tells: data sets by the names that programs may use for them, and versions for the run.json.
places: dict[str, str] = {}
versions: dict[str, str] = {}


def load() -> ModuleType | None:
    """The package, watched from now on; None where it is not installed.

    Raises:
        Exception: of whatever kind an old package raises on libraries that are too new for it.
    """
    if NAME not in sys.modules and importlib.util.find_spec(NAME) is None:
        return None
    package = importlib.import_module(NAME)
    watch_class(package.MMClassification)
    return package


def watch_class(real: type[Any]) -> None:
    """Put the seam into the real MMEdu's class, once.

    The number of pictures is not capped there: the package reads the folder itself, and gets one with fewer pictures.
    """
    if hasattr(real.train, "__wrapped__"):
        return
    real.train = _watched(real.train)
    if hasattr(real, "load_dataset"):
        real.load_dataset = _found_by_name(real.load_dataset)


def _watched(original: Callable[..., Any]) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def train(self: Any, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind(self, *args, **kwargs)
        given.apply_defaults()
        asked = _asked(self, given.arguments)
        recorder.record(asked)
        _save_inside(self, given.arguments)
        epochs = given.arguments["epochs"]
        if isinstance(epochs, (int, float)):
            given.arguments["epochs"] = recorder.cap_epochs(epochs)  # type: ignore[arg-type]
        began = time.monotonic()
        log = _log_of(original, self, given)
        folder = Path(self.save_fold)
        _write_facts(folder, {**asked, "epochs": given.arguments["epochs"]}, time.monotonic() - began)
        recorder.finish(folder)
        return log

    return train


def _asked(model: Any, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters by the names of the kit's table, unknown ones too."""
    named = {name: value for name, value in arguments.items() if name not in ("self", "kwargs")}
    names = {place: name for name, place in places.items()}
    of_object = {
        "backbone": model.backbone,
        "num_classes": None if model.num_classes == -1 else model.num_classes,
        "dataset": names.get(model.dataset_path, model.dataset_path),
    }
    # The attribute wins over the argument, as in the real train().
    fold = {"save_fold": model.save_fold or arguments.get("save_fold")}
    return {**of_object, **named, **arguments.get("kwargs", {}), **fold}


def _save_inside(model: Any, arguments: dict[str, Any]) -> None:
    if isinstance(model.save_fold, str):
        model.save_fold = str(recorder.place_to_save(model.save_fold))
    elif isinstance(arguments.get("save_fold"), str):
        arguments["save_fold"] = str(recorder.place_to_save(arguments["save_fold"]))


def _log_of(original: Callable[..., Any], model: Any, given: inspect.BoundArguments) -> Any:
    """What train() returns. After a training whose loss was NaN, the real one fails at reading its own log."""
    try:
        with without_waiting(original):
            return original(*given.args, **given.kwargs)
    except ValueError as error:
        frames = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__)]
        if ast.literal_eval.__code__ not in frames:
            raise
        logs = sorted(Path(model.save_fold).glob("*.log.json"))
        return [json.loads(line) for line in logs[-1].read_text("utf-8").splitlines() if line.strip()]


def _write_facts(folder: Path, params: Mapping[str, Any], seconds: float) -> None:
    """A run.json as the kit's own trainings leave it."""
    if not folder.is_dir():
        return
    environment = {**versions, "device": params.get("device")}
    facts = {"params": dict(params), "environment": environment, "seconds": round(seconds, 3)}
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
    (folder / "run.json").write_text(text, "utf-8")


def _found_by_name(original: Callable[..., Any]) -> Callable[..., Any]:
    """`load_dataset("digits10")` finds what comes with the kit, where no folder of that name is there."""

    @functools.wraps(original)
    def load_dataset(self: Any, path: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(path, str) and path in places and (Path(path).name != path or not Path(path).is_dir()):
            path = places[path]
        return original(self, path, *args, **kwargs)

    return load_dataset
