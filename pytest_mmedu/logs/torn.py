"""没写完的末行 | The last line of a console log that stops before it says anything: in its head or in a known sentence.

2023-02-05 15:3
2023-02-05 15:36:54,265 - mmcls - INFO - Now best chec
2023-02-05 15:36:54,265 - mmcls - INFO - Best accuracy_top-1 is 49.00
"""

from __future__ import annotations

import re

_STAMP = r"\d{4}[-/]\d\d[-/]\d\d \d\d:\d\d:\d\d(?:,\d{3})? - [a-z]{1,12} - [A-Z]{4,8} - "
_LOGGED = re.compile(_STAMP + "(.*)")
_PART_OF_STAMP = re.compile(r"\d{1,4}|\d{4}[-/][\d/:, -]{0,20}(?:- ?[a-z]{0,12}(?: -? ?[A-Z]{0,8} ?-? ?)?)?")
_SENTENCES = ("Now best checkpoint is saved as ", "Best ", "The best checkpoint with ", "Saving checkpoint at ")
_BEGINNINGS = (*_SENTENCES, "Epoch [", "Epoch(train)", "Epoch(val)", "Iter [", "Iter(train)", "Iter(val)")
_ENDS = (" epochs", " iterations", " epoch.", " iter.", ".pth", ".pth.")


def is_torn(text: str) -> bool:
    """Whether a line, the last one and without a line end, stops on the way."""
    logged = _LOGGED.fullmatch(text)
    if logged is None:
        return _PART_OF_STAMP.fullmatch(text) is not None
    said = logged[1]
    if said.startswith(_SENTENCES):
        return not said.rstrip().endswith(_ENDS)
    return any(known.startswith(said) for known in _BEGINNINGS)
