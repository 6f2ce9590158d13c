"""这台电脑的情况 | What this machine has for training and grading, what is missing, and the command that mends it."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata

import click

from pytest_mmedu.text import Lang, Text, pad

MAKES_IT = Text("在项目文件夹里运行 make test", "run make test in the project's folder")
NEEDED = {
    "torch": ("torch",),
    "mmcv": ("mmcv", "mmcv-full"),
    "mmcls": ("mmcls",),
    "OpenCV": ("opencv-python-headless", "opencv-python", "opencv-contrib-python"),
}
OPTIONAL = {
    "MMEdu": (("MMEdu",), Text("没有安装，用本工具自带的 MMClassification", "not installed: the kit's own is used")),
    "pytest-xdist": (("pytest-xdist",), Text("没有安装，不能用 -n 并行", "not installed: no -n for parallel runs")),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One line: `found` is a version, or None and `note` says what to do or what is used instead."""

    name: str
    found: str | None
    note: Text | None = None
    needed: bool = True


def _version(names: tuple[str, ...]) -> str | None:
    """The installed version, by metadata alone: nothing heavy is imported."""
    for name in names:
        try:
            return f"{metadata.version(name)} ({name})"
        except metadata.PackageNotFoundError:
            continue
    return None


def parts() -> Iterator[Part]:
    """Python, pytest, the training stack, and what is optional."""
    yield Part("Python", platform.python_version())
    yield Part("pytest", _version(("pytest",)))
    for name, packages in NEEDED.items():
        yield Part(name, _version(packages), MAKES_IT)
    for name, (packages, note) in OPTIONAL.items():
        yield Part(name, _version(packages), note, needed=False)


def show_machine(lang: Lang) -> bool:
    """Print every part; True when nothing that is needed is missing."""
    missing = False
    for part in parts():
        says = part.found or (part.note.in_lang(lang) if part.note else "")
        mark = "[v]" if part.found else "[x]" if part.needed else "[ ]"
        missing = missing or (part.needed and not part.found)
        click.echo(f"{mark} {pad(part.name, 14)} {says}")
    return not missing
