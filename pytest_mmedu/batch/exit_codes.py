"""退出码 | What the exit code of a command that grades tells a script.

0    all well: everything is graded, and enough was earned
1    something was not earned, or somebody is below --min-score
2    the command or the exercise was wrong: click's own code for the first
3    the machine's fault: a full disk, for example
4    something could not be graded
130  interrupted, as shells have it
"""

from __future__ import annotations

WELL, BELOW, USAGE, MACHINE, NOT_GRADED, INTERRUPTED = 0, 1, 2, 3, 4, 130
