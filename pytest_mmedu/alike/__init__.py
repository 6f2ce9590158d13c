"""相似的作业 | Submissions of a class that are very alike: evidence for the teacher, who looks at both.

    found = alike_in([("张三", Path("class/张三")), ("李四", Path("class/李四.zip"))], handed_out=[exercise.folder])

Nothing here changes a score or reaches a student. What counts is what two people do not come to by themselves: a page
of own program, a log with the same times of its steps, a file of weights saved in the same second. One seed with the
same parameters gives honest twins the same losses and the same weights, so those alone are never named.
"""

from __future__ import annotations

from pytest_mmedu.alike.findings import Alike, Excerpt, read_alike, write_alike
from pytest_mmedu.alike.of_class import alike_in

__all__ = ["Alike", "Excerpt", "alike_in", "read_alike", "write_alike"]
