"""MMEdu 的接口 | MMEdu's interface, for machines without the MMEdu package.

    from pytest_mmedu.mmedu import MMClassification as cls, pth_info

Names, arguments, return values and error codes are MMEdu 2.0.0's; the training is this kit's own on mmcls.
Importing this package imports no torch, and nothing that an older Python than this kit's would not know: beside the
real MMEdu, wherever that lives, only `recorder` and `real_package` are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mmedu.mmedu.about_pth import pth_info
    from pytest_mmedu.mmedu.classification import MMClassification

LIKE = "2.0.0"  # the version of MMEdu whose interface this is

__all__ = ["LIKE", "MMClassification", "pth_info"]

_HANDED_ON = {"MMClassification": "classification", "pth_info": "about_pth"}


def __getattr__(name: str) -> Any:
    if name not in _HANDED_ON:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HANDED_ON[name]}"), name)
