"""Programs that tamper, and such that only go wrong: what each may earn, and what its student is told.

One table row: the program, the points that the honest work in it deserves, words of what is said or printed.
`@…@` stands for what an attacker would know of the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, field

ALL = ("namespaces", "landlock", "process")
BOXED = ("namespaces", "landlock")
HONEST = "@HONEST@\n"
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


TRIED = """
tried = []
def attempt(name, what):
    try:
        what()
        tried.append(name)
    except Exception:
        pass
"""

CASES: dict[str, Case] = {
    "an honest one": Case(HONEST + "print('done')\n", FULL, prints="done\n"),
    # -- A: taking over the judge -------------------------------------------------------------------------------------
    "S03 patches json, time, builtins, pytest": Case(
        "import builtins, json, time\njson.loads = lambda *a, **k: {'score': 100}\ntime.monotonic = lambda: 0\n"
        "builtins.len = lambda x: 100\ntry:\n    import _pytest.reports as r\n    r.TestReport.passed = True\n"
        "except ImportError:\n    pass\n",
        NOTHING,
        ("The program stopped before its end",),  # it broke its own Python, and nothing else
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
    # -- B: reading, sending, staying ---------------------------------------------------------------------------------
    "S11 network": Case(
        HONEST + TRIED + "import socket\n"
        "def tcp(): socket.create_connection(('127.0.0.1', @PORT@), 0.5)\n"
        "def tcp6(): socket.create_connection(('::1', @PORT@), 0.5)\n"
        "def unix(): socket.socket(socket.AF_UNIX).connect('@EAR@')\n"
        "def netlink():\n    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)\n    s.bind((0, 0))\n"
        "    s.sendto(b'', (1, 0))\n"
        "def dns(): socket.gethostbyname('example.org')\n"
        "for f in (tcp, tcp6, unix, dns): attempt(f.__name__, f)\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "S12 reads what is not its own": Case(
        HONEST + TRIED + "import os\n"
        "for path in ('@TEACHER@/secrets/grades.csv', '@EXERCISE@/test_exercise.py', '/etc/passwd', '/etc/shadow',\n"
        "             '@TEACHER@/class/honest/homework.py', '/proc/@JUDGE@/environ',\n"
        "             os.path.expanduser('~root/.bashrc')):\n"
        "    attempt(path, lambda: open(path).read())\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "writes what is not its own": Case(
        HONEST + TRIED + "import json, sys\n"
        "for path in ('@TEACHER@/secrets/grades.csv', '@EXERCISE@/test_exercise.py', sys.prefix + '/evil.pth',\n"
        "             json.__file__, '@TEACHER@/class/honest/homework.py', '/etc/evil', '/usr/evil'):\n"
        "    attempt(path, lambda: open(path, 'a').write('x'))\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "climbs out through links": Case(
        "import os\nos.makedirs('out', exist_ok=True)\n"
        "os.symlink('@EXERCISE@/test_exercise.py', 'out/run.log.json')\n"
        "os.symlink('/etc/passwd', 'out/latest.pth')\nos.mkfifo('out/best_x_epoch_1.pth')\n",
        NOTHING,
        ("The program ran to its end without training anything.",),
    ),
    "secrets of the environment": Case(
        HONEST + "import os\nprint([n for n in os.environ if 'TEACHER' in n or 'TOKEN' in n and 'RUN' not in n])\n",
        FULL,
        prints="[]\n",
    ),
    "a daemon": Case(
        HONEST + "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.environ.clear()\n        time.sleep(60)\n    os._exit(0)\nos.wait()\n",
        FULL,
    ),
    "a daemon with another environment": Case(
        HONEST + "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execve('/usr/bin/sleep', ['sleep', '60'], {})\n    os._exit(0)\nos.wait()\n",
        FULL,
    ),
    "a thread that goes on": Case(
        HONEST + "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n", FULL
    ),
    "a box within the box": Case(
        HONEST + "import ctypes\nprint(ctypes.CDLL(None).unshare(0x10000000))\n", FULL, prints="-1\n", levels=BOXED
    ),
    # -- C: exhausting the machine ------------------------------------------------------------------------------------
    "S07 an endless loop": Case("while True: pass\n", NOTHING, ("ran longer than 1 s",), budget=SLOW),
    "S07 sleeps": Case("import time\ntime.sleep(99)\n", NOTHING, ("ran longer than 1 s",), budget=SLOW),
    "S07 ignores signals": Case(
        "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(1)\n",
        NOTHING,
        ("ran longer than 1 s",),
        budget=SLOW,
    ),
    "S07 stops itself": Case(
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n", NOTHING, ("ran longer than 1 s",), budget=SLOW
    ),
    "S07 waits for keys": Case("input()\n", NOTHING, ("EOFError",)),
    "S08 150 processes": Case(
        "import os, time\nfor _ in range(150):\n    if os.fork() == 0:\n        time.sleep(60)\n        os._exit(0)\n"
        "time.sleep(60)\n",
        NOTHING,
        ("started too many processes", "Resource temporarily unavailable"),
    ),
    "S09 memory in one process": Case(
        "import time\nx = bytearray(700_000_000)\nx[:] = b'x' * len(x)\ntime.sleep(60)\n",
        NOTHING,
        ("more than 512 MB",),
    ),
    "S09 memory in four processes": Case(
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        x = b'x' * 160_000_000\n"
        "        time.sleep(60)\n        os._exit(0)\ntime.sleep(60)\n",
        NOTHING,
        ("more than 512 MB",),
    ),
    "S09 more than is ever allowed": Case("x = bytearray(1 << 40)\n", NOTHING, ("MemoryError",)),
    "S09 memory as files": Case(
        HONEST + TRIED + "def fill():\n    with open('/dev/shm/x', 'wb') as f:\n        for _ in range(100):\n"
        "            f.write(bytes(1 << 20))\nattempt('shm', fill)\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "S10 many small files": Case(
        "import os, time\nfor n in range(21_000):\n    os.close(os.open(f'{n}.txt', os.O_CREAT | os.O_WRONLY))\n"
        "time.sleep(60)\n",
        NOTHING,
        ("wrote too many or too large files",),
    ),
    "S10 a file with a huge hole": Case(
        "f = open('x', 'wb')\nf.seek(1 << 40)\nf.write(b'x')\nf.flush()\n", NOTHING, ("File too large",)
    ),
    "a flood of output": Case("while True: print('x' * 10_000)\n", NOTHING, ("printed too much",)),
    "recursion without end": Case("def f(): f()\nf()\n", NOTHING, ("RecursionError",)),
    "crashes the interpreter": Case(
        "import ctypes\nctypes.string_at(0)\n", NOTHING, ("The program was ended by signal 11.",)
    ),
    # -- D: evidence --------------------------------------------------------------------------------------------------
    "a log of NaN": Case(
        "import os\nos.makedirs('out')\nopen('out/run.log.json', 'w').write(\n"
        '    \'\'.join(\'{"mode": "train", "epoch": %d, "iter": 1, "loss": NaN}\\n\' % e for e in range(1, 7)))\n',
        40.0,
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
}
