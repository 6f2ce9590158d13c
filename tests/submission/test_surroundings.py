"""What a program finds around it: its own files in a copy, and nothing of ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import SubmissionRun, find_submission, run_submission
from pytest_mmedu.text import Text

Run = Callable[..., SubmissionRun]


def test_a_program_runs_in_a_copy_of_its_folder(run: Run, tmp_path: Path) -> None:
    handed_in = tmp_path / "handed in"
    (handed_in / "data").mkdir()
    (handed_in / "data" / "a.txt").write_text("old", encoding="utf-8")
    text = (
        "import os\nprint(open('data/a.txt').read(), __name__, os.path.basename(__file__), sorted(os.listdir()))\n"
        "open('data/a.txt', 'w').write('new')\n"
    )
    assert run(text).stdout_tail == "old __main__ homework.py ['data', 'homework.py']\n"
    assert (handed_in / "data" / "a.txt").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in handed_in.iterdir()) == ["data", "homework.py"]


def test_its_surroundings_hold_nothing_of_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADER_SECRET", "7")
    monkeypatch.setenv("PYTHONSTARTUP", "x.py")
    text = (
        "import os, tempfile\nhome = os.path.expanduser('~')\n"
        "print(sorted(n for n in os.environ if 'SECRET' in n or n.startswith(('PYTEST', 'PYTHONS', 'GITHUB'))))\n"
        "print(os.listdir(home), os.path.dirname(home) == os.path.dirname(tempfile.gettempdir()))\n"
        "print(os.environ['OMP_NUM_THREADS'])\n"
    )
    assert run(text).stdout_tail == "[]\n[] True\n1\n"


def test_modules_beside_the_program_shadow_nothing(run: Run, tmp_path: Path) -> None:
    handed_in = tmp_path / "handed in"
    for name in ("json.py", "random.py", "sitecustomize.py", "helper.py"):
        (handed_in / name).write_text("print('shadow')\nvalue = 3\n", encoding="utf-8")
    done = run("import json, random, helper\nprint(json.dumps(helper.value), random.randint(1, 1))\n")
    assert done.stdout_tail == "shadow\n3 1\n"
    assert done.notes == (
        Text(
            "json.py、random.py 与 Python 或训练软件的模块同名；批改时不会代替它们，在自己的电脑上会，请改名。",
            "json.py, random.py: named like a module of Python or of the training software. "
            "Here it does not take that module's place; on your computer it does: rename it.",
        ),
    )


def test_one_file_alone_takes_no_neighbours_along(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text("import os\nprint(os.listdir())\n", encoding="utf-8")
    (tmp_path / "other.txt").write_text("private", encoding="utf-8")
    done = run_submission(find_submission(tmp_path / "homework.py"), cache=RunCache(tmp_path / "cache"))
    assert done.stdout_tail == "['homework.py']\n"
    assert done.notes == (
        Text(
            "只交了一个文件；如果程序还要用别的文件，请交整个文件夹。",
            "Only one file was handed in; if the program needs others, hand in the whole folder.",
        ),
    )
