"""Functions that tamper with the calls: what each may earn for summing up numbers, of 5 points.

The right answers are 1, 0, 4711 and 0.5; they are worked out by the judge, after the program has ended.
"""

from __future__ import annotations

from dataclasses import dataclass

from .cases import ALL, BOXED

STRONGEST = ("the strongest",)  # what passes between program and judge is the same at every level

EXAMPLES = [([1],), ([],), ([4000, 711],), ([-1, 1.5],)]
HONEST = (
    "def total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n"
)
FULL, NOTHING = 5.0, 0.0
# A child knows where its words go; what it writes there in the judge's name must not count for more.
TALK = "import json, os\ntalk = os.path.join(os.path.dirname(os.path.expanduser('~')), 'talk')\n"
FORGED = (
    TALK + "def forge():\n    with open(talk + '/answers.jsonl', 'w') as f:\n"
    "        f.write(json.dumps({'function': 'there', 'line': 1, 'takes': '(numbers)'}) + '\\n')\n"
    "        for _ in range(4):\n"
    "            f.write(json.dumps({'how': 'returned', 'value': 1, 'passed': True, 'share': 1.0}) + '\\n')\n"
    "    with open(talk + '/ended.json', 'w') as f:\n        f.write(json.dumps({'how': 'end', 'score': 5}))\n"
)
KIT = "import sys\nkit = sys.modules['pytest_mmedu.submission._functions']\n"


@dataclass(frozen=True)
class FunctionCase:
    """`says` stands in the evidence; `prints` is the program's whole output."""

    program: str
    score: float
    says: str
    prints: str | None = None
    levels: tuple[str, ...] = STRONGEST


CASES: dict[str, FunctionCase] = {
    "an honest one": FunctionCase(HONEST, FULL, "right for all 4 examples", levels=ALL),
    "S04 a number that equals everything": FunctionCase(
        "class Yes(float):\n    __eq__ = __le__ = __ge__ = lambda self, other: True\n    __hash__ = float.__hash__\n"
        "    __sub__ = __rsub__ = lambda self, other: 0.0\ndef total(numbers): return Yes(1)\n",
        NOTHING,
        "returns a Yes object, not a number",
    ),
    "S04 an array that equals everything": FunctionCase(
        "import numpy\nclass Yes(numpy.ndarray):\n    __eq__ = lambda self, other: True\n    item = lambda self: 1\n"
        "def total(numbers): return numpy.array(1.0).view(Yes)\n",
        NOTHING,
        "returns a Yes object, not a number",
    ),
    "S04 an object that says that it is a number": FunctionCase(
        "class Number:\n    __class__ = float\n    __float__ = lambda self: 1.0\n"
        "    __eq__ = lambda self, other: True\ndef total(numbers): return Number()\n",
        NOTHING,
        "returns a Number object, not a number",
    ),
    "S04 a class whose name is a lie": FunctionCase(
        "class Meta(type):\n    __name__ = 'float'\n    __eq__ = lambda self, other: True\n"
        "    __hash__ = type.__hash__\nclass Number(metaclass=Meta):\n    pass\ndef total(numbers): return Number()\n",
        NOTHING,
        "object, not a number",
    ),
    "S04 a list that makes itself up": FunctionCase(
        "class Any(list):\n    __len__ = lambda self: 1\n    __eq__ = lambda self, other: True\n"
        "    __iter__ = lambda self: iter([1])\ndef total(numbers): return Any()\n",
        NOTHING,
        "returns a Any object, not a number",
    ),
    "S04 a generator": FunctionCase("def total(numbers): yield 1\n", NOTHING, "returns a generator object"),
    "an object that unpickling would run": FunctionCase(
        "class Bomb:\n    __reduce__ = lambda self: (print, ('run',))\ndef total(numbers): return Bomb()\n",
        NOTHING,
        "returns a Bomb object",
        prints="",
    ),
    "ten million numbers": FunctionCase(
        "def total(numbers): return [0] * 10_000_000\n", NOTHING, "returns too much data"
    ),
    "a list within itself": FunctionCase(
        "def total(numbers):\n    x = []\n    x.append(x)\n    return x\n", NOTHING, "returns too much data"
    ),
    "a number of a million digits": FunctionCase(
        "def total(numbers): return 1 << 4_000_000\n", NOTHING, "returns too much data"
    ),
    "not a number": FunctionCase(
        "def total(numbers): return float('nan')\n", NOTHING, "returns nan, which is not right"
    ),
    "forged answers, then away": FunctionCase(
        FORGED + "forge()\nos._exit(0)\n", NOTHING, "The program has no function total."
    ),
    "forged answers beside a function, then away": FunctionCase(
        FORGED + HONEST + "forge()\nos._exit(0)\n",
        NOTHING,
        "total([]) returns 1, which is not right",
        levels=ALL,
    ),
    "forged answers at the very end": FunctionCase(
        FORGED + "import atexit\natexit.register(forge)\ndef total(numbers): return 1\n",
        NOTHING,
        "total([]) returns 1, which is not right",
    ),
    "forged answers from a thread": FunctionCase(
        FORGED + "import threading\ndef again():\n    while True: forge()\n"
        "threading.Thread(target=again, daemon=True).start()\ndef total(numbers): return 7\n",
        NOTHING,
        "",
        levels=ALL,
    ),
    "answers that are one deep bracket": FunctionCase(
        TALK + HONEST + "open(talk + '/answers.jsonl', 'w').write('[' * 1_000_000)\nos._exit(0)\n",
        NOTHING,
        "The program stopped before its end (exit code 0).",
    ),
    "a link in the place of the answers": FunctionCase(
        TALK + "def total(numbers):\n    os.unlink(talk + '/answers.jsonl')\n"
        "    os.symlink('@TEACHER@/secrets/grades.csv', talk + '/answers.jsonl')\n    os._exit(0)\n",
        NOTHING,
        "The program stopped before its end (exit code 0).",
        levels=ALL,
    ),
    "a pipe in the place of the answers": FunctionCase(
        TALK + "def total(numbers):\n    os.unlink(talk + '/answers.jsonl')\n    os.mkfifo(talk + '/answers.jsonl')\n"
        "    os._exit(0)\n",
        NOTHING,
        "The program stopped before its end (exit code 0).",
        levels=ALL,
    ),
    "S03 patches json": FunctionCase(
        'import json\njson.dumps = lambda *a, **k: \'{"how": "returned", "value": true, "share": 1}\'\n'
        "def total(numbers): return 0\n",
        NOTHING,
        "",
    ),
    "S03 patches what types are": FunctionCase(
        "import builtins\nclass Yes(float):\n    __eq__ = lambda self, other: True\n    __hash__ = float.__hash__\n"
        "builtins.type = lambda value: float\nbuiltins.isinstance = lambda *a: True\n"
        "def total(numbers): return Yes(1)\n",
        NOTHING,
        "",
    ),
    "S03 writes its own answers": FunctionCase(
        KIT + "kit._answer = lambda *a: {'how': 'returned', 'value': 1, 'outcome': 'passed'}\n"
        "def total(numbers): return 0\n",
        NOTHING,
        "total([]) returns 1, which is not right",
        levels=ALL,
    ),
    "S05 looks for the right answer in memory": FunctionCase(
        "import gc, sys\ndef holds(values):\n"
        "    return any(type(x) in (int, float, str) and x in (9422 // 2, str(9422 // 2)) for x in list(values))\n"
        "def total(numbers):\n    if numbers != [4000, 711]: return sum(numbers)\n"
        "    found, frame = 0, sys._getframe(1)\n    while frame:\n        found += holds(frame.f_locals.values())\n"
        "        frame = frame.f_back\n    found += sum(holds(x) for x in gc.get_objects() if type(x) is list)\n"
        "    found += sum(holds(x.values()) for x in gc.get_objects() if type(x) is dict)\n"
        "    return sum(numbers) if found else found\n",
        NOTHING,
        "total([4000, 711]) returns 0, which is not right",
    ),
    "S05 asks the test file": FunctionCase(
        "def total(numbers):\n    text = open('@EXERCISE@/test_exercise.py').read()\n    return len(text)\n",
        NOTHING,
        "the program failed: ",
        levels=BOXED,
    ),
    "another function after the first call": FunctionCase(
        "def total(numbers):\n    globals()['total'] = lambda numbers: 0\n    return sum(numbers)\n",
        FULL,
        "right for all 4 examples",
    ),
    "right only in the first two calls": FunctionCase(
        "calls = []\ndef total(numbers):\n    calls.append(1)\n    return sum(numbers) if len(calls) < 3 else 0\n",
        NOTHING,
        "total([4000, 711]) returns 0, which is not right",
    ),
    "changes what it was given": FunctionCase(
        "def total(numbers):\n    numbers.append(0)\n    return sum(numbers)\n",
        NOTHING,
        "total([1]) changes argument 1 that it was given",
    ),
    "recursion without end": FunctionCase("def total(numbers): return total(numbers)\n", NOTHING, "RecursionError"),
    "leaves after the last call": FunctionCase(
        HONEST + "import atexit, os\natexit.register(os._exit, 0)\n",
        FULL,
        "right for all 4 examples",
        levels=ALL,
    ),
    "prints verdicts": FunctionCase(
        "def total(numbers):\n    print('PASSED 5 / 5')\n", NOTHING, "total([1]) returns nothing (None)"
    ),
}
