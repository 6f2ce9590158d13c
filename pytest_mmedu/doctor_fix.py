"""装上缺的 | Install what the doctor found missing into this Python. What is there stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import invalidate_caches
from pathlib import Path

import click

from pytest_mmedu.doctor import BUILD_TOOLS, CUDA, Part, Steps, brings_cuda, installer, parts
from pytest_mmedu.text import Lang, Text, listing

# setup.py of mmcv 1.x runs exec() in a function and finds in locals() what that made, which Python 3.13 gave up (PEP
# 667). This is read by the Python that builds, and by no other.
_AS_BEFORE_3_13 = """\
import builtins
import sys

run = builtins.exec


def exec(source, namespace=None, names=None, /, **more):
    if namespace is None:
        caller = sys._getframe(1)
        namespace, names = caller.f_globals, caller.f_locals
    return run(source, namespace, names, **more)


builtins.exec = exec
"""

NOTHING = Text("需要的都装好了。", "Everything that is needed is installed.")
DONE = Text("装好了。", "Installed.")

Run = Callable[[Sequence[str], Mapping[str, str]], int]


def _really(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """What it prints is shown as it comes."""
    try:
        return subprocess.run(command, env=environ, check=False).returncode
    except OSError as error:  # no uv, for one
        click.echo(f"{command[0]}: {error.strerror}", err=True)
        return 127


def fix_machine(lang: Lang, run: Run = _really) -> bool:
    """Install step by step; False where a step failed, or where only another environment would help."""
    found = list(parts())
    for part in found:
        if part.missing and part.found is not None:
            click.echo(_in_the_way(part).in_lang(lang), err=True)
            return False
    missing = [name for part in found for name in part.missing]
    if not missing:
        click.echo(NOTHING.in_lang(lang))
        return True
    if brings_cuda(missing):
        click.echo(CUDA.in_lang(lang))
    return _install(missing, lang, run)


def _install(missing: Sequence[str], lang: Lang, run: Run) -> bool:
    torch, small, built = Steps.of(missing)
    for packages, install in ((torch, _plainly), (small, _plainly), (built, _built)):
        if packages and not install(packages, run):
            click.echo(_failed(packages).in_lang(lang), err=True)
            return False
    invalidate_caches()
    click.echo(DONE.in_lang(lang))
    return True


def _plainly(packages: Sequence[str], run: Run) -> bool:
    return run([*installer(), *packages], os.environ) == 0


def _built(packages: Sequence[str], run: Run) -> bool:
    """From source, with tools that lie in a folder of their own for as long as it takes: the installed ones stay."""
    with tempfile.TemporaryDirectory() as folder:
        if run([*installer(), "--target", folder, *BUILD_TOOLS], os.environ) != 0:
            return False
        if sys.version_info >= (3, 13):
            (Path(folder) / "sitecustomize.py").write_text(_AS_BEFORE_3_13, "utf-8")
        environ = {**os.environ, "PYTHONPATH": folder}
        return run([*installer(), "--no-deps", "--no-build-isolation", *packages], environ) == 0


def _in_the_way(part: Part) -> Text:
    zh, en = part.says("zh"), part.says("en")
    return Text(
        f"这里已经装有 {part.name.zh} {zh}。别的程序可能要用它，所以不替换：请新建一个虚拟环境，在那里安装。",
        f"{part.name.en} {en}. Something else may need the one that is there, so it is not replaced: "
        "make a virtual environment of its own and install there.",
    )


def _failed(packages: Iterable[str]) -> Text:
    names = listing(packages)
    return Text(
        f"没有装上：{names.zh}。原因写在上面；改好以后再运行一次，装好的不会重装。",
        f"Not installed: {names.en}. The reason stands above; mend it and run this again, what is there stays.",
    )
