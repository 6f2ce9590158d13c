"""读配置文件 | An mmcls, mmpretrain or mmengine config read without running it: by AST, with its `_base_` parents."""

from __future__ import annotations
