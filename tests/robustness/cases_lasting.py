"""Programs that reach for those who come after them: what is kept between two runs, and who made them run."""

from __future__ import annotations

from .cases import BOXED, FULL, HONEST, NOTHING, TRIED, Case

_CALLS = "import ctypes, platform\nlibc = ctypes.CDLL(None)\narm = platform.machine() == 'aarch64'\n"
# The rings of the thread, the process, the session and the user, by the kernel's numbers.
_KEYS = (
    "def check(result):\n    if result < 0: raise OSError\n"
    "for ring in (-1, -2, -3, -4, -5):\n"
    "    attempt(('add', ring), lambda: check(libc.syscall(217 if arm else 248, b'user', b'mmedu', b'7', 1, ring)))\n"
    "    attempt(('name', ring), lambda: check(libc.syscall(219 if arm else 250, 0, ring, 0)))\n"
    "attempt('find', lambda: check(libc.syscall(218 if arm else 249, b'user', b'mmedu', None, 0)))\n"
)

LASTING: dict[str, Case] = {
    "leaves a word in the kernel's keys": Case(
        HONEST + TRIED + _CALLS + _KEYS + "print(tried)\n",
        FULL,
        prints="[]\n",
    ),
    "does what only root may": Case(
        HONEST + TRIED + "import os, socket, time\n"
        "attempt('clock', lambda: time.clock_settime(time.CLOCK_REALTIME, time.time()))\n"
        "attempt('name', lambda: socket.sethostname(socket.gethostname()))\n"
        "attempt('before others', lambda: os.setpriority(os.PRIO_PROCESS, 0, -5))\n"
        "attempt('root', lambda: os.chroot('.'))\n"
        "attempt('device', lambda: os.mknod('device', 0o60600, os.makedev(1, 1)))\n"
        "attempt('another', lambda: os.setuid(65534))\nprint(tried)\n",
        FULL,
        prints="[]\n",
    ),
    "was born with something open": Case(
        TRIED + "import os\nfor n in range(3, 256): attempt(n, lambda: os.fstat(n))\nprint(tried)\n" + HONEST,
        FULL,
        prints="[]\n",
    ),
    "looks into the judge's memory": Case(
        HONEST + TRIED + _CALLS + "import os\n"
        "for name in ('mem', 'maps', 'environ', 'fd/0', 'root/etc/passwd'):\n"
        "    attempt(name, lambda: open('/proc/@JUDGE@/' + name, 'rb').read(1))\n"
        "attempt('writes', lambda: open('/proc/@JUDGE@/mem', 'r+b').close())\n"
        "def trace():\n    if libc.ptrace(16, @JUDGE@, 0, 0) != 0: raise OSError\n"
        "attempt('trace', trace)\n"
        "def limit():\n    import resource\n    resource.prlimit(@JUDGE@, resource.RLIMIT_CPU)\n"
        "attempt('limit', limit)\n"
        "attempt('slower', lambda: os.setpriority(os.PRIO_PROCESS, @JUDGE@, os.getpriority(os.PRIO_PROCESS, 0)))\n"
        "attempt('one core', lambda: os.sched_setaffinity(@JUDGE@, os.sched_getaffinity(0)))\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    # Landlock forbids signals to the outside only from its sixth version on: an older one would end the test.
    "kills all that it can see": Case(
        "import os, signal, time\ntry:\n    os.kill(-1, signal.SIGKILL)\nexcept OSError:\n    pass\ntime.sleep(1)\n",
        NOTHING,
        ("The program was ended by signal 9.", "ran to its end without training", "did not start"),
        levels=("namespaces",),
    ),
    "leaves sockets, pipes and locks": Case(
        HONEST + TRIED + "import fcntl, os, socket\nhome = os.path.expanduser('~')\n"
        "here = os.path.dirname(home)\n"
        "def bind(path):\n    one = socket.socket(socket.AF_UNIX)\n    one.bind(path)\n    one.listen(1)\n"
        "for place in (home, os.environ['TMPDIR'], here + '/talk', os.getcwd()):\n"
        "    os.chdir(place)\n    attempt(place, lambda: bind('s'))\n    os.mkfifo('p')\n"
        "lock = open(here + '/.alive')\n"
        "def take():\n    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n    print('took the lock')\n"
        "attempt('lock', take)\n",
        FULL,
        prints="",
        levels=("namespaces", "process"),
    ),
    "plants what others read when they start": Case(
        HONEST + TRIED + "import os, site, sys\n"
        "places = [*sys.path, site.getusersitepackages(), '/root', '/home', '/var/tmp', '/dev/shm', '/run', '/opt']\n"
        "places += [os.path.dirname(m.__file__) for m in list(sys.modules.values()) if getattr(m, '__file__', None)]\n"
        "mine = os.path.dirname(os.path.expanduser('~'))\n"
        "for place in set(places):\n"
        # A box has a /tmp of its own: what is written there, also beside a project that lies in /tmp, is gone with it.
        "    if not os.path.abspath(place).startswith((mine, '/tmp/')) and place != '/dev/shm':\n"
        "        for name in ('evil.pth', 'usercustomize.py', '__pycache__/evil.pyc'):\n"
        "            attempt(place, lambda: open(os.path.join(place, name), 'w'))\n"
        "for name in ('.cache/YAPF', '.ipython/profile_default/startup', '.config/matplotlib', '.local/lib'):\n"
        "    os.makedirs(os.path.join(os.path.expanduser('~'), name))\n"
        "print(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
}
