"""mmcv is imported where torchvision is missing or broken, and nothing of the stand-in is left."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from pytest_mmedu.train import compat

_IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
import pytest_mmedu.train.stack as stack
left = sorted(name for name in sys.modules if name.partition(".")[0] == "torchvision")
import importlib.util, mmcv.runner
print(left, mmcv.runner.checkpoint.torchvision.__version__)
"""


@pytest.mark.train
def test_one_that_does_not_fit_torch(tmp_path: Path) -> None:
    broken = tmp_path / "torchvision"
    broken.mkdir()
    (broken / "__init__.py").write_text("from torchvision import extension\nraise RuntimeError('no operator')", "utf-8")
    (broken / "extension.py").write_text("", "utf-8")
    command = [sys.executable, "-c", _IMPORT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[] 0.0.0", "")  # no announcements of mmcv either


def test_one_that_works_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "torchvision.py").write_text("__version__ = '0.99.0'", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    with compat.torchvision_stand_in():
        assert sys.modules["torchvision"].__version__ == "0.99.0"
    assert sys.modules.pop("torchvision").__version__ == "0.99.0"


def test_a_missing_one_is_stood_in_for_during_the_import_only(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.util

    monkeypatch.setitem(sys.modules, "torchvision", None)  # how Python marks what is not to be found
    monkeypatch.setattr(compat, "_works", lambda name: False)
    with compat.torchvision_stand_in():
        import torchvision

        assert torchvision.__version__ == "0.0.0"
        assert importlib.util.find_spec("torchvision") is not None
    assert "torchvision" not in sys.modules


def test_announcements_are_kept_quiet_for_the_import_only(
    caplog: pytest.LogCaptureFixture, recwarn: pytest.WarningsRecorder
) -> None:
    logger = logging.getLogger("torch.utils.cpp_extension")
    with compat.warnings_kept_quiet(), compat.logs_kept_quiet():
        logger.warning("No CUDA runtime is found")
        warnings.warn("mmcv 2 is there", stacklevel=1)
    assert (caplog.messages, [str(one.message) for one in recwarn]) == ([], [])
    logger.warning("a reason")
    warnings.warn("another one", stacklevel=1)
    assert (caplog.messages, [str(one.message) for one in recwarn]) == (["a reason"], ["another one"])


def test_the_limit_of_open_files_is_given_back() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    with compat.file_limit_kept():
        resource.setrlimit(resource.RLIMIT_NOFILE, (before[0] - 1, before[1]))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
