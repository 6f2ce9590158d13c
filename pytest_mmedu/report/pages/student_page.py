"""学生的网页 | The page of one student: points, what was seen, what to do next, how the training went."""

from __future__ import annotations

from pytest_mmedu.report.pages.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, charts_of
from pytest_mmedu.report.pages.rendering import render
from pytest_mmedu.report.pages.student_view import STATES, dedented, evaluations, next_step, test_views, verdict
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.wording import GRADE_AGAIN, remarks
from pytest_mmedu.text import Lang, Text, printable

_LONGEST_COMMENT = 4000
_BOX = {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}


def student_page(report: Report, *, lang: Lang, student: str = "", comment: str = "") -> str:
    """The whole page as HTML. `student` is the name to show, `comment` what the teacher says in any words.

    `lang` is for readers whose browser speaks neither Chinese nor English.
    """
    views = test_views(report)
    who = student or report.submission.student or report.submission.name
    return render(
        "student.html.jinja",
        lang=lang,
        title=_title(report, who),
        styles=("student.css",),
        report=report,
        who=who,
        verdict=GRADE_AGAIN if report.has_errors else verdict(report),
        next_step=next_step(views),
        views=views,
        states=STATES,
        trainings=[(one, charts_of(one)) for one in (report.evidence.curves if report.evidence else ())],
        evaluations=evaluations(report),
        remarks=[*remarks(report), *report.notes],
        comment=[printable(line, _LONGEST_COMMENT) for line in comment[:_LONGEST_COMMENT].splitlines()],
        box=_BOX,
        dedented=dedented,
    )


def _title(report: Report, who: str) -> Text:
    title = report.exercise.title
    return Text(f"{who} · {title.zh}", f"{who} · {title.en}") if who else title
