"""`doctor --fix`: what is installed, in which order and how; what is there is never replaced."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner

from pytest_mmedu import doctor, doctor_fix
from pytest_mmedu.cli import main
from pytest_mmedu.doctor_fix import fix_machine

WHOLE = dict.fromkeys(("pip", "pytest", "torch", "opencv-python", *doctor.SUPPORTING), "9.9") | {
    "mmcv-full": "1.4.5",
    "mmcls": "0.25.0",
}
Machine = Callable[[Mapping[str, str]], None]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """`machine(versions)`: one that has these distributions and no others, and a GPU."""
    monkeypatch.setattr(doctor, "may_have_gpu", lambda: True)

    def has(versions: Mapping[str, str]) -> None:
        def version(name: str) -> str:
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(metadata, "version", version)

    return has


class Installer:
    """Writes down what it is asked to run, after the installer's own name; `fails` names a package."""

    def __init__(self, fails: str = "nothing") -> None:
        self.fails = fails
        self.asked: list[list[str]] = []
        self.builds_with: list[str] = []

    def __call__(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        assert [*command[:4]] == [sys.executable, "-m", "pip", "install"]
        self.asked.append(["FOLDER" if Path(word).is_dir() else word for word in command[4:]])
        if "--no-build-isolation" in command:
            self.builds_with = sorted(path.name for path in Path(environ["PYTHONPATH"]).iterdir())
        return 1 if any(word.startswith(self.fails) for word in command) else 0


@pytest.mark.parametrize(("version", "beside"), [((3, 12, 1), []), ((3, 13, 0), ["sitecustomize.py"])])
def test_on_a_fresh_python_everything_is_installed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...], beside: list[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    machine({"pip": "25.0", "pytest": "9.2.0"})
    pip = Installer()
    assert fix_machine("en", pip)
    assert pip.asked == [
        ["torch==2.13.0"],
        ["opencv-python-headless", *doctor.SUPPORTING],
        ["--target", "FOLDER", "setuptools<81", "wheel"],
        ["--no-deps", "--no-build-isolation", "mmcv==1.7.2", "mmcls==0.25.0"],
    ]
    assert pip.builds_with == beside


def test_what_a_function_executes_is_among_its_names(tmp_path: Path) -> None:
    """As mmcv's setup.py takes it for granted, in every version of Python."""
    (tmp_path / "sitecustomize.py").write_text(doctor_fix._AS_BEFORE_3_13, "utf-8")
    code = (
        "def version():\n    exec(compile('number = 7', 'f', 'exec'))\n    return locals()['number']\n"
        "space = {}\nexec('other = 8', space)\nprint(version(), space['other'])\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("7 8\n", "")


def test_only_what_is_missing_is_installed(machine: Machine) -> None:
    machine({name: version for name, version in WHOLE.items() if name not in ("mmcls", "yapf")})
    pip = Installer()
    assert fix_machine("en", pip)
    assert pip.asked[0] == ["yapf"]
    assert pip.asked[-1] == ["--no-deps", "--no-build-isolation", "mmcls==0.25.0"]


def test_where_nothing_is_missing_nothing_is_done(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine(WHOLE)
    pip = Installer()
    assert fix_machine("zh", pip)
    assert fix_machine("en", pip)
    assert pip.asked == []
    assert capsys.readouterr().out == "需要的都装好了。\nEverything that is needed is installed.\n"


def test_another_version_is_not_replaced(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine({**{name: version for name, version in WHOLE.items() if name != "mmcv-full"}, "mmcv": "2.1.0"})
    pip = Installer()
    assert not fix_machine("zh", pip)
    assert not fix_machine("en", pip)
    assert pip.asked == []
    assert capsys.readouterr().err == (
        "这里已经装有 mmcv 2.1.0 · 需要 1.x 版。别的程序可能要用它，所以不替换：请新建一个虚拟环境，在那里安装。\n"
        "mmcv 2.1.0 · 1.x is needed. Something else may need the one that is there, so it is not replaced: "
        "make a virtual environment of its own and install there.\n"
    )


@pytest.mark.parametrize(
    ("fails", "steps", "zh", "en"),
    [
        ("torch", 1, "torch==2.13.0", "torch==2.13.0"),
        ("setuptools", 3, "mmcv==1.7.2、mmcls==0.25.0", "mmcv==1.7.2, mmcls==0.25.0"),
        ("mmcv", 4, "mmcv==1.7.2、mmcls==0.25.0", "mmcv==1.7.2, mmcls==0.25.0"),
    ],
)
def test_a_step_that_fails_ends_it(
    machine: Machine, capsys: pytest.CaptureFixture[str], fails: str, steps: int, zh: str, en: str
) -> None:
    machine({"pip": "25.0"})
    pip = Installer(fails)
    assert not fix_machine("zh", pip)
    assert len(pip.asked) == steps
    assert not fix_machine("en", pip)
    assert capsys.readouterr().err == (
        f"没有装上：{zh}。原因写在上面；改好以后再运行一次，装好的不会重装。\n"
        f"Not installed: {en}. The reason stands above; mend it and run this again, what is there stays.\n"
    )


def test_a_machine_without_a_gpu_is_told_what_plain_torch_brings(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine({"pip": "25.0"})
    for gpu, system, told in ((False, "linux", True), (True, "linux", False), (False, "win32", False)):
        monkeypatch.setattr(doctor, "may_have_gpu", lambda gpu=gpu: gpu)
        monkeypatch.setattr(sys, "platform", system)
        assert fix_machine("en", Installer())
        assert ("several GB of CUDA packages" in capsys.readouterr().out) is told


def test_the_installer_is_really_run(tmp_path: Path) -> None:
    """pip itself, on a package that it can have nowhere."""
    command = [sys.executable, "-m", "pip", "install", "--no-index", "--quiet", "no-such-package-of-pytest-mmedu"]
    if subprocess.run([*command[:3], "--version"], capture_output=True, check=False).returncode:
        pytest.skip("this environment has no pip")
    assert doctor_fix._really(command, {}) != 0
    assert doctor_fix._really([str(tmp_path / "uv")], {}) == 127


def test_the_command_takes_the_flag(machine: Machine) -> None:
    machine(WHOLE)
    result = CliRunner().invoke(main, ["doctor", "--fix", "--lang", "en"])
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "Everything that is needed is installed.")
    assert "[v] mmcv          1.4.5 (mmcv-full)\n" in result.output
