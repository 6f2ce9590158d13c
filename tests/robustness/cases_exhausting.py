"""Programs that use up time, memory, processes, the disk."""

from __future__ import annotations

from .cases import BOXED, FULL, HONEST, NOTHING, SLOW, TRIED, Case

TOO_BUSY = "machine was too busy"  # where this very test has no processor: nobody knows then
TOO_LONG = ("ran longer than 1 s", TOO_BUSY)
BY_THE_KERNEL = "The program was ended by signal 9."  # in a container: sooner than the judge sees how much it takes
EXHAUSTING: dict[str, Case] = {
    "S07 an endless loop": Case("while True: pass\n", NOTHING, TOO_LONG, budget=SLOW),
    "S07 sleeps": Case("import time\ntime.sleep(99)\n", NOTHING, TOO_LONG, budget=SLOW),
    "S07 ignores signals": Case(
        "import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(1)\n",
        NOTHING,
        TOO_LONG,
        budget=SLOW,
    ),
    "S07 stops itself": Case(
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)\n", NOTHING, TOO_LONG, budget=SLOW
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
        ("more than 512 MB", BY_THE_KERNEL),
    ),
    "S09 memory in four processes": Case(
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0:\n        x = b'x' * 160_000_000\n"
        "        time.sleep(60)\n        os._exit(0)\ntime.sleep(60)\n",
        NOTHING,
        ("more than 512 MB", BY_THE_KERNEL),
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
        "import os, time\nopen('0', 'w').close()\nfor n in range(1, 21_000):\n    os.link('0', str(n))\n"
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
    "memory that is nobody's own": Case(
        HONEST + TRIED + "import ctypes, os\nlibc = ctypes.CDLL(None)\n"
        "def done(result): assert result >= 0\n"
        "attempt('memfd', lambda: os.memfd_create('x'))\n"
        "attempt('shm', lambda: done(libc.shmget(0, 1 << 20, 0o1600)))\n"
        "attempt('sem', lambda: done(libc.semget(0, 1, 0o1600)))\n"
        "attempt('msg', lambda: done(libc.msgget(0, 0o1600)))\n"
        "print(tried)\n",
        FULL,
        prints="[]\n",
    ),
    "a thread that never ends": Case(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n",
        NOTHING,
        TOO_LONG,
        budget=SLOW,
    ),
    "folders within folders": Case(
        HONEST
        + "import os\nfor _ in range(1100):\n    os.mkdir('d')\n    os.chdir('d')\nopen('deepest', 'w').close()\n",
        FULL,
    ),
    "closed folders within folders": Case(
        HONEST + "import os\nos.makedirs('a/b/c')\nopen('a/b/c/file', 'w').close()\n"
        "for path in ('a/b/c', 'a/b', 'a'):\n    os.chmod(path, 0)\n",
        FULL,
    ),
    "names as long as they may be": Case(
        HONEST + "for n in range(100):\n    open(f'{n:03}' + 'x' * 252, 'w').close()\n", FULL
    ),
    "more open files than allowed": Case(
        "files = [open('homework.py') for _ in range(1000)]\n", NOTHING, ("Too many open files",)
    ),
}
