"""Programs that tamper, and such that only go wrong: what each may earn, and what its student is told.

One table row: the program, the points that the honest work in it deserves, words of what is said or printed.
`@…@` stands for what an attacker would know of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ALL = ("namespaces", "landlock", "process")
BOXED = ("namespaces", "landlock")
HONEST = "@HONEST@\n"  # the training and the function of conftest.py
FULL, NOTHING = 100.0, 0.0
SLOW = {"seconds": 1.0}


@dataclass(frozen=True)
class Case:
    program: str
    score: float
    says: tuple[str, ...] = ("",)
    prints: str | None = None
    levels: tuple[str, ...] = ALL
    budget: dict[str, float] = field(default_factory=dict)
    trains: bool = False  # by itself, in PyTorch: only where the libraries are loaded beforehand


TRIED = """
tried = []
def attempt(name, what):
    try:
        what()
        tried.append(name)
    except Exception:
        pass
"""

# A training of the student's own, without the kit: what it writes down of it is its own word.
IN_PYTORCH = "import torch\ntorch.nn.Linear(2, 1)(torch.ones(1, 2)).sum().backward()\n"
TALK = "import os\ntalk = os.path.join(os.path.dirname(os.path.expanduser('~')), 'talk')\n"

TAKING_OVER: dict[str, Case] = {
    "an honest one": Case(HONEST + "print('done')\n", FULL, prints="done\n"),
    "S03 patches json, time, builtins, pytest": Case(
        "import builtins, json, time\njson.loads = lambda *a, **k: {'score': 100}\ntime.monotonic = lambda: 0\n"
        "builtins.len = lambda x: 100\ntry:\n    import _pytest.reports as r\n    r.TestReport.passed = True\n"
        "except ImportError:\n    pass\n",
        NOTHING,
        ("The program stopped before its end", "AssertionError"),  # it broke its own Python, and nothing else
    ),
    "S04 an object that equals everything": Case(
        "class Yes(float):\n    __eq__ = __ge__ = __le__ = __lt__ = __gt__ = lambda self, other: True\n"
        "    __hash__ = float.__hash__\nloss = accuracy = score = Yes(1)\n",
        NOTHING,
        ("The program ran to its end without training anything.",),
    ),
    "S05 looks for the expected value in memory": Case(
        HONEST + "import gc, os, sys\nneedle = '4711'[::-1]\n"
        "def holds(x):\n    return isinstance(x, str) and ('expected-value-is-' + needle[::-1]) in x\n"
        "found = [x for x in gc.get_objects() for y in (x.values() if type(x) is dict else ()) if holds(y)]\n"
        "found += [v for v in os.environ.values() if holds(v)]\nframe = sys._getframe()\n"
        "while frame:\n    found += [v for v in frame.f_locals.values() if holds(v)]\n    frame = frame.f_back\n"
        "print(len(found))\n",
        FULL,
        prints="0\n",
    ),
    "S06 prints verdicts": Case(
        "print('PASSED 5 / 5')\nprint('{\"score\": 100, \"max_score\": 100}')\nprint('===== 5 passed in 0.1s =====')\n"
        "print('::set-output name=score::100')\n",
        NOTHING,
        ("The program ran to its end without training anything.",),
    ),
    "claims in the talk folder that it is at the end": Case(
        "import json, os\ntalk = os.path.join(os.path.dirname(os.path.expanduser('~')), 'talk')\n"
        "open(talk + '/ended.json', 'w').write(json.dumps({'how': 'end'}))\n"
        'open(talk + \'/events.jsonl\', \'w\').write(\'{"event": "finished", "folder": "/"}\\n\')\nos._exit(0)\n',
        NOTHING,
        ("A training ended, but its files are not in the homework's folder.",),
    ),
    "sys.exit(0)": Case("import sys\nsys.exit(0)\n", NOTHING, ("The program ended itself (sys.exit, code 0)",)),
    "os._exit(0)": Case("import os\nos._exit(0)\n", NOTHING, ("The program stopped before its end (exit code 0).",)),
    "kills its own group": Case(
        "import os, signal\nos.killpg(0, signal.SIGKILL)\n",
        NOTHING,
        ("The program was ended by signal 9.", "The process that runs the submission did not start."),
    ),
    "kills its parent's group": Case(
        TRIED + "import os, signal\nattempt('group', lambda: os.killpg(os.getpgid(os.getppid()), signal.SIGKILL))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        NOTHING,
        ("The program was ended by signal 9.", "The process that runs the submission did not start."),
    ),
    "becomes another program": Case(
        HONEST + "import os\nos.execv('/usr/bin/true', ['true'])\n", NOTHING, ("The program stopped before its end",)
    ),
    "closes its output": Case(HONEST + "import os, sys\nsys.stdout.close()\nos.close(1)\nos.close(2)\n", FULL),
    "fails with its output closed": Case(
        "import os, sys\nos.close(1)\nos.close(2)\nsys.stdout = sys.stderr = None\nraise ValueError('lost')\n",
        NOTHING,
        ("The program failed: ValueError: lost",),
    ),
    "fails after closing its output": Case(
        "import sys\nsys.stdout.close()\nsys.stderr.close()\nraise ValueError('lost')\n",
        NOTHING,
        ("The program failed: ValueError: lost",),
    ),
    "leaves a pipe for its last words": Case(
        HONEST + TALK + "os.mkfifo(talk + '/ended.json')\nos._exit(0)\n",
        NOTHING,
        ("The program stopped before its end",),
    ),
    "leaves a link for its last words": Case(
        HONEST + TALK + "os.symlink('@TEACHER@/secrets/grades.csv', talk + '/ended.json')\nos._exit(0)\n",
        NOTHING,
        ("The program stopped before its end",),
    ),
    "leaves folders for its words": Case(
        HONEST + TALK + "notes = talk + '/events.jsonl'\nif os.path.exists(notes):\n    os.remove(notes)\n"
        "os.mkdir(notes)\nos.mkdir(talk + '/ended.json')\nos._exit(0)\n",
        NOTHING,
        ("The program stopped before its end",),
    ),
}
EVIDENCE: dict[str, Case] = {
    "a log of NaN": Case(
        IN_PYTORCH + "import os\nos.makedirs('out')\nopen('out/run.log.json', 'w').write(\n"
        '    \'\'.join(\'{"mode": "train", "epoch": %d, "iter": 1, "loss": NaN}\\n\' % e for e in range(1, 7)))\n',
        40.0,
        trains=True,
    ),
    "a log that is one deep bracket": Case(
        "import os\nos.makedirs('out')\nopen('out/run.log.json', 'w').write('[' * 200_000)\n", NOTHING
    ),
    "takes away its own rights": Case(
        HONEST + "import os\nos.mkdir('x')\nos.chmod('x', 0)\nos.chmod('.', 0o500)\n", FULL
    ),
    "names that are no text": Case(
        HONEST + "open(b'\\xff\\xfe\\n.pth', 'w').close()\nopen('out/a\\nb.log.json', 'w').close()\n", FULL
    ),
    "a log of 100 MB of nothing": Case(
        "import os\nos.makedirs('out')\nopen('out/run.log.json', 'w').truncate(100_000_000)\n", NOTHING
    ),
}
