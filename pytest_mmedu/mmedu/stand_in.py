"""替身模块 | `from MMEdu import MMClassification as cls` where the MMEdu package is not installed.

The real package is used wherever it can be imported; `install()` says which one it is.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from pytest_mmedu.errors import MissingPackageError
from pytest_mmedu.mmedu import LIKE, real_package
from pytest_mmedu.mmedu.real_package import NAME
from pytest_mmedu.text import Text

_OTHER_TASKS = ("MMDetection", "MMPose", "MMGeneration")


@dataclass(frozen=True, slots=True)
class InUse:
    """Which MMEdu the programs of this process get; `why` is the reason where an installed one did not work."""

    kind: Literal["real", "stand-in"]
    version: str
    why: str | None = None

    @property
    def text(self) -> Text:
        if self.kind == "real":
            return Text(f"使用已安装的 MMEdu {self.version}。", f"The installed MMEdu {self.version} is used.")
        if self.why is None:
            return Text("没有安装 MMEdu，使用本工具的替身。", "MMEdu is not installed: this kit's stand-in is used.")
        return Text(
            f"已安装的 MMEdu 无法导入（{self.why}），使用本工具的替身。",
            f"The installed MMEdu cannot be imported ({self.why}): this kit's stand-in is used.",
        )


def install() -> InUse:
    """Make `import MMEdu` work in this process, and its train() recordable."""
    if _is_stand_in(sys.modules.get(NAME)):
        return InUse("stand-in", LIKE)
    try:
        real = real_package.load()
    except Exception as error:  # noqa: BLE001 - an old MMEdu on a new torch fails in any way it likes
        return _stand_in(f"{type(error).__name__}: {error}")
    return InUse("real", str(getattr(real, "__version__", "?"))) if real is not None else _stand_in(None)


def _is_stand_in(module: Any) -> bool:
    return getattr(module, "__doc__", None) == __doc__


def _stand_in(why: str | None) -> InUse:
    from pytest_mmedu.mmedu import MMClassification, pth_info

    for loaded in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
        del sys.modules[loaded]  # what a failed import left behind
    module = ModuleType(NAME, __doc__)
    module.__dict__.update(
        MMClassification=MMClassification,
        pth_info=pth_info,
        __version__=LIKE,
        __all__=["MMClassification", "pth_info"],
        __getattr__=_missing,
    )
    # Without a spec, importlib.util.find_spec("MMEdu") raises ValueError.
    module.__spec__ = importlib.util.spec_from_loader(NAME, loader=None)
    sys.modules[NAME] = module
    return InUse("stand-in", LIKE, why)


def _missing(name: str) -> Any:
    if name not in _OTHER_TASKS:
        raise AttributeError(f"module {NAME!r} has no attribute {name!r}")
    raise MissingPackageError(
        Text(f"MMEdu 的替身里没有 {name}。", f"The stand-in for MMEdu has no {name}."),
        Text(
            "本工具只做图像分类：请用 MMClassification，或安装 MMEdu。",
            "This kit does image classification: use MMClassification, or install MMEdu.",
        ),
    )
