"""MMEdu 的接口 | MMEdu's interface, for machines without the MMEdu package.

    from pytest_mmedu.mmedu import MMClassification as cls, pth_info

Names, arguments, return values and error codes are MMEdu 2.0.0's; the training is this kit's own on mmcls.
Importing this package imports no torch: that happens in the first method that needs it.
"""

from __future__ import annotations

from pytest_mmedu.mmedu.classification import MMClassification
from pytest_mmedu.mmedu.pth_info import pth_info

LIKE = "2.0.0"  # the version of MMEdu whose interface this is

__all__ = ["LIKE", "MMClassification", "pth_info"]
