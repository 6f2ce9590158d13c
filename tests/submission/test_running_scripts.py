"""Real processes for programs that train nothing: how each of them ends, and that nothing of it is left."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.errors import CacheError
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.tokens import TOKEN
from pytest_mmedu.text import Text

Run = Callable[..., SubmissionRun]
NO_TRAINING = Text("程序运行完了，但没有训练。", "The program ran to its end without training anything.")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place where work areas are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def run(tmp_path: Path, temporary: Path) -> Iterator[Run]:
    """Run a program; afterwards no process and no temporary folder of any run may be there."""
    folder = tmp_path / "handed in"
    folder.mkdir()

    def run_it(text: str, *, name: str = "homework.py", **budget: Any) -> SubmissionRun:
        (folder / name).write_text(text, encoding="utf-8")
        cache = RunCache(tmp_path / "cache")
        return run_submission(find_submission(folder, script=name), budget=Budget(**budget), cache=cache)

    yield run_it
    assert list(temporary.iterdir()) == []
    assert marked_processes() == []


def marked_processes() -> list[psutil.Process]:
    """Processes of any submission's run that was started from this process's temporary folder."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        if TOKEN in environment and str(environment.get("HOME", "")).startswith(str(_here())):
            found.append(process)
    return found


def _here() -> Path:
    import tempfile

    return Path(tempfile.gettempdir()).resolve()


def test_a_program_that_trains_nothing(run: Run) -> None:
    done = run("print('你好')\n")
    assert done.no_run is not None
    assert done.no_run.outcome == "failed"
    assert done.no_run.seen == Text(
        "程序运行完了，但没有训练。", "The program ran to its end without training anything."
    )
    assert done.no_run.hint == Text(
        "检查 train() 是否写了、是否被注释掉了。", "Check that train() is there and not commented out."
    )
    assert (done.stdout_tail, done.isolation, done.runs) == ("你好\n", "process", ())


# program -> outcome, sentence, place
ENDINGS: dict[str, tuple[str, str, Text, str | None]] = {
    "an error": (
        "x = 1\nprint(y)\n",
        "failed",
        Text("程序出错：NameError: name 'y' is not defined", "The program failed: NameError: name 'y' is not defined"),
        "homework.py:2",
    ),
    "an error deep inside": (
        "import json\ndef load():\n    return json.loads('{')\nload()\n",
        "failed",
        Text(
            "程序出错：JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
            "The program failed: JSONDecodeError: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        "homework.py:3",
    ),
    "input": (
        "n = input('epochs?')\n",
        "failed",
        Text(
            "程序出错：EOFError: EOF when reading a line",
            "The program failed: EOFError: EOF when reading a line",
        ),
        "homework.py:1",
    ),
    "MMEdu's own error": (
        "raise Exception('Error Code: -302. No such argument: LeNet5')\n",
        "failed",
        Text(
            "程序出错：Exception: Error Code: -302. No such argument: LeNet5",
            "The program failed: Exception: Error Code: -302. No such argument: LeNet5",
        ),
        "homework.py:1",
    ),
    "sys.exit(0)": (
        "import sys\nsys.exit(0)\n",
        "failed",
        Text(
            "程序提前退出了（sys.exit，退出码 0），没有完成训练。",
            "The program ended itself (sys.exit, code 0) before any training was complete.",
        ),
        None,
    ),
    "sys.exit with words": (
        "import sys\nsys.exit('bye')\n",
        "failed",
        Text(
            "程序提前退出了（sys.exit，退出码 1），没有完成训练。",
            "The program ended itself (sys.exit, code 1) before any training was complete.",
        ),
        None,
    ),
    "os._exit(0)": (
        "import os\nos._exit(0)\n",
        "failed",
        Text("程序没有运行到结尾就停止了（退出码 0）。", "The program stopped before its end (exit code 0)."),
        None,
    ),
    "a full disk": (
        "raise OSError(28, 'No space left on device')\n",
        "error",
        Text(
            "程序出错：OSError: [Errno 28] No space left on device",
            "The program failed: OSError: [Errno 28] No space left on device",
        ),
        "homework.py:1",
    ),
    "an error of this kit, with what is allowed": (
        # The name in two parts: a program that mentions this kit waits for torch.
        "from importlib import import_module\nimport_module('pytest_' 'mmedu.params').TrainParams.of(lr=-1)\n",
        "failed",
        Text("参数 lr 收到 -1。应为大于 0 的数。", "Parameter lr got -1. It takes a number above 0."),
        "homework.py:2",
    ),
    "a place of the program's own choice that takes no files": (
        "from importlib import import_module\n"
        "errors, text = import_module('pytest_' 'mmedu.errors'), import_module('pytest_' 'mmedu.text')\n"
        "try:\n"
        "    open('homework.py/log', 'w')\n"
        "except OSError as error:\n"
        "    raise errors.OutputError(text.Text('写不进去。', 'No.'), text.Text('换。', 'Change.')) from error\n",
        "failed",
        Text("写不进去。", "No."),
        "homework.py:6",
    ),
    "no room, as this kit says it": (
        "from importlib import import_module\n"
        "errors, text = import_module('pytest_' 'mmedu.errors'), import_module('pytest_' 'mmedu.text')\n"
        "raise errors.OutputError(text.Text('没有地方了。', 'No room.'), text.Text('换。', 'Change.'))\n",
        "error",
        Text("没有地方了。", "No room."),
        "homework.py:3",
    ),
    "an error that cannot be told": (
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E\n",
        "failed",
        Text("程序出错：E", "The program failed: E"),
        "homework.py:3",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_how_a_program_ends(run: Run, name: str) -> None:
    text, outcome, seen, place = ENDINGS[name]
    no_run = run(text).no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen, no_run.place) == (outcome, seen, place)


def test_the_hint_for_input(run: Run) -> None:
    no_run = run("input()\n").no_run
    assert no_run is not None
    assert no_run.hint == Text(
        "批改时没有键盘输入：把 input() 换成固定的值。", "Nobody types while grading: put a fixed value for input()."
    )


def test_the_hint_for_a_call_that_does_not_fit(run: Run) -> None:
    no_run = run("int(basis=3)\n").no_run
    assert no_run is not None
    assert no_run.hint == Text(
        "检查括号里的内容：名字对不对，有没有多写、少写。",
        "Check what stands in the brackets: the names, and whether something is missing or too much.",
    )


@POSIX
def test_without_a_line_nobody_is_sent_to_one(run: Run) -> None:
    no_run = run("import os\nos.kill(os.getpid(), 11)\n").no_run
    assert no_run is not None
    assert (no_run.place, no_run.hint) == (
        None,
        Text("在自己的电脑上运行一次，看看它在哪里停下。", "Run it on your own computer and see where it stops."),
    )


_NO_LAST_WORDS = """
import sys, tempfile
from pathlib import Path
from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import find_submission, run_submission
root = Path(sys.argv[1])
tempfile.tempdir = str(root)
handed_in = root.parent / "in"
handed_in.mkdir(exist_ok=True)
(handed_in / "homework.py").write_text("try: open('x', 'wb', 0).write(bytes(1 << 20))\\nexcept OSError: pass")
no_run = run_submission(find_submission(handed_in), cache=RunCache(root.parent / "cache")).no_run
print(no_run.outcome, no_run.seen.zh, no_run.seen.en, no_run.hint.zh, no_run.hint.en, sep="\\n")
"""


def test_a_full_disk_is_not_the_students_fault(small_disk: Callable[..., str]) -> None:
    assert small_disk(_NO_LAST_WORDS, "200k").splitlines() == [
        "error",
        "批改用的磁盘满了。",
        "The disk that grading works on is full.",
        "请清理临时文件夹所在的磁盘，再批改一次。",
        "Free space for temporary files and grade again.",
    ]


@POSIX
@pytest.mark.parametrize(
    ("number", "outcome"), [(11, "failed"), (9, "error")], ids=["crash of the interpreter", "kill -9"]
)
def test_a_signal(run: Run, number: int, outcome: str) -> None:
    no_run = run(f"import os\nos.kill(os.getpid(), {number})\n").no_run
    assert no_run is not None
    assert no_run.outcome == outcome
    assert no_run.seen == Text(f"程序被信号 {number} 终止。", f"The program was ended by signal {number}.")


def test_an_endless_loop(run: Run) -> None:
    begin = time.monotonic()
    done = run("while True:\n    pass\n", seconds=1.0)
    assert done.no_run is not None
    assert done.no_run.outcome == "failed"
    assert done.no_run.seen == Text("程序运行超过 1 秒，已被停止。", "The program ran longer than 1 s and was stopped.")
    assert time.monotonic() - begin < 20


@POSIX
def test_an_endless_loop_that_ignores_everything(run: Run) -> None:
    text = (
        "import os, signal\nfor n in (1, 2, 15):\n    signal.signal(n, signal.SIG_IGN)\n"
        "os.fork()\nos.fork()\nwhile True:\n    signal.pause()\n"
    )
    no_run = run(text, seconds=1.0).no_run
    assert no_run is not None
    assert no_run.seen.en == "The program ran longer than 1 s and was stopped."


@POSIX
def test_a_daemon_does_not_stay(run: Run) -> None:
    text = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
        "    os._exit(0)\nos.wait()\nprint('gone')\n"
    )
    done = run(text)
    assert done.no_run is not None
    assert done.no_run.seen == NO_TRAINING
    assert done.stdout_tail == "gone\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a child subreaper")
def test_a_daemon_without_our_environment_does_not_stay(run: Run, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = (
        "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        open({str(mark)!r}, 'w').write(str(os.getpid()))\n"
        "        os.execve('/bin/sleep', ['sleep', '600'], {})\n    os._exit(0)\n"
        f"os.wait()\nwhile not os.path.exists({str(mark)!r}) or not open({str(mark)!r}).read():\n    time.sleep(0.01)\n"
    )
    run(text)
    assert not psutil.pid_exists(int(mark.read_text()))


@POSIX
def test_a_program_that_kills_its_parent(run: Run) -> None:
    no_run = run("import os, time\nos.fork()\nos.kill(os.getppid(), 9)\ntime.sleep(600)\n").no_run
    assert no_run is not None
    assert no_run.seen == Text("程序被信号 9 终止。", "The program was ended by signal 9.")


def test_a_flood_of_output(run: Run) -> None:
    done = run("print('begin')\nwhile True:\n    print('x' * 1000)\n", seconds=60.0)
    assert done.no_run is not None
    assert done.no_run.seen == Text("程序输出得太多，已被停止。", "The program printed too much and was stopped.")
    assert done.stdout_tail.startswith("begin\n")
    assert len(done.stdout_tail) < 100_000


def test_the_middle_of_long_output_is_left_out(run: Run) -> None:
    shown = run("print('begin')\nprint('x' * 200_000)\nprint('end')\n").stdout_tail
    assert shown.startswith("begin\nx")
    assert shown.endswith("x\nend\n")
    assert "\n[… 134" in shown


def test_too_much_memory(run: Run) -> None:
    text = "import time\nkept = bytearray(400_000_000)\nkept[:] = b'x' * len(kept)\ntime.sleep(60)\n"
    no_run = run(text, memory_mb=256).no_run
    assert no_run is not None
    assert no_run.seen == Text(
        "程序用的内存超过 256 MB，已被停止。", "The program used more than 256 MB of memory and was stopped."
    )


def test_closed_streams_and_threads(run: Run) -> None:
    text = (
        "import os, sys, threading\nthreading.Thread(target=lambda: print('later')).start()\n"
        "sys.stdout.flush()\nos.close(2)\n"
    )
    no_run = run(text).no_run
    assert no_run is not None
    assert no_run.seen == NO_TRAINING


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


def test_an_error_in_a_file_beside_the_program(run: Run, tmp_path: Path) -> None:
    (tmp_path / "handed in" / "helper.py").write_text("def go():\n    return 1 / 0\n", encoding="utf-8")
    no_run = run("import helper\nhelper.go()\n").no_run
    assert no_run is not None
    assert no_run.place == "helper.py:2"


def test_a_notebook(run: Run) -> None:
    import json

    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in ("!ls\ndisplay(1)", "x = 1\n1 / 0")]
    done = run(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}), name="homework.ipynb")
    assert done.no_run is not None
    assert done.no_run.place == "homework.ipynb[2]:2"
    assert done.stdout_tail.startswith("1\n")
    assert len(done.notes) == 1


@pytest.mark.parametrize(
    ("text", "seen", "place"),
    [
        (
            "cls().train(epochs=3, lr=...)",
            Text("参数 lr 还没有填写。", "Parameter lr is not filled in."),
            "homework.py:2",
        ),
        (
            "n = ...\ncls().train(epochs=n, lr=...)",
            Text("参数 epochs、lr 还没有填写。", "Parameters epochs, lr are not filled in."),
            "homework.py:2",
        ),
        (
            "m = cls()\n...",
            Text("训练的代码还没有写。", "The code for the training is not written yet."),
            "homework.py:3",
        ),
        (
            "cls().train(epochs=3",
            Text(
                "第 2 行有语法错误：cls().train(epochs=3",
                "There is a syntax error in line 2: cls().train(epochs=3",
            ),
            "homework.py:2",
        ),
    ],
)
def test_what_is_not_run_at_all(run: Run, monkeypatch: pytest.MonkeyPatch, text: str, seen: Text, place: str) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)  # starting anything would fail
    no_run = run("from MMEdu import MMClassification as cls\n" + text + "\n").no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen, no_run.place) == ("failed", seen, place)


def test_nothing_to_run(tmp_path: Path) -> None:
    done = run_submission(find_submission(tmp_path), cache=RunCache(tmp_path / "cache"))
    assert done.no_run is not None
    assert done.no_run.seen == Text("没有找到可以运行的脚本或笔记本。", "There is no script or notebook to run.")


@pytest.mark.parametrize("text", ["print(1)\n", "1 / 0\n", "import os\nos._exit(3)\n"], ids=["end", "error", "exit"])
def test_the_second_time_nothing_is_started(run: Run, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    first = run(text)
    monkeypatch.setattr(subprocess, "Popen", None)
    second = run(text)
    assert (first.from_cache, second.from_cache) == (False, True)
    assert (second.no_run, second.stdout_tail, second.seconds) == (first.no_run, first.stdout_tail, first.seconds)


def test_another_budget_or_content_is_another_run(run: Run, tmp_path: Path) -> None:
    assert not run("print(1)\n", seconds=30.0).from_cache
    assert not run("print(1)\n", seconds=31.0).from_cache
    (tmp_path / "handed in" / "data.csv").write_text("1", encoding="utf-8")
    assert not run("print(1)\n", seconds=30.0).from_cache
    assert run("print(1)\n", seconds=30.0).from_cache


@pytest.mark.parametrize(
    "text",
    ["while True: pass\n", "raise OSError(28, 'No space left on device')\n"],
    ids=["time limit", "full disk"],
)
def test_what_hangs_on_the_machine_is_never_kept(run: Run, text: str) -> None:
    run(text, seconds=0.5)
    assert not run(text, seconds=0.5).from_cache


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


class EmptiedCache(RunCache):
    """Somebody empties the cache at the worst moment."""

    def get_or_make(self, key: str, make: Callable[[Path], None]) -> tuple[Path, bool]:
        found = super().get_or_make(key, make)
        shutil.rmtree(self.root)
        return found


def test_a_cache_that_is_emptied_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text("print(1)\n", encoding="utf-8")
    with pytest.raises(CacheError) as caught:
        run_submission(find_submission(tmp_path / "homework.py"), cache=EmptiedCache(tmp_path / "cache"))
    assert caught.value.text == Text(
        "缓存里的结果刚刚被删除或改动了。请再批改一次。",
        "The results in the cache were deleted or edited just now. Grade again.",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="needs a death signal from the parent")
def test_a_grader_that_is_killed_takes_the_program_along(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    (handed_in / "homework.py").write_text(
        f"import os\nopen({str(mark)!r}, 'w').write(f'{{os.getpid()}}.')\nwhile True: pass\n", encoding="utf-8"
    )
    program = (
        "from pathlib import Path\nfrom pytest_mmedu.cache import RunCache\nfrom pytest_mmedu.submission import *\n"
        f"root = Path({str(tmp_path)!r})\n"
        "run_submission(find_submission(root / 'in'), cache=RunCache(root / 'cache'))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", program], env=environment)
    wait_until(lambda: mark.exists() and mark.read_text().endswith("."), "the program runs")
    students = psutil.Process(int(mark.read_text().rstrip(".")))
    grader.kill()
    grader.wait()
    wait_until(lambda: is_gone(students), "it is gone")


def is_gone(process: psutil.Process) -> bool:
    """It may go between two questions."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, what
        time.sleep(0.01)
