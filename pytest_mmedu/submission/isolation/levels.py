"""隔离级别 | The levels of isolation, what each promises, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pytest_mmedu.text import Text, listing

Level = Literal["container", "namespaces", "landlock", "process", "artefacts"]
Word = Literal["verified", "watched", "not provided"]

LEVELS: tuple[Level, ...] = get_args(Level)  # the strongest first; the last one runs nothing
RUNNING = LEVELS[:-1]
# For "auto": a container holds what namespaces hold, and takes several times as long to start.
TRIED_FIRST: tuple[Level, ...] = ("namespaces", "container", "landlock", "process")
AUTO = "auto"

NAMES: Mapping[str, Text] = {
    "files": Text("文件", "files"),
    "network": Text("网络", "network"),
    "processes": Text("进程", "processes"),
    "memory": Text("内存", "memory"),
    "disk": Text("磁盘", "disk"),
}
# Watched: looked at several times a second and stopped when it is too much. Verified: tried, and held.
WORDS: Mapping[Word, Text] = {
    "verified": Text("已验证", "verified"),
    "watched": Text("监视", "watched"),
    "not provided": Text("不保护", "not provided"),
}
OF_A_PROCESS: Mapping[str, Word] = {
    "files": "not provided",
    "network": "not provided",
    "processes": "watched",
    "memory": "watched",
    "disk": "watched",
}


def strength(level: str) -> int:
    """Larger is stronger. `artefacts` undercuts nothing, since nothing is run."""
    return len(LEVELS) if level == "artefacts" else len(RUNNING) - LEVELS.index(level)


def would_do(asked: str, least: str) -> tuple[str, ...]:
    """The levels, the strongest first, at which a run is as good as was asked for and as the exercise wants."""
    return tuple(level for level in RUNNING if asked in (AUTO, level) and strength(level) >= strength(least))


def told(guarantees: Mapping[str, str]) -> Text:
    """已验证：文件、网络；监视：内存 | verified: files, network; watched: memory"""
    parts = []
    for word, shown in WORDS.items():
        names = [NAMES[name] for name in NAMES if guarantees.get(name) == word]
        if names:
            zh, en = listing(name.zh for name in names).zh, listing(name.en for name in names).en
            parts.append(Text(f"{shown.zh}：{zh}", f"{shown.en}: {en}"))
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))
