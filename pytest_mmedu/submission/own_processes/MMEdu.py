"""程序自己启动的进程 | `import MMEdu` in a Python that a student's program starts, as `subprocess.run` does.

This folder stands on the path of such a Python. What is trained there is seen and limited as in the program itself.
"""

import importlib.util
import os
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path[:] = [place for place in sys.path if Path(place).resolve() != _HERE]  # the real package may come next
del sys.modules[__name__]  # whoever imports this gets what takes its place now
_spec = importlib.util.spec_from_file_location("_mmedu_start", _HERE.parent / "_start.py")
assert _spec is not None
assert _spec.loader is not None
_start = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_start)
_start.main("pytest_mmedu.submission._further", os.environ["MMEDU_TALK"])
