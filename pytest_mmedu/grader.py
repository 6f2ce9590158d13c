"""评分 | What one pytest session knows: settings, declared points, what was seen. The config leads to it."""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mmedu.errors import MMEduError, OptionError
from pytest_mmedu.options import Options, read_options
from pytest_mmedu.text import Lang, Text, choose_lang

if TYPE_CHECKING:
    from pytest_mmedu.declaring import Declarations
    from pytest_mmedu.exercise.own_part import OwnPart
    from pytest_mmedu.handed_in import HandedIn
    from pytest_mmedu.report.build import Facts
    from pytest_mmedu.report.report import Report
    from pytest_mmedu.result import Result
    from pytest_mmedu.score import Declared, Seen
    from pytest_mmedu.submission.isolation.boxes import Boxes

GRADER = pytest.StashKey["Grader"]()
BOXES = pytest.StashKey["Boxes"]()
UNSEEN = pytest.StashKey[bool]()  # nobody reads what the session says: its report alone counts
RESULTS = pytest.StashKey[list["Result"]]()  # of a test item: what its checks said so far
_PHASES = ("setup", "call", "teardown")
KEY = "mmedu"  # of what is put on reports and handed to workers
MARKER = (
    "points(n, after=None): 这个测试值 n 分；after 是要先通过的测试函数 | worth n points; after: the test to pass first"
)


class Grader:
    """Lives as long as the session. Under xdist each worker has one, and the controller's makes the card."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        given = getattr(config, "workerinput", {}).get(KEY)
        self.is_worker = hasattr(config, "workerinput")
        self.options = Options.from_json(given["options"]) if given else _options(config)
        self.wants_evidence: bool = given["evidence"] if given else self.options.wants_evidence
        self.began = time.monotonic()
        self.seen: list[Seen] = []
        self.facts: dict[str, Facts] = {}
        self.uncollected: list[str] = []
        self.handed_in: dict[Path, HandedIn] = {}
        self.judgements: dict[str, dict[Result, None]] = {}
        self.own_parts: dict[Path, OwnPart] = {}
        self._declarations: Declarations | None = None
        self.exchange = Path(given["folder"]) if given else None
        self.report_missing = False
        self.remarks: list[Text] = []
        self.reports: list[Report] = []
        self._scratch: Path | None = None
        self._until_the_end = ExitStack()
        self._boxes: Boxes | None = None

    def begin_anew(self) -> None:
        """With the settings as they are now: those of one submission may come after its tests were collected."""
        self.options = _options(self.config)
        self.wants_evidence = self.options.wants_evidence
        self.began = time.monotonic()

    @property
    def lang(self) -> Lang:
        """The language of the card; a console without Chinese characters gets English."""
        from pytest_mmedu.report.terminal import console_lang

        lang = choose_lang(self.options.lang)
        return lang if self.is_worker else console_lang(lang, self.encoding)

    @property
    def encoding(self) -> str | None:
        reporter = self.config.pluginmanager.get_plugin("terminalreporter")
        stream = getattr(getattr(reporter, "_tw", None), "_file", None)
        return getattr(stream, "encoding", None) or "utf-8"

    @property
    def scratch(self) -> Path:
        """A folder for this session alone, removed at its end."""
        if self._scratch is None:
            from pytest_mmedu.temporary import temporary

            self._scratch = self._until_the_end.enter_context(temporary("session"))
        return self._scratch

    @property
    def boxes(self) -> Boxes:
        """Each level of isolation is tried once in a session. A session of a class is handed boxes that are warm."""
        if self._boxes is None:
            from pytest_mmedu.submission.isolation.boxes import Boxes

            self._boxes = self.config.stash.get(BOXES, None) or Boxes()
        return self._boxes

    # -- collecting --------------------------------------------------------------------------------------------------

    def collected(self, collector: pytest.Collector, report: pytest.CollectReport) -> None:
        """Nothing is imported for the tests of somebody who has no points in them."""
        looks_away = self.config.getoption("lf", False) and isinstance(collector, pytest.Module)
        if self._declarations or looks_away or any(_is_graded(node) for node in report.result or ()):
            self.declarations.take(collector, report)

    @property
    def declared(self) -> Mapping[str, Declared]:
        return self._declarations.by_nodeid if self._declarations else {}

    @property
    def declarations(self) -> Declarations:
        if self._declarations is None:
            from pytest_mmedu.declaring import Declarations

            self._declarations = Declarations()
        return self._declarations

    def collection_failed(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.uncollected.append(report.nodeid)

    def collection_finished(self) -> None:
        """A worker leaves what was declared in a file: it is there even if the worker dies in its first test."""
        if not self.declared:
            return
        self.declarations.complete()
        if self.exchange is not None:
            from pytest_mmedu.exchange import leave

            leave(self.exchange, self.config.workerinput["workerid"], self.declared.values())  # type: ignore[attr-defined]

    def ignores(self, path: Path) -> bool:
        """Nothing that was handed in takes part in the judging: no test file, no conftest.py."""
        if path.name == "submissions":
            return (path.parent / "exercise.toml").is_file()
        return path == self.options.submission and not (path / "exercise.toml").is_file()

    def prepare_worker(self, workerinput: dict[str, Any]) -> None:
        folder = self.scratch / "declared"
        folder.mkdir(exist_ok=True)
        options = {**self.options.to_json(), "lang": self.lang}
        workerinput[KEY] = {"options": options, "folder": str(folder), "evidence": self.wants_evidence}
        self.exchange = folder

    # -- running -----------------------------------------------------------------------------------------------------

    def finish_checks(self, item: pytest.Item) -> None:
        """At the end of a test: a check that said no makes it fail, without a traceback."""
        results: list[Result] = item.stash.get(RESULTS, [])
        if all(result.outcome == "passed" for result in results):
            return
        from pytest_mmedu.seeing import ChecksFailed

        raise ChecksFailed(self._words(item, results))

    def _words(self, item: pytest.Item, results: list[Result]) -> str:
        """The card tells it all for a graded test; without points there is no card."""
        from pytest_mmedu.report.layout import MARKS, can_show
        from pytest_mmedu.report.terminal import evidence

        wrong = [result for result in results if result.outcome != "passed"]
        if item.nodeid not in self.declared:
            return evidence(wrong, self.lang, can_show(MARKS, self.encoding))
        names = dict.fromkeys(result.title.in_lang(self.lang) for result in wrong)
        return "、".join(names) + "：见成绩单" if self.lang == "zh" else ", ".join(names) + ": see the card"

    def judged(self, item: pytest.Item, call: pytest.CallInfo[Any], report: pytest.TestReport) -> None:
        """What was seen goes on the report as plain data, which xdist carries to the controller."""
        declared = self.declared.get(item.nodeid)
        if declared or _asks_us(item):
            _say_it_in_words(call, report)
        kept: list[Result] = item.stash.get(RESULTS, [])
        results = tuple(kept)
        if not declared and not results:
            return
        if declared:
            self.judgements.setdefault(declared.exercise, {}).update(dict.fromkeys(results))
        from pytest_mmedu.seeing import see

        seen = see(call, report, results)
        if seen is None:
            return
        facts = self.facts.get(declared.exercise) if declared else None
        where = {"exercise": declared.exercise if declared else "", "facts": facts and facts.to_json()}
        setattr(report, KEY, {**seen.to_json(), **where})
        if isinstance(report.longrepr, str) or not (seen.finished or seen.outcome in ("failed", "undecidable")):
            return
        if seen.finished:
            report.longrepr = str(call.excinfo.value) if call.excinfo else report.longrepr
        elif declared and seen.message is not None:
            report.longrepr = seen.message.in_lang(self.lang)

    def saw(self, report: pytest.TestReport) -> None:
        """A phase of one of our tests; any other phase is xdist's word for a worker that died."""
        if self.is_worker or not (KEY in vars(report) or report.when not in _PHASES):
            return
        from pytest_mmedu.report.build import Facts
        from pytest_mmedu.score import Seen
        from pytest_mmedu.seeing import crashed

        data = getattr(report, KEY, None)
        if data is None:
            self.seen.append(crashed(report))
            return
        self.seen.append(Seen.from_json(report.nodeid, data))
        if data["facts"]:
            self.learn(data["exercise"], Facts.from_json(data["facts"]))

    def learn(self, exercise: str, facts: Facts) -> None:
        known = self.facts.get(exercise)
        self.facts[exercise] = known.and_(facts) if known else facts

    # -- ending ------------------------------------------------------------------------------------------------------

    def finish(self, session: pytest.Session) -> None:
        """Make the reports and write them; a report that could not be written must not end like a good run."""
        if self.is_worker:
            self._leave_evidence()
        if self.is_worker or not (self.declared or self.exchange or self.options.report):
            return
        from pytest_mmedu.summary import reports_of, write_reports

        if self._only_looks:
            return
        self.reports = reports_of(self)
        self.remarks = list(write_reports(self, self.reports))
        if self.report_missing:
            session.exitstatus = pytest.ExitCode.INTERNAL_ERROR
        elif session.exitstatus == pytest.ExitCode.OK and any(report.refused for report in self.reports):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED  # full points for what was not run are no good run

    def _leave_evidence(self) -> None:
        """A worker that dies leaves none: a page without curves, and every point is there."""
        if self.exchange is None or not self.wants_evidence:
            return
        from pytest_mmedu.exchange import leave_evidence
        from pytest_mmedu.summary import evidence_for

        with suppress(Exception):  # whatever a stranger's files do to the pictures, the points stay
            known = {exercise: evidence_for(self, exercise) for exercise in self.judgements}
            found = {exercise: one for exercise, one in known.items() if one is not None}
            leave_evidence(self.exchange, self.config.workerinput["workerid"], found)  # type: ignore[attr-defined]

    @property
    def _only_looks(self) -> bool:
        """No test was to be run: there is no card of zeros then."""
        looks = ("collectonly", "setuponly", "showfixtures", "show_fixtures_per_test")
        return any(self.config.getoption(name, False) for name in looks)

    def show(self, reporter: Any) -> None:
        if not (self.declared or self.reports or self.remarks):
            return  # a run that has nothing to do with this plugin does not pay for the imports
        from pytest_mmedu.report.layout import for_console
        from pytest_mmedu.summary import show_cards, show_declared

        if self._only_looks:
            show_declared(self, reporter)
        if not self.config.stash.get(UNSEEN, False):
            show_cards(self, self.reports, reporter)
        for remark in self.remarks:
            reporter.write_line(for_console(remark.in_lang(self.lang), self.encoding))

    def close(self) -> None:
        """pytest ends with collections of all garbage: what judging imported is none, and would be looked through."""
        self._until_the_end.close()
        if self.declared:
            gc.freeze()


def _is_graded(node: object) -> bool:
    return isinstance(node, pytest.Item) and node.get_closest_marker("points") is not None


def _asks_us(item: pytest.Item) -> bool:
    from pytest_mmedu import fixtures  # loaded with the plugin

    return any(hasattr(fixtures, name) for name in getattr(item, "fixturenames", ()))


def _say_it_in_words(call: pytest.CallInfo[Any], report: pytest.TestReport) -> None:
    """Our own errors say what was seen and what to do: a traceback through this kit would only hide it."""
    if call.excinfo is None or not isinstance(call.excinfo.value, MMEduError) or report.skipped:
        return
    test_file = report.location[0]
    own = [entry for entry in call.excinfo.traceback if Path(entry.path).name == Path(test_file).name]
    place = f"{test_file}:{own[-1].lineno + 1}: " if own else ""
    report.longrepr = f"{place}{call.excinfo.value}"


def _options(config: pytest.Config) -> Options:
    try:
        return read_options(config)
    except OptionError as error:
        raise pytest.UsageError(str(error)) from None
