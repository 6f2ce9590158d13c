"""Programs that read, write or send what is not theirs, or stay on."""

from __future__ import annotations

from .cases import BOXED, FULL, HONEST, NOTHING, TRIED, Case

NETWORK = """
import socket
def tcp(): socket.create_connection(('127.0.0.1', @TCP@), 0.5)
def tcp6(): socket.create_connection(('::1', @TCP6@), 0.5)
def unix(): socket.socket(socket.AF_UNIX).connect('@EAR@')
def abstract(): socket.socket(socket.AF_UNIX).connect('\\0@ABSTRACT@')
def dns(): socket.gethostbyname('example.org')
def interfaces(): assert [name for _, name in socket.if_nameindex() if name != 'lo']
def udp(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', @UDP@))
def udp6(): socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('::1', @UDP6@))
def packet(): socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0x300).sendto(b'x', ('lo', 0x800))
"""

REACHING: dict[str, Case] = {
    # Whether anything came is judged by ears outside; what is told to have worked must be nothing, too.
    "S11 network": Case(
        HONEST + TRIED + NETWORK + "for f in (tcp, tcp6, unix, abstract, dns, interfaces): attempt(f.__name__, f)\n"
        "told = list(tried)\nfor f in (udp, udp6, packet): attempt(f.__name__, f)\nprint(told)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "S12 reads what is not its own": Case(
        HONEST + TRIED + "import os\n"
        "for path in ('@TEACHER@/secrets/grades.csv', '@EXERCISE@/test_exercise.py', '/etc/passwd', '/etc/shadow',\n"
        "             '@TEACHER@/class/honest/homework.py', '/proc/@JUDGE@/environ', '/proc/@JUDGE@/cwd/docker.sock',\n"
        "             os.path.expanduser('~root/.bashrc')):\n"
        "    attempt(path, lambda: open(path).read())\n"
        "for path in ('@TEACHER@', '@TEACHER@/class', '@EXERCISE@', '@CACHE@', '/var'):\n"
        "    attempt(path, lambda: os.listdir(path))\nprint(tried)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "looks for the others that run now": Case(
        HONEST + TRIED + "import os\nhere = os.path.dirname(os.path.expanduser('~'))\nfound = []\n"
        "def look():\n    found.extend(n for n in os.listdir('@TEMPORARY@') if n != os.path.basename(here))\n"
        "attempt('look', look)\nprint(found)\n",
        FULL,
        prints="[]\n",
        levels=BOXED,
    ),
    "writes what is not its own": Case(
        HONEST + TRIED + "import json, sys\n"
        "for path in ('@TEACHER@/secrets/grades.csv', '@EXERCISE@/test_exercise.py', sys.prefix + '/evil.pth',\n"
        "             json.__file__, '@TEACHER@/class/honest/homework.py', '@CACHE@/evil', '/etc/evil', '/usr/evil'):\n"
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
        "import ctypes\nprint(ctypes.CDLL(None).unshare(0x10000000))\n" + HONEST, FULL, prints="-1\n", levels=BOXED
    ),
    "a box within the box, by another call": Case(
        "import ctypes, platform\n"
        "clone = {'x86_64': 56, 'aarch64': 220}[platform.machine()]\n"
        "pid = ctypes.CDLL(None).syscall(clone, 0x10000000 | 17, 0, 0, 0, 0)\nprint(pid)\n" + HONEST,
        FULL,
        prints="-1\n",
        levels=BOXED,
    ),
    "edits its log after the end": Case(
        HONEST + "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        while os.getppid() > 2 and os.path.exists('homework.py') and not os.path.exists('ended'):\n"
        "            time.sleep(0.5)\n"
        "            for name in os.listdir('out'):\n                open('out/' + name, 'w').close()\n"
        "    os._exit(0)\nos.wait()\n",
        FULL,
    ),
}
