"""What pip gets: the wheel and the source archive lose no file, and the wheel works in an empty folder without us."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="hatchling builds the wheel: pip install -e '.[dev]'")

ROOT = Path(__file__).resolve().parent.parent
BUILD = "import sys, hatchling.build as build; getattr(build, f'build_{sys.argv[1]}')(sys.argv[2])"
MADE_BY_RUNS = ("__pycache__", ".log.json", ".pth")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source archive, unpacked."""
    place = tmp_path_factory.mktemp("sdist")
    _build("sdist", ROOT, place)
    with tarfile.open(next(place.glob("*.tar.gz"))) as packed:
        packed.extractall(place, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # type: ignore[arg-type]
    return next(path for path in place.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> Path:
    """The wheel, unpacked as pip lays it out; built from the source archive, as pip does where there is no wheel."""
    place = tmp_path_factory.mktemp("wheel")
    _build("wheel", archive, place)
    [packed] = place.glob("*-py3-none-any.whl")
    zipfile.ZipFile(packed).extractall(place / "site")
    return place / "site"


def _build(kind: str, source: Path, out: Path) -> None:
    subprocess.run([sys.executable, "-c", BUILD, kind, str(out)], cwd=source, check=True, capture_output=True)


def _files(folder: Path, *under: str) -> set[str]:
    places = [folder / name for name in under] or [folder]
    paths = (path.relative_to(folder).as_posix() for place in places for path in place.rglob("*") if path.is_file())
    return {path for path in paths if not any(word in path for word in MADE_BY_RUNS)}


def test_the_wheel_holds_the_package_and_its_data_sets_and_nothing_else(wheel: Path) -> None:
    code = _files(ROOT, "pytest_mmedu")
    data = {f"pytest_mmedu/{name}" for name in _files(ROOT, "datasets_tiny")}
    assert {"pytest_mmedu/py.typed", "pytest_mmedu/report/report.schema.json"} <= code
    assert "pytest_mmedu/datasets_tiny/digits10/data.toml" in data
    found = _files(wheel)
    assert {name for name in found if ".dist-info/" not in name} == code | data
    assert {name.partition(".dist-info/")[2] for name in found} - {""} == {
        *("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"),
    }


def test_no_solution_of_an_exercise_is_in_the_wheel(wheel: Path) -> None:
    assert [name for name in _files(wheel) if Path(name).name in ("master.py", "submissions.toml", "homework.py")] == []


def test_the_source_archive_holds_all_that_the_readme_speaks_of(archive: Path) -> None:
    folders = ("pytest_mmedu", "datasets_tiny", "docs", "exercises", "tests", "benchmarks", "requirements")
    files = ("Makefile", "README.md", "README.zh.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml")
    assert _files(ROOT, *folders) - _files(archive) == set()
    assert [name for name in files if not (archive / name).is_file()] == []
    assert {Path(name).parts[0] for name in _files(archive)} - {*folders, *files} <= {".ci", ".gitignore", "PKG-INFO"}


def test_the_wheel_names_its_commands_and_what_it_needs(wheel: Path) -> None:
    [about] = wheel.glob("*.dist-info")
    points = (about / "entry_points.txt").read_text("utf-8")
    assert "[pytest11]\nmmedu = pytest_mmedu.plugin" in points
    assert "[console_scripts]\npytest-mmedu = pytest_mmedu.cli:main" in points
    metadata = (about / "METADATA").read_text("utf-8")
    needed = re.findall(r"^Requires-Dist: ([\w-]+)[^;\n]*$", metadata, re.MULTILINE)
    assert "pytest" in needed
    # Whatever build of these is installed stays as it is.
    assert not {"torch", "mmcv", "mmcv-full", "mmcls", "opencv-python-headless", "numpy"} & set(needed)


def _run(wheel: Path, folder: Path, *command: str, autoload: bool = False) -> subprocess.CompletedProcess[str]:
    """Python in an empty folder that finds the wheel's files before the checkout's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environ = {**kept, "PYTHONPATH": str(wheel), "PYTHONUTF8": "1"}
    if not autoload:
        environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False
    )


def test_the_wheel_finds_its_data_sets(wheel: Path, tmp_path: Path) -> None:
    code = (
        "from pytest_mmedu import dataset as d\n"
        "for name in d.shipped_datasets():\n"
        "    folder = d.find_dataset(name)\n"
        "    print(name, d.fingerprint(folder) == d.data_card(name).fingerprint, folder)\n"
    )
    done = _run(wheel, tmp_path, "-c", code)
    assert done.stdout.splitlines() == [
        f"{name} True {wheel / 'pytest_mmedu' / 'datasets_tiny' / name}"
        for name in ("digits10", "faces2", "shapes3", "signs6")
    ], done.stderr


def test_the_plugin_of_the_wheel_grades_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest_mmedu\n\n\n"
        "@pytest_mmedu.points(5)\n"
        'def test_place(tiny_dataset):\n    """位置 | Place"""\n'
        f"    assert pytest_mmedu.__file__.startswith({str(wheel)!r})\n"
        '    assert len(tiny_dataset("shapes3").classes) == 3\n',
        "utf-8",
    )
    done = _run(wheel, tmp_path, "-m", "pytest", "-p", "pytest_mmedu.plugin", "--mmedu-lang=en")
    assert " ✔ Place" in done.stdout, done.stdout
    assert " Score 5 / 5" in done.stdout


def test_a_command_of_the_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    done = _run(wheel, tmp_path, "-m", "pytest_mmedu", "params", "--lang", "en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "epochs" in done.stdout


def test_nothing_of_an_installed_plugin_is_rewritten_for_its_asserts_but_what_loads_first(
    wheel: Path, tmp_path: Path
) -> None:
    """pytest would do so with the whole package; a run from the cache took a quarter longer."""
    (tmp_path / "test_one.py").write_text(
        "def test_loaders():\n"
        "    import pytest_mmedu.plugin, pytest_mmedu.hooks, pytest_mmedu.score\n"
        "    for module in (pytest_mmedu.plugin, pytest_mmedu.hooks, pytest_mmedu.score):\n"
        "        print(type(module.__loader__).__name__, end=' ')\n",
        "utf-8",
    )
    done = _run(wheel, tmp_path, "-m", "pytest", "-q", "-s", "-p", "no:randomly", autoload=True)
    assert "AssertionRewritingHook SourceFileLoader SourceFileLoader ." in done.stdout, done.stdout
