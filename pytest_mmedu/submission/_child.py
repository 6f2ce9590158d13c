"""学生程序的进程 | The process in which a student's program runs. Never imported by the judging process.

    python -I -B -X utf8 _start.py pytest_mmedu.submission._child <talk folder>

The libraries are imported before the student's folder can be searched for modules, and that folder comes last: a
`json.py` or `torch.py` beside the homework shadows nothing. What this process writes about itself is a claim.

It may run in another Python than the judge's, where the real MMEdu lives and this kit is not installed: this file, and
what it imports there, is written in Python 3.8 and needs the standard library alone.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
import traceback
import types
from contextlib import suppress
from pathlib import Path
from typing import Any

from pytest_mmedu.submission import _further, _sharing, _showing
from pytest_mmedu.submission._functions import call_all

_LONGEST = 2000  # characters of an error message
_CODE = re.compile(r"Error Code:\s*(-\d+)")
_OLDEST = (3, 10)  # the Python that the kit's own trainings need
_LIBRARIES = ("pytest_mmedu.train.trainer", "pytest_mmedu.mmedu.training", "mmcls.apis", "mmcls.models")


def main(talk_folder: str) -> None:
    talk = Path(talk_folder)
    job = json.loads((talk / "job.json").read_text("utf-8"))
    _extend_path(job["site_folders"])
    from pytest_mmedu.submission._resources import set_limits
    from pytest_mmedu.submission._supervise import supervise

    set_limits(job["limits"])
    supervise()
    if job["heavy"]:
        if not make_ready(talk, job):
            return
        _further.make_known(talk)
    learned = _watch_learning()
    (talk / "started").touch()
    ended = _run(job)
    _write(talk, {**ended, "learned": bool(learned)})


def _extend_path(site_folders: list[str]) -> None:
    """The judge's own site folders: -I leaves the user's out."""
    sys.path.extend(place for place in site_folders if place not in sys.path)


def _put_in_place(datasets: dict[str, str]) -> None:
    """Copies of shipped data sets without their held-out part: these are found by the names."""
    if datasets and sys.version_info >= _OLDEST:
        from pytest_mmedu.dataset import shipped

        shipped.INSTEAD.update({name: Path(place) for name, place in datasets.items()})


def make_ready(talk: Path, job: dict[str, Any]) -> bool:
    """Import what trainings need and set the seams; False where something is not installed or does not load."""
    _put_in_place(job["datasets"])
    try:
        used = _mmedu(job)
    except _Lacking as lacking:
        _write(talk, {"how": "not started", "lacks": lacking.what, "why": lacking.why, "python": _own_version()})
        return False
    except Exception as error:  # noqa: BLE001 - a broken installation fails in any way it likes
        _write(talk, _not_loaded(error))
        return False
    from pytest_mmedu.mmedu import recorder

    _showing.without_windows()
    _sharing.load_pictures_alone()
    recorder.limits.epochs, recorder.limits.images = job["epochs"], job["images"]
    recorder.limits.folder = Path(job["folder"]).parent
    events = talk / "events.jsonl"
    source = job["file"]
    _note(events, {"event": "software", **used})
    recorder.hooks.append(
        lambda params: _note(events, {"event": "train", "line": _line(source), "params": _all(params)})
    )
    recorder.replacements.append(lambda one: _note(events, {"event": "replaced", "replaced": one}))
    recorder.finished.append(lambda folder: _note(events, {"event": "finished", "folder": str(Path(folder).resolve())}))
    return True


def _watch_learning() -> list[bool]:
    """Filled once gradients are computed, without which nothing has learned anything, whatever software trains."""
    learned: list[bool] = []
    torch = sys.modules.get("torch")
    if torch is not None:
        backward = torch.autograd.backward

        def seen(*given: Any, **named: Any) -> Any:
            learned[:] = [True]
            return backward(*given, **named)

        torch.autograd.backward = seen
    return learned


class _Lacking(Exception):
    """This Python has not what is needed: no "MMEdu", and itself too old for the kit's own; or for "configs"."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what)
        self.what, self.why = what, why


def _mmedu(job: dict[str, Any]) -> dict[str, Any]:
    """Have an MMEdu that programs can import, and say which: in another Python the real one before all."""
    from pytest_mmedu.mmedu import real_package

    real_package.places.update(job["places"])
    real_package.versions.update(job["versions"])
    why = ""
    if job["elsewhere"] and not job["config"]:
        try:
            package = real_package.load()
        except Exception as error:  # noqa: BLE001 - an old package on new libraries fails in any way it likes
            traceback.print_exc()
            package, why = None, f"{type(error).__name__}: {_message(error)}"
        if package is not None:
            return {"mmedu": "real", "version": str(getattr(package, "__version__", "?")), "why": ""}
    if sys.version_info < _OLDEST:
        raise _Lacking("configs" if job["config"] else "MMEdu", why)
    for name in _LIBRARIES:
        importlib.import_module(name)
    from pytest_mmedu.mmedu import stand_in

    used = stand_in.install()
    return {"mmedu": used.kind, "version": used.version, "why": used.why or ""}


def _own_version() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _not_loaded(error: Exception) -> dict[str, Any]:
    """Our own errors have the sentence for it."""
    ours = sys.modules.get("pytest_mmedu.errors")  # what was never imported is never raised
    if ours is not None and isinstance(error, ours.MachineError):
        return {"how": "not started", "lacks": "packages", "seen": error.seen.to_json(), "todo": error.todo.to_json()}
    traceback.print_exception(type(error), error, error.__traceback__)
    return {"how": "not started", "lacks": "libraries", "why": f"{type(error).__name__}: {_message(error)}"}


def _note(events: Path, event: dict[str, Any]) -> None:
    with events.open("a", encoding="utf-8") as file:
        file.write(json.dumps(event, default=_shown, ensure_ascii=True) + "\n")


def _all(params: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in params.items()}


def _plain(value: Any) -> Any:
    """What can be written down, else its type: a list within itself, a number of thousands of digits."""
    try:
        json.dumps(value, default=_shown)
    except Exception:  # noqa: BLE001 - train() itself says what is wrong with it
        return f"<{type(value).__name__}>"
    return value


def _shown(value: Any) -> str:
    return os.fspath(value) if isinstance(value, Path) else repr(value)[:200]


def _line(source: str) -> int | None:
    """The line of the student's file that is being run."""
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_filename != source:
        frame = frame.f_back  # type: ignore[assignment]
    return frame.f_lineno if frame is not None else None


def _run(job: dict[str, Any]) -> dict[str, Any]:
    """The student's program, as `python homework.py` in its own folder would run it."""
    file = job["file"]
    os.chdir(Path(file).parent)
    sys.path.append(str(Path(file).parent))
    sys.argv = [file]
    module = types.ModuleType("__main__")
    module.__file__ = file
    module.__dict__["__builtins__"] = __builtins__
    if job["notebook"]:
        module.__dict__["display"] = print
    if "get_ipython" in job["source"]:
        module.__dict__["get_ipython"] = _showing.Kernel
    if "IPython" in job["source"]:
        _showing.without_jupyter()
    sys.modules["__main__"] = module
    ended = _run_in(module, job)
    if job.get("calls") and ended["how"] != "exit":
        call_all(job["calls"], module.__dict__, lambda error: _facts(error, job))
    return ended


def _run_in(module: types.ModuleType, job: dict[str, Any]) -> dict[str, Any]:
    """How the program ended, as long as it leaves the process alive."""
    try:
        exec(compile(job["source"], job["file"], "exec", dont_inherit=True), module.__dict__)
    except SystemExit as error:
        return {"how": "exit", "code": error.code if isinstance(error.code, int) else int(error.code is not None)}
    except BaseException as error:  # noqa: BLE001 - whatever a student's program raises
        _print_traceback(error, job["folder"])
        return {"how": "error", "error": _facts(error, job)}
    return {"how": "end"}


def _facts(error: BaseException, job: dict[str, Any]) -> dict[str, Any]:
    """Type, message, MMEdu's code, and the last line that is the student's own."""
    ours = sys.modules.get("pytest_mmedu.errors")  # what was never imported is never raised
    message = _message(error)
    code = _CODE.search(message)
    system = error.__cause__ if ours is not None and isinstance(error, ours.OutputError) else error
    facts: dict[str, Any] = {
        "type": type(error).__name__,
        "message": message,
        "code": int(code[1]) if code else None,
        "errno": system.errno if isinstance(system, OSError) else None,
        "missing": error.name if isinstance(error, ImportError) else None,
        "ours": ours is not None and isinstance(error, ours.MachineError),
    }
    if ours is not None and isinstance(error, ours.MMEduError):
        seen = error.seen if error.allowed is None else error.seen + error.allowed
        facts.update(code=error.code, seen=seen.to_json(), todo=error.todo.to_json())
    facts.update(_sharing.not_here(error))
    return {**facts, **_last_own_frame(error, job["file"], job["folder"])}


def _message(error: BaseException) -> str:
    try:
        return str(error)[:_LONGEST]
    except Exception:  # noqa: BLE001 - a student's own exception class
        return ""


def _last_own_frame(error: BaseException, file: str, folder: str) -> dict[str, Any]:
    """The last frame in the program itself, else the last in a file beside it."""
    frames = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [line for name, line in frames if name == file]
    beside = [(name, line) for name, line in frames if name != file and name.startswith(folder + os.sep)]
    if beside and frames.index(beside[-1]) > max((at for at, one in enumerate(frames) if one[0] == file), default=-1):
        name, line = beside[-1]
        return {"line": line, "file": Path(name).relative_to(folder).as_posix()}
    return {"line": own[-1] if own else None, "file": None}


def _print_traceback(error: BaseException, folder: str) -> None:
    """For the captured output: the traceback without the frames of this file. It may have been closed."""
    outer = error.__traceback__
    inner = outer.tb_next if outer is not None else None
    with suppress(Exception):
        traceback.print_exception(type(error), error, inner)


def _write(talk: Path, facts: dict[str, Any]) -> None:
    part = talk / "ended.part"
    part.write_text(json.dumps(facts), "utf-8")
    part.replace(talk / "ended.json")
