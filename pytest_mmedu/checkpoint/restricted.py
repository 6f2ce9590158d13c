"""受限的 pickle | The pickle inside a checkpoint, read without running anything that it holds.

A pickle is a program. It is looked through first: only opcodes that torch.save writes, only names that an honest
checkpoint needs, nothing nested so deep that hashing it would overflow the stack. Then it is run by an unpickler for
which every name is a stand-in of `stand_ins`: nothing is imported.
"""

from __future__ import annotations

import functools
import io
import pickle
import pickletools
from typing import Any

from pytest_mmedu.checkpoint.stand_ins import ALLOWED, ITEM_SIZES, Foreign, NumpyType, Storage

MOST_OPCODES = 300_000  # a large transformer with its optimizer has about 60,000
MOST_HUGE_INTEGERS = 64  # many of them can be made to share one hash, which makes a dict crawl
_KEEP = frozenset(("BUILD", "APPEND", "APPENDS", "SETITEM", "SETITEMS", "ADDITEMS"))  # leave what they fill
DEEPEST = 100
MOST_COPIED = 2**26  # a long text in the memo could be copied by a two-byte opcode again and again

_OPCODES = frozenset(
    """PROTO STOP MARK EMPTY_DICT EMPTY_LIST EMPTY_TUPLE EMPTY_SET TUPLE TUPLE1 TUPLE2 TUPLE3 LIST DICT APPEND APPENDS
    SETITEM SETITEMS ADDITEMS BINPUT LONG_BINPUT MEMOIZE BINGET LONG_BINGET GLOBAL REDUCE BUILD NEWOBJ BINPERSID
    NONE NEWTRUE NEWFALSE BININT BININT1 BININT2 LONG1 BINFLOAT BINUNICODE SHORT_BINUNICODE BINBYTES SHORT_BINBYTES
    SHORT_BINSTRING BINSTRING POP FRAME""".split()
)


_CALLS = frozenset(("INST", "OBJ", "EXT1", "EXT2", "EXT4", "NEWOBJ_EX"))  # ways to call that need no GLOBAL


class UnsafePickle(Exception):
    """`name` is what the pickle wants to call: "os.system"."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class UnusualPickle(Exception):
    """`opcode` is one that torch.save never writes, or not so often, so deep, so large."""

    def __init__(self, opcode: str) -> None:
        super().__init__(opcode)
        self.opcode = opcode


def look_through(stream: io.BytesIO) -> None:
    """Moves `stream` past one pickle. Raises UnsafePickle or UnusualPickle for what no honest checkpoint has."""
    nesting, huge, texts = _Nesting(), 0, ["", ""]
    for count, (opcode, arg, _) in enumerate(pickletools.genops(stream)):
        if opcode.name == "GLOBAL" and arg not in ALLOWED:
            raise UnsafePickle(str(arg).replace(" ", "."))
        if opcode.name == "STACK_GLOBAL":  # its name is the two texts before it
            raise UnsafePickle(".".join(texts))
        if opcode.name in _CALLS:
            raise UnsafePickle(opcode.name)
        if opcode.name not in _OPCODES or count > MOST_OPCODES:
            raise UnusualPickle(opcode.name)
        if opcode.name == "LONG_BINPUT" and int(arg or 0) > count:  # the memo is made as long as the number says
            raise UnusualPickle(opcode.name)
        if isinstance(arg, str):
            texts = [texts[1], arg]
        huge += isinstance(arg, int) and abs(arg) >= 2**63
        if huge > MOST_HUGE_INTEGERS:
            raise UnusualPickle(opcode.name)
        nesting.step(opcode, arg)


class _Nesting:
    """How deep tuples are nested, by running the pickle on depths in place of values.

    Only tuples count: what else can be a key of a dict hashes in one step, but hashing a tuple of tuples recurses in C
    without any guard, so a pickle of a million of them would end the process. Everything else has depth 0.
    """

    def __init__(self) -> None:
        self._stack: list[int] = []
        self._marks: list[int] = []
        self._memo: dict[int, int] = {}

    def step(self, opcode: pickletools.OpcodeInfo, arg: Any) -> None:
        name = opcode.name
        if name == "MARK":
            self._marks.append(len(self._stack))
        elif name in ("BINPUT", "LONG_BINPUT"):
            self._memo[arg] = self._stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self._stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            self._stack.append(self._memo.get(arg, 0))
        elif name == "POP" and self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()  # it takes a mark as well as a value
        else:
            depth = self._depth(name, self._pop(opcode))
            if depth > DEEPEST:
                raise UnusualPickle(name)
            self._stack += [depth] * len(opcode.stack_after)

    @staticmethod
    def _depth(name: str, inside: list[int]) -> int:
        if name.startswith("TUPLE"):
            return 1 + max(inside, default=0)
        return inside[0] if name in _KEEP else 0

    def _pop(self, opcode: pickletools.OpcodeInfo) -> list[int]:
        """What an opcode takes from the stack: a fixed number, or all since the last mark and what lies below it."""
        taken = [kind.name for kind in opcode.stack_before]
        if "mark" in taken:
            start = self._marks.pop() - taken.index("mark")
        else:
            start = len(self._stack) - len(taken)
        if start < 0:
            raise ValueError("a pickle that takes more than it has")
        inside = self._stack[start:]
        del self._stack[start:]
        return inside


class _Reader(pickle.Unpickler):
    """Every name is a stand-in; storages are noted, not read."""

    def __init__(self, stream: io.BytesIO, storages: dict[str, Storage]) -> None:
        super().__init__(stream, encoding="latin1")
        self._storages = storages
        self._copied = 0

    def find_class(self, module: str, name: str) -> Any:
        made = ALLOWED[f"{module} {name}"]
        return made if isinstance(made, str) or made in (Foreign, NumpyType) else functools.partial(self._call, made)

    def _call(self, made: Any, *args: Any) -> Any:
        self._copied += sum(len(arg) for arg in args if isinstance(arg, (str, bytes, list, tuple, dict, frozenset)))
        if self._copied > MOST_COPIED:
            raise ValueError("a pickle that copies one thing again and again")
        return made(*args)

    def persistent_load(self, pid: Any) -> Storage:
        _, dtype, key, _, count = pid[:5]
        if dtype not in ITEM_SIZES or type(count) is not int or not 0 <= count < 2**48:
            raise ValueError("a storage of an impossible size")
        storage = Storage(str(key), dtype, count)
        if self._storages.setdefault(storage.key, storage) != storage:
            raise ValueError("one storage with two descriptions")
        return storage


def read_pickle(stream: io.BytesIO, storages: dict[str, Storage]) -> Any:
    """The next pickle of `stream` as plain data, tensors and stand-ins; its storages are added to `storages`."""
    start = stream.tell()
    look_through(stream)
    end = stream.tell()
    stream.seek(start)
    value = _Reader(stream, storages).load()
    stream.seek(end)
    return value
