"""An answers file as it comes: its forms, its encodings, its place in the folder, and what a hostile one may do."""

from __future__ import annotations

import codecs
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.submission.answers_file import answer_names, find_answers, find_answers_only, read_answers

VALUES = {"epochs_run": 12, "lr": 0.05, "optimizer": "SGD", "top5": True, "ks": [1, 5], "text": "损失变成 NaN = 太大"}
TOML = (
    'epochs_run = 12  # 轮\nlr = 5e-2\noptimizer = "SGD"\ntop5 = true\nks = [\n  1,\n  5,\n]\n'
    'text = "损失变成 NaN = 太大"\n'
)
JSON = json.dumps(VALUES, ensure_ascii=False, indent=2)
PYTHON = (
    '"""我的答案"""\nepochs_run = 12\nlr: float = 5e-2\noptimizer = "SGD"\ntop5 = True\nks = (1, 5)\n'
    "text = '损失变成 NaN = 太大'\n"
)
LINES = "epochs_run: 12\nlr: 0.05,\noptimizer: SGD\ntop5 = TRUE\nks = [1, 5]\ntext = 损失变成 NaN = 太大\n"
FORMS = {"answers.toml": TOML, "answers.json": JSON, "answers.py": PYTHON, "answers.txt": LINES}


def read(folder: Path, name: str, content: str | bytes) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return dict(read_answers(path, name, "answers.toml").values)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_form_in_every_encoding(tmp_path: Path, name: str, encoding: str, end: str) -> None:
    found = read(tmp_path, name, FORMS[name].replace("\n", end).encode(encoding))
    assert {key: one.value for key, one in found.items()} == VALUES
    assert found["lr"].place == f"{name}:{3 if name.endswith(('.json', '.py')) else 2}"


@pytest.mark.parametrize("name", FORMS)
def test_the_content_decides_more_than_the_suffix(tmp_path: Path, name: str) -> None:
    for content in (TOML, JSON, LINES):
        assert {key: one.value for key, one in read(tmp_path, name, content).items()} == VALUES


def test_one_wrong_line_costs_one_answer(tmp_path: Path) -> None:
    found = read(tmp_path, "answers.toml", '[log]\nepochs = 12\nlr = 0，05\nname = "x"\n[more]\nname = ...\n')
    assert {key: one.state for key, one in found.items()} == {
        "log.epochs": "given",
        "log.lr": "unreadable",
        "log.name": "given",
        "more.name": "not filled in",
    }
    assert found["log.lr"].place == "answers.toml:3"


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ('{"a": {"x": 1},\n"b": {"x": ...}}', "b.x", None),
        ('{"a": {"x": 1},\n"b":\n{"x": 2}}', "b.x", "answers.toml:3"),
        ("[a]\nx = 1\n[b]\nx = 2\n", "b.x", "answers.toml:4"),
        ("a.x = 1\nb.x = 2\n", "b.x", "answers.toml:2"),
        ('a = """\nx = 1\n"""\nx = 2\n', "x", "answers.toml:4"),
    ],
)
def test_the_place_of_an_answer(tmp_path: Path, text: str, name: str, place: str | None) -> None:
    found = read(tmp_path, "answers.toml", text)
    assert (found[name].place if place else found.get(name)) == place


@pytest.mark.parametrize("name", ["Epochs-Run", "EPOCHS_RUN", "ｅpochs_run", "epochs run"])
def test_names_that_mean_the_same(tmp_path: Path, name: str) -> None:
    (tmp_path / "answers.toml").write_text(f'"{name}" = 3\n', encoding="utf-8")
    answer = find_answers(tmp_path, "answers.toml").get("epochs_run")
    assert answer is not None
    assert answer.value == 3


MARK = "open('@', 'w').write('run')"
HOSTILE = {
    "a call": "q = __import__('os').system('touch @')\n",
    "code beside the answers": f"import os\n{MARK}\nq = 5\n",
    "a class": "class Yes:\n    def __eq__(self, other): return True\nq = Yes()\n",
    "a comprehension": "q = [x for x in ().__class__.__bases__]\n",
    "a lambda": "q = lambda: 5\n",
    "an f-string": f"q = f'{{{MARK}}}'\n",
    "deep brackets": "q = " + "[" * 50_000 + "\n",
    "deep braces": '{"q": ' * 50_000,
    "many signs": "q = " + "-" * 100_000 + "5\n",
    "a number of 5000 digits": "q = " + "9" * 5000 + "\n",
    "an exponent": "q = 1e999\n",
    "a long text": 'q = "' + "x" * 100_000 + '"\n',
    "a long list": "q = [" + "1," * 10_000 + "]\n",
    "bytes": "q = b'x'\n",
    "a complex number": "q = 5j\n",
    "a dict as a value": '{"q": {"a": {"b": {"c": 1}}}}',
    "control signs": "q = \x00\x1b[2J\x07\n",
    "a name of 10 000 letters": "q" * 10_000 + " = 1\n",
    "200 000 brackets": "[" * 199_000,
    "nothing but dots": "...\n...\n",
}


@pytest.mark.parametrize("suffix", [".toml", ".json", ".py", ".txt"])
@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_is_run_or_believed(tmp_path: Path, name: str, suffix: str) -> None:
    mark = tmp_path / "mark"
    found = read(tmp_path, f"answers{suffix}", HOSTILE[name].replace("@", str(mark)))
    assert not mark.exists()
    beside = name == "code beside the answers"
    assert all(one.state != "given" or beside or isinstance(one.value, str) for one in found.values())
    assert not beside or found["q"].value == 5


def test_a_thousand_answers_and_no_more(tmp_path: Path) -> None:
    assert len(read(tmp_path, "answers.toml", "".join(f"q{n} = {n}\n" for n in range(1500)))) == 1000


def files(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        path = folder / name.replace("__", "/").replace("_toml", ".toml").replace("_json", ".json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_found_in_an_untidy_folder(tmp_path: Path) -> None:
    found = find_answers(files(tmp_path, **{"我的 作业__第一次__answers_toml": "q = 1\n"}), "answers.toml")
    assert found.place == "我的 作业/第一次/answers.toml"
    assert found.notes == ()


def test_the_filled_in_one_is_taken_and_a_note_says_so(tmp_path: Path) -> None:
    files(tmp_path, answers_toml="q = ...\n", done__answers_json='{"q": 1}', settings_toml="x = 1\n")
    found = find_answers(tmp_path, "answers.toml", ("q",))
    assert found.place == "done/answers.json"
    (note,) = found.notes
    assert note.zh == "答案取自 done/answers.json，没有看 answers.toml。"
    assert note.en == "The answers are those of done/answers.json; not looked at: answers.toml."


def test_a_file_of_another_name_is_known_by_its_answers(tmp_path: Path) -> None:
    files(tmp_path, **{"张三_toml": "epochs_run = 3\n", "pyproject_toml": "name = 1\n"})
    assert find_answers(tmp_path, "answers.toml", ("epochs_run",)).place == "张三.toml"
    assert find_answers(tmp_path, "answers.toml").place is None


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_links_and_logs_are_no_answers(tmp_path: Path) -> None:
    files(tmp_path, **{"run.log_json": '{"q": 1}'})
    (tmp_path / "answers.toml").symlink_to(tmp_path / "run.log.json")
    assert find_answers(tmp_path, "answers.toml", ("q",)).place is None
    assert find_answers(tmp_path / "answers.toml", "answers.toml").place is None


def test_a_single_file(tmp_path: Path) -> None:
    path = files(tmp_path, **{"张三_toml": "q = 3\n"}) / "张三.toml"
    submission = find_answers_only(path)
    assert (submission.source_file, submission.alone, submission.notes) == (path, True, ())
    answer = find_answers(path, "answers.toml", ("q",)).get("q")
    assert answer is not None
    assert (answer.value, answer.place) == (3, "张三.toml:1")


def test_the_names_that_the_exercise_asks_for(tmp_path: Path) -> None:
    path = files(tmp_path, answers_toml='# 第一题\nepochs_run = "..."\nlr = "..."\n') / "answers.toml"
    assert answer_names(path) == ("epochs_run", "lr")
    assert answer_names(tmp_path / "none.toml") == ()


def test_the_bytes_are_those_of_the_report(tmp_path: Path) -> None:
    one = read_answers(files(tmp_path, answers_toml="q = 3\n") / "answers.toml", "answers.toml", "answers.toml")
    assert one.sha256 is not None
    (tmp_path / "answers.toml").write_bytes(codecs.BOM_UTF8 + b"q = 3\n")
    assert one.sha256 != read_answers(tmp_path / "answers.toml", "answers.toml", "answers.toml").sha256
