"""The doctor: every part, what is missing, and commands that are the ones the project itself installs with."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pytest_mmedu import doctor
from pytest_mmedu.cli import main
from pytest_mmedu.doctor import Part, commands, parts

ROOT = Path(__file__).resolve().parent.parent
Without = Callable[..., None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`installed(torch="2.13.0")`: a machine that has these distributions and no others."""

    def pretend(**versions: str) -> None:
        def version(name: str) -> str:
            try:
                return versions[name.replace("-", "_")]
            except KeyError:
                raise metadata.PackageNotFoundError(name) from None

        monkeypatch.setattr(metadata, "version", version)

    return pretend


def shown(lang: str) -> Result:
    return CliRunner().invoke(main, ["doctor", "--lang", lang])


def named(name: str) -> Part:
    return next(part for part in parts() if name in (part.name.zh, part.name.en))


EVERYTHING = dict.fromkeys(("pytest", "torch", "opencv_python", *doctor.SUPPORTING), "9.9")
WHOLE = {**EVERYTHING, "mmcv_full": "1.4.5", "mmcls": "0.25.0"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_this_machine(lang: str) -> None:
    result = shown(lang)
    missing = [part for part in parts() if part.missing]
    assert result.exit_code == (3 if missing else 0)
    assert result.output.count("[x]") == len(missing)
    for part in parts():
        assert f"{part.mark} {part.name.in_lang(lang)}" in result.output  # type: ignore[arg-type]


def test_nothing_is_missing(installed: Without) -> None:
    installed(**WHOLE)
    result = shown("en")
    assert result.exit_code == 0
    assert "[v] mmcv          1.4.5 (mmcv-full)\n" in result.output
    assert "[v] OpenCV        9.9 (opencv-python)\n" in result.output
    assert "Run, in this order" not in result.output


def test_on_python_3_13_only_fix_builds_mmcv(installed: Without, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    installed(pytest="9.9")
    assert commands(["torch", "mmcv"]) == []
    assert "\nSoftware for training is missing. Run pytest-mmedu doctor --fix\n" in shown("en").output
    assert "\n没有训练所需的软件。请运行 pytest-mmedu doctor --fix\n" in shown("zh").output
    assert commands(["yapf"])[0].endswith(" yapf")


def test_everything_is_missing(installed: Without, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    installed(pytest="9.9")
    zh, en = shown("zh"), shown("en")
    assert zh.exit_code == en.exit_code == 3
    assert "[x] torch         没有安装\n" in zh.output
    assert "[ ] 计算          要先安装 torch\n" in zh.output
    assert "[x] for mmcv      not installed: addict, matplotlib" in en.output
    asked = (
        "没有训练所需的软件。请运行 pytest-mmedu doctor --fix，或者依次运行：",
        "Software for training is missing. Run pytest-mmedu doctor --fix, or, in this order:",
    )
    assert (asked[0] in zh.output, asked[1] in en.output) == (True, True)
    commands_shown = [line.strip() for line in en.output.splitlines() if line.startswith("    ")]
    assert commands_shown == [line.strip() for line in zh.output.splitlines() if line.startswith("    ")]
    assert len(commands_shown) == 3
    assert commands_shown[0].endswith(" torch==2.13.0")
    assert '"setuptools<81" wheel' in commands_shown[1]
    assert commands_shown[2].endswith(" --no-deps --no-build-isolation mmcv==1.7.2 mmcls==0.25.0")


def test_only_what_is_missing_is_installed(installed: Without) -> None:
    installed(**{**WHOLE, "mmcls": "1.0.0rc6"})
    assert named("mmcls").mark == "[x]"
    assert "[x] mmcls         1.0.0rc6 · 0.x is needed" in shown("en").output
    assert "[x] mmcls         1.0.0rc6 · 需要 0.x 版" in shown("zh").output
    [command] = commands(named("mmcls").missing)
    assert command.endswith(" --no-deps --no-build-isolation mmcls==0.25.0")


def test_the_commands_are_for_this_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "C:/Program Files/python.exe")
    monkeypatch.setattr(doctor, "_version", lambda names: "25.0")
    assert commands(["torch"]) == ['"C:/Program Files/python.exe" -m pip install torch==2.13.0']
    monkeypatch.setattr(doctor, "_version", lambda names: None)
    assert commands(["torch"]) == ['uv pip install --python "C:/Program Files/python.exe" torch==2.13.0']


@pytest.mark.parametrize(
    ("torch", "cuda", "gpu", "found", "zh", "en"),
    [
        (None, None, True, None, "要先安装 torch", "torch has to be installed first"),
        ("2.13.0+cpu", None, False, "cpu", "装的是 CPU 版 torch", "this torch is built for the CPU"),
        ("2.13.0+cpu", None, True, "cpu",
         "有显卡，但装的是 CPU 版 torch", "there is a GPU, but this torch is built for the CPU"),
        ("2.13.0", "12.8", False, "cpu", "没有找到显卡驱动", "no GPU driver was found"),
        ("2.13.0", "12.8", True, "cuda",
         "torch 支持 CUDA 12.8，找到了显卡驱动", "torch has CUDA 12.8, and there is a GPU driver"),
    ],
)  # fmt: skip
def test_where_it_computes(torch: str | None, cuda: str | None, gpu: bool, found: str | None, zh: str, en: str) -> None:
    device, note = doctor._device(torch, cuda, gpu)
    assert (device, note.zh, note.en) == (found, zh, en)


@pytest.mark.parametrize(
    ("line", "cuda"), [("cuda: Optional[str] = '12.8'", "12.8"), ("cuda: Optional[str] = None", None), ("", None)]
)
def test_the_cuda_of_torch_is_read_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, cuda: str | None
) -> None:
    (tmp_path / "torch").mkdir()
    (tmp_path / "torch" / "__init__.py").write_text("raise SystemExit('imported')\n", "utf-8")
    (tmp_path / "torch" / "version.py").write_text(f"__version__ = '2'\n{line}\nhip: Optional[str] = '6.0'\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    assert doctor._cuda_of_torch() == cuda


def test_mmedu_is_the_real_one_or_the_stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec("MMEdu") is None:
        assert named("MMEdu").says("zh") == "没有安装，用本工具的替身"
        assert named("MMEdu").says("en") == "not installed: this kit's stand-in is used"
    (tmp_path / "MMEdu.py").write_text("raise SystemExit('imported')\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert named("MMEdu").mark == "[v]"
    assert named("MMEdu").says("zh").endswith("真正的 MMEdu，能导入就用它")
    assert named("MMEdu").says("en").endswith("the real one: used if it can be imported")


def test_its_tables_are_those_of_the_makefile_and_the_requirements() -> None:
    lines = (ROOT / "requirements" / "training.txt").read_text("utf-8").splitlines()
    names = {re.split("[<>=]", line)[0] for line in lines if line and not line.startswith("#")}
    assert names == {*doctor.SUPPORTING, doctor.OPENCV[0]}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for pinned in doctor.PINNED.values():
        assert f"?= {pinned}\n" in makefile
    [constraint] = [
        line for line in (ROOT / "requirements" / "build.txt").read_text("utf-8").splitlines() if line[0] != "#"
    ]
    assert constraint in doctor.BUILD_TOOLS


def test_a_chinese_windows_console_can_show_it() -> None:
    """Such a console takes cp936; what it cannot show becomes a question mark, and nothing fails."""
    environ = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "cp936"}
    command = [sys.executable, "-m", "pytest_mmedu", "doctor", "--lang", "zh"]
    done = subprocess.run(command, capture_output=True, check=False, env=environ)
    assert "[v] Python" in done.stdout.decode("cp936")
    assert " 计算 " in done.stdout.decode("cp936")
    assert done.stderr == b""


def test_setuptools_can_be_imported_afterwards() -> None:
    """mmcv imports it; an older one refuses once somebody has asked for the module pip."""
    pytest.importorskip("setuptools")
    code = "from pytest_mmedu.doctor import commands; assert commands(['torch']); import setuptools"
    subprocess.run([sys.executable, "-c", code], check=True)
