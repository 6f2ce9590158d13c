"""pytest 的钩子 | What pytest calls: each handed on to the Grader of the session."""

from __future__ import annotations

import gc
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.grader import GRADER, KEY, MARKER, Grader
from pytest_mmedu.options import add_to_pytest

Wrapper = Generator[None, Any, Any]


def pytest_addoption(parser: pytest.Parser) -> None:
    add_to_pytest(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    config.add_cleanup(gc.unfreeze)  # what `close` froze: after pytest's own, as those added first are called last
    grader = config.stash[GRADER] = Grader(config)
    config.pluginmanager.register(Reports(grader), "mmedu_reports")


def pytest_unconfigure(config: pytest.Config) -> None:
    if GRADER in config.stash:
        config.stash[GRADER].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.config.stash[GRADER].prepare_worker(node.workerinput)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return config.stash[GRADER].ignores(collection_path) or None


@pytest.hookimpl(wrapper=True, trylast=True)  # innermost: before --last-failed takes tests away
def pytest_make_collect_report(collector: pytest.Collector) -> Wrapper:
    report = yield
    collector.config.stash[GRADER].collected(collector, report)
    return report


def pytest_collection_finish(session: pytest.Session) -> None:
    session.config.stash[GRADER].collection_finished()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Wrapper:
    __tracebackhide__ = True
    value = yield
    item.config.stash[GRADER].finish_checks(item)
    return value


@pytest.hookimpl(wrapper=True, tryfirst=True)  # outermost: after xfail and the like have had their say
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Wrapper:
    report = yield
    item.config.stash[GRADER].judged(item, call, report)
    return report


def pytest_report_teststatus(report: Any) -> tuple[str, str, str] | None:
    return STATUS.get((report.when, getattr(report, KEY, {}).get("outcome", "")))


# What pytest itself would call a failure or an error by the phase alone.
STATUS = {
    ("call", "undecidable"): ("undecidable", "?", "UNDECIDABLE"),
    ("call", "error"): ("error", "E", "ERROR"),
    ("setup", "failed"): ("failed", "F", "FAILED"),
}


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.stash[GRADER].finish(session)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    config.stash[GRADER].show(terminalreporter)


class Reports:
    """The two hooks that pytest gives a report and no config."""

    def __init__(self, grader: Grader) -> None:
        self.grader = grader

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.grader.collection_failed(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.grader.saw(report)
