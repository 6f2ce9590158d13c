"""`import MMEdu` where it is not installed; each case in a process of its own, for sys.modules is one per process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.mmedu.stand_in import InUse

NEEDS_NO_REAL = "from pytest_mmedu.mmedu import stand_in\nused = stand_in.install()\n"


def run(code: str, folder: Path) -> str:
    """What the program prints; `folder` is first on its path."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    command = [sys.executable, "-X", "utf8", "-c", start + code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def no_real(tmp_path: Path) -> Path:
    """A folder to import from; skipped where the real package is installed."""
    done = subprocess.run([sys.executable, "-c", "import MMEdu"], check=False, capture_output=True)
    if done.returncode == 0:
        pytest.skip("the real MMEdu is installed")
    return tmp_path


def test_the_import_of_every_script_works(no_real: Path) -> None:
    code = NEEDS_NO_REAL + (
        "from MMEdu import MMClassification as cls, pth_info\n"
        "import MMEdu, importlib.util\n"
        "print(cls.__module__, MMEdu.__version__, used.kind, importlib.util.find_spec('MMEdu') is not None)"
    )
    assert run(code, no_real) == "pytest_mmedu.mmedu.classification 2.0.0 stand-in True"


def test_a_second_install_changes_nothing(no_real: Path) -> None:
    code = (
        NEEDS_NO_REAL + "import MMEdu; again = stand_in.install(); print(again == used, sys.modules['MMEdu'] is MMEdu)"
    )
    assert run(code, no_real) == "True True"


def test_another_task_of_mmedu_is_one_sentence(no_real: Path) -> None:
    code = NEEDS_NO_REAL + "try:\n    from MMEdu import MMDetection\nexcept Exception as error:\n    print(error)"
    assert run(code, no_real) == (
        "MMEdu 的替身里没有 MMDetection。本工具只做图像分类：请用 MMClassification，或安装 MMEdu。 | "
        "The stand-in for MMEdu has no MMDetection. This kit does image classification: use MMClassification, "
        "or install MMEdu."
    )


def test_a_name_that_never_was_is_an_import_error(no_real: Path) -> None:
    code = NEEDS_NO_REAL + "try:\n    from MMEdu import Nothing\nexcept ImportError:\n    print('ImportError')"
    assert run(code, no_real) == "ImportError"


def test_the_real_package_is_used_where_it_imports(tmp_path: Path) -> None:
    package = "class MMClassification:\n    def train(self, epochs=1): ...\n__version__ = '9.9'\n"
    (tmp_path / "MMEdu.py").write_text(package, encoding="utf-8")
    code = NEEDS_NO_REAL + "import MMEdu; print(used.kind, used.version, MMEdu.__file__ is not None)"
    assert run(code, tmp_path) == "real 9.9 True"


def test_a_package_that_cannot_be_imported_is_replaced_and_named(tmp_path: Path) -> None:
    (tmp_path / "MMEdu.py").write_text("raise RuntimeError('torch is too new')", encoding="utf-8")
    code = NEEDS_NO_REAL + "from MMEdu import MMClassification; print(used.kind, used.why)"
    assert run(code, tmp_path) == "stand-in RuntimeError: torch is too new"


@pytest.mark.parametrize(
    ("used", "zh", "en"),
    [
        (InUse("real", "2.0.0"), "使用已安装的 MMEdu 2.0.0。", "The installed MMEdu 2.0.0 is used."),
        (
            InUse("stand-in", "2.0.0"),
            "没有安装 MMEdu，使用本工具的替身。",
            "MMEdu is not installed: this kit's stand-in is used.",
        ),
        (
            InUse("stand-in", "2.0.0", "ImportError: x"),
            "已安装的 MMEdu 无法导入（ImportError: x），使用本工具的替身。",
            "The installed MMEdu cannot be imported (ImportError: x): this kit's stand-in is used.",
        ),
    ],
)
def test_it_says_which_one_is_used(used: InUse, zh: str, en: str) -> None:
    assert (used.text.zh, used.text.en) == (zh, en)
