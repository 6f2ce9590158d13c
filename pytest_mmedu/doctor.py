"""这台电脑 | What this machine has, what is missing, and the commands that mend it. Nothing heavy is imported."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import click

from pytest_mmedu.text import Lang, Text, listing, pad
from pytest_mmedu.train.devices import may_have_gpu

# Distributions by what they are to us, the one to install first. mmcv and mmcls are installed without what they name
# (requirements/training.txt says why), so that what they need has a row of its own.
TORCH, MMCV, MMCLS = ("torch",), ("mmcv", "mmcv-full"), ("mmcls",)
OPENCV = ("opencv-python-headless", "opencv-python", "opencv-contrib-python", "opencv-contrib-python-headless")
SUPPORTING = ("addict", "matplotlib", "numpy", "packaging", "pillow", "pyyaml", "yapf")
PINNED = {"torch": "torch==2.13.0", "mmcv": "mmcv==1.7.2", "mmcls": "mmcls==0.25.0"}
# mmcv 1.x imports pkg_resources while it is built, gone from setuptools 81 on. Without isolation the build takes what
# is installed: that works with every pip and in every shell, where a constraint file would need a variable.
BUILD_TOOLS = ("setuptools<81", "wheel")
# From 3.13 on its setup.py fails for another reason, which `doctor --fix` knows to mend and no command does.
NEEDS_FIX = (3, 13)

ABSENT = Text("没有安装", "not installed")
TO_DO = Text(
    "没有训练所需的软件。请运行 pytest-mmedu doctor --fix",
    "Software for training is missing. Run pytest-mmedu doctor --fix",
)
OR_TYPE = Text("，或者依次运行：", ", or, in this order:")
CUDA = Text(
    "在 Linux 上，torch 会带来好几 GB 的 CUDA 软件包。这台电脑没有显卡：先装 CPU 版的 torch 更省，\n"
    "命令见 https://pytorch.org/get-started/locally/ 。",
    "On Linux, torch brings several GB of CUDA packages. This machine has no GPU: install torch's CPU build first,\n"
    "https://pytorch.org/get-started/locally/ shows the command.",
)
NO_XDIST = Text("没有安装，不能用 -n 并行；不影响批改", "not installed: no -n for parallel runs; grading works without")


@dataclass(frozen=True, slots=True)
class Part:
    """One line. `found` is a version, `note` what to know about it; `missing` names what has to be installed."""

    name: Text
    found: str | None
    note: Text | None = None
    missing: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return "[x]" if self.missing else "[v]" if self.found else "[ ]"

    def says(self, lang: Lang) -> str:
        return " · ".join(filter(None, (self.found, self.note.in_lang(lang) if self.note else None)))


def parts() -> Iterator[Part]:
    """Python, pytest, the training stack, where it computes, and what stands in for what is not there."""
    yield Part(Text.same("Python"), platform.python_version(), Text.same(sys.executable))
    yield Part(Text.same("pytest"), _version(("pytest",)))
    yield _needed("torch", TORCH)
    yield _needed("mmcv", MMCV, series="1.")
    yield _needed("mmcls", MMCLS, series="0.")
    yield _needed("OpenCV", OPENCV)
    yield _supporting()
    yield Part(Text("计算", "computes on"), *_device(_version(TORCH), _cuda_of_torch(), may_have_gpu()))
    yield _mmedu()
    xdist = _version(("pytest-xdist",))
    yield Part(Text.same("pytest-xdist"), xdist, None if xdist else NO_XDIST)


def _version(names: Sequence[str]) -> str | None:
    """The installed version, by metadata alone; it names the distribution where that is not the first choice."""
    for name in names:
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        return found if name == names[0] else f"{found} ({name})"
    return None


def _needed(name: str, distributions: Sequence[str], series: str = "") -> Part:
    found = _version(distributions)
    if found is None:
        return Part(Text.same(name), None, ABSENT, (distributions[0],))
    if found.startswith(series):
        return Part(Text.same(name), found)
    return Part(Text.same(name), found, Text(f"需要 {series}x 版", f"{series}x is needed"), (distributions[0],))


def _supporting() -> Part:
    missing = tuple(name for name in SUPPORTING if _version((name,)) is None)
    name, without = Text("mmcv 所需", "for mmcv"), listing(missing)
    if missing:
        return Part(name, None, Text(f"没有安装：{without.zh}", f"not installed: {without.en}"), missing)
    return Part(name, ", ".join(SUPPORTING))


def _cuda_of_torch() -> str | None:
    """The CUDA version that the installed torch was built for, read in its source: importing it takes seconds."""
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return None
    try:
        text = Path(spec.origin).with_name("version.py").read_text("utf-8")
    except OSError:
        return None
    found = re.search(r"^cuda\b[^=\n]*=\s*['\"]([\d.]+)", text, re.MULTILINE)
    return found[1] if found else None


def _device(torch: str | None, cuda: str | None, gpu: bool) -> tuple[str | None, Text]:
    """What `--mmedu-device=auto` will most likely take: torch itself decides when it starts."""
    if torch is None:
        return None, Text("要先安装 torch", "torch has to be installed first")
    if cuda and gpu:
        return "cuda", Text(
            f"torch 支持 CUDA {cuda}，找到了显卡驱动", f"torch has CUDA {cuda}, and there is a GPU driver"
        )
    if cuda:
        return "cpu", Text("没有找到显卡驱动", "no GPU driver was found")
    if gpu:
        return "cpu", Text("有显卡，但装的是 CPU 版 torch", "there is a GPU, but this torch is built for the CPU")
    return "cpu", Text("装的是 CPU 版 torch", "this torch is built for the CPU")


def _mmedu() -> Part:
    name = Text.same("MMEdu")
    if find_spec("MMEdu") is None:
        return Part(name, None, Text("没有安装，用本工具的替身", "not installed: this kit's stand-in is used"))
    real = Text("真正的 MMEdu，能导入就用它", "the real one: used if it can be imported")
    return Part(name, _version(("MMEdu",)) or "?", real)


class Steps(NamedTuple):
    """What to give to the installer, in this order; `built` are built from source and take nothing else with them."""

    torch: list[str]
    small: list[str]
    built: list[str]

    @classmethod
    def of(cls, missing: Sequence[str]) -> Steps:
        torch = [PINNED[name] for name in missing if name in TORCH]
        built = [PINNED[name] for name in missing if name in PINNED and name not in TORCH]
        return cls(torch, [name for name in missing if name not in PINNED], built)


def commands(missing: Sequence[str]) -> list[str]:
    """What to type, in this order, so that this Python has them all; nothing where that would not do."""
    torch, small, built = Steps.of(missing)
    if PINNED["mmcv"] in built:
        if sys.version_info >= NEEDS_FIX:
            return []
        small += BUILD_TOOLS
    built = ["--no-deps", "--no-build-isolation", *built] if built else []
    return [" ".join(map(_quoted, [*installer(), *group])) for group in (torch, small, built) if group]


def _quoted(word: str) -> str:
    return f'"{word}"' if set(" <>") & set(word) else word


def installer() -> list[str]:
    """pip of this very Python; an environment that uv made has none.

    Looked up by its metadata: asking for the module makes an older setuptools fail when it is imported later on.
    """
    if _version(("pip",)) is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]


def show_machine(lang: Lang) -> bool:
    """Print every part and what mends it; True when nothing that is needed is missing."""
    found = list(parts())
    for part in found:
        click.echo(f"{part.mark} {pad(part.name.in_lang(lang), 13)} {part.says(lang)}".rstrip())
    missing = [name for part in found for name in part.missing]
    if missing:
        to_type = commands(missing)
        click.echo("\n" + TO_DO.in_lang(lang) + (OR_TYPE.in_lang(lang) if to_type else ""))
        for command in to_type:
            click.echo(f"    {command}")
        if brings_cuda(missing):
            click.echo(CUDA.in_lang(lang))
    return not missing


def brings_cuda(missing: Sequence[str]) -> bool:
    """Plain torch on Linux is the one for a GPU, with several GB of packages that only a GPU needs."""
    return sys.platform == "linux" and bool({*TORCH} & {*missing}) and not may_have_gpu()
