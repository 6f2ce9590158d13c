"""报告的写法 | The formats of a report: a table of kinds, each with the function that writes it as a text.

Another format is one line in `WRITERS`. A writer is pure: a report in, a text out; what it needs is imported when it is
called, since the settings of every pytest run name the kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_mmedu.errors import MMEduError
from pytest_mmedu.text import Lang, Text, printable

if TYPE_CHECKING:
    from pytest_mmedu.report.report import Report


class ReportFile(NamedTuple):
    """`--mmedu-report KIND:FILE`."""

    kind: str
    path: Path


class View(NamedTuple):
    """How a report is to be seen.

    lang  of formats that hold one language
    find  the path in the student's repository of a file that a place names, None where there is no such file
    """

    lang: Lang
    find: Callable[[str], str | None] = lambda name: None


Writer = Callable[["Report", View], str]


def _json(report: Report, view: View) -> str:
    from pytest_mmedu.report.report import dumps

    return dumps(report)


def _junit(report: Report, view: View) -> str:
    from pytest_mmedu.report.junit import junit

    return junit(report, view.lang)


def _gradescope(report: Report, view: View) -> str:
    from pytest_mmedu.report.gradescope import gradescope

    return gradescope(report, view.lang)


def _github(report: Report, view: View) -> str:
    from pytest_mmedu.report.workflow_commands import workflow_commands

    return workflow_commands(report, view.lang, view.find)


def _classroom(report: Report, view: View) -> str:
    from pytest_mmedu.report.classroom import classroom

    return classroom(report, view.lang)


def _markdown(report: Report, view: View) -> str:
    from pytest_mmedu.report.markdown import markdown

    return markdown(report, view.lang)


def _html(report: Report, view: View) -> str:
    from pytest_mmedu.report.pages.student_page import student_page

    return student_page(report, lang=view.lang)


WRITERS: Mapping[str, Writer] = {
    "json": _json,
    "junit": _junit,
    "gradescope": _gradescope,
    "github": _github,
    "classroom": _classroom,
    "markdown": _markdown,
    "html": _html,
}


WITH_EVIDENCE = {"json", "html"}  # kinds that show more than the card


def write_as(wanted: ReportFile, report: Report, view: View) -> None:
    """Write the report in one format, the whole file or none of it.

    Raises:
        OutputError: says why the file cannot be written. An older file stays as it was.
    """
    from pytest_mmedu.report.json_file import write_whole

    write_whole(wanted.path, WRITERS[wanted.kind](report, view))


def write_all(files: Iterable[ReportFile], report: Report, view: View) -> Iterator[Text]:
    """Write every file that can be written; yields a sentence for each that could not."""
    for wanted in files:
        try:
            write_as(wanted, report, view)
        except MMEduError as error:
            yield error.text
        except Exception as error:  # noqa: BLE001 - one format must cost neither the others nor the card
            kind, what = wanted.kind, printable(f"{type(error).__name__}: {error}")
            yield Text(f"{kind} 报告没有写成：{what}", f"The {kind} report was not written: {what}")
