"""Every format of a report: exact documents, whatever the texts hold, and nothing lost where one cannot be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mmedu.report import writers
from pytest_mmedu.report.report import Report, loads
from pytest_mmedu.report.repository_path import finder
from pytest_mmedu.report.writers import WRITERS, ReportFile, View, write_all
from pytest_mmedu.text import LANGS, Lang, Text
from tests.report.every_outcome import EMPTY, EVERY_OUTCOME, REFUSED, WRITTEN, everywhere

IN_REPOSITORY = {
    "homework.py": "exercises/01/homework.py",
    "homework.ipynb": "exercises/01/homework.ipynb",
}
EXACT = {"junit": "xml", "gradescope": "json", "github": "txt", "markdown": "md"}
HOSTILE = "\x00\x1b[2J\x9b\r\n\u202egnp \ud800\ufffe\ufeff ]]></error><b>|`*_ ##[error]x ::error::y %0A"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", EXACT)
def test_a_test_of_every_outcome_is_written_exactly_so(kind: str, lang: Lang) -> None:
    expected = (WRITTEN / f"{kind}.{lang}.{EXACT[kind]}").read_text("utf-8")
    assert WRITERS[kind](EVERY_OUTCOME, View(lang, IN_REPOSITORY.get)) == expected


def test_the_json_report_is_the_report() -> None:
    assert loads(WRITERS["json"](EVERY_OUTCOME, View("zh"))) == EVERY_OUTCOME


@pytest.mark.parametrize("report", [EVERY_OUTCOME, REFUSED, EMPTY, everywhere(HOSTILE), everywhere("")])
@pytest.mark.parametrize("kind", WRITERS)
def test_every_format_takes_every_report_and_is_a_file_of_whole_lines(kind: str, report: Report) -> None:
    for lang in LANGS:
        text = WRITERS[kind](report, View(lang))
        assert text.endswith("\n")
        assert text.encode("utf-8")
        if kind != "json":  # it holds the texts as they are, escaped as JSON has it
            assert not set(text) & set("\x00\x1b\x9b\r\u202e\ufffe\ufeff")


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> str:
    """A format with a mistake in it."""

    def write(report: Report, view: View) -> str:
        raise KeyError("slip")

    monkeypatch.setattr(writers, "WRITERS", {**WRITERS, "broken": write})
    return "broken"


def test_what_cannot_be_written_is_said_and_costs_nothing_else(broken: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    files = [
        ReportFile(broken, tmp_path / "a"),
        ReportFile("junit", tmp_path / "file" / "b.xml"),
        ReportFile("markdown", tmp_path / "new" / "c.md"),
    ]
    slip, unwritable = write_all(files, EVERY_OUTCOME, View("en", IN_REPOSITORY.get))
    assert slip == Text("broken 报告没有写成：KeyError: 'slip'", "The broken report was not written: KeyError: 'slip'")
    assert unwritable.zh.startswith("写不了 ")
    assert unwritable.en.endswith(" Check the path.")
    assert (tmp_path / "new" / "c.md").read_text("utf-8") == (WRITTEN / "markdown.en.md").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "new"]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("01/homework.py", "01/configs/课.py", "outside.py"):
        path = tmp_path / name if name == "outside.py" else tmp_path / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", "utf-8")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "repository"))
    return tmp_path / "repository"


def test_files_of_the_submission_are_found_in_the_repository(repository: Path) -> None:
    find = finder(repository / "01")
    assert find("homework.py") == "01/homework.py"
    assert find("configs/课.py") == "01/configs/课.py"
    assert finder(repository / "01" / "homework.py")("homework.py") == "01/homework.py"


@pytest.mark.parametrize("name", ["run.log.json", "configs", "../../outside.py", "x" * 5000, "a\0b"])
def test_what_is_no_file_of_the_repository_is_not_named(repository: Path, name: str) -> None:
    assert finder(repository / "01")(name) is None


def test_without_github_it_is_the_folder_we_are_in(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE")
    monkeypatch.chdir(repository / "01")
    assert finder(repository / "01")("homework.py") == "homework.py"
